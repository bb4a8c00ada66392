//! What the generator panics over, refuses, turns into Rust that doesn't compile, or gets wrong in
//! silence: a rule for each, and a dry run for whatever else there is.

pub(crate) mod bodies;
pub(crate) mod compositions;
pub(crate) mod dry_run;
mod effort;
pub(crate) mod names;
pub(crate) mod parameters;
pub(crate) mod patches;
pub(crate) mod values;

use std::collections::HashSet;

use heck::ToPascalCase;
use letterhead_document::{Key, Node};

use crate::model::{Model, Operation, component};
use crate::shape::Kind;

/// The responses of an operation that become its method's value, resolved, each with its status.
fn successes<'d>(operation: &Operation<'d>) -> impl Iterator<Item = (&'d Key, &'d Node)> {
    let responses = operation.responses();
    let successes = responses.filter(|response| is_success(&response.status.text));
    successes.map(|response| (response.status, response.node))
}

fn is_success(status: &str) -> bool {
    status.len() == 3 && status.starts_with('2')
}

/// For each of the model's objects, whether the generator looks at it.
///
/// The layer decodes failures itself, so what describes them isn't generated unless it is a component
/// schema; callbacks and response headers aren't generated at all.
fn generated(model: &Model<'_>) -> Vec<bool> {
    let mut shared: HashSet<(&str, &str)> = HashSet::new();
    for operation in &model.operations {
        let responses = operation.node.get("responses").into_iter();
        for (status, node) in responses.flat_map(Node::members) {
            let reference = node.get("$ref").and_then(Node::as_str);
            if is_success(&status.text) {
                shared.extend(reference.and_then(component));
            }
        }
        for parameter in operation.parameters() {
            if !is_supplied(parameter.node) {
                shared.extend(parameter.written.reference().and_then(component));
            }
        }
        let body = operation.node.get("requestBody");
        let reference = body.and_then(|body| body.get("$ref")?.as_str());
        shared.extend(reference.and_then(component));
    }
    let mut live: Vec<bool> = Vec::with_capacity(model.objects.len());
    for object in &model.objects {
        let around = object.parent.map(|parent| (live[parent.get()], &model.objects[parent.get()]));
        let is_live = match (object.kind, around) {
            (Kind::Callback | Kind::Header | Kind::Link | Kind::Example, _) => false,
            (_, None) => true,
            (Kind::Schema, Some((_, parent))) if parent.kind == Kind::Components => true,
            (_, Some((_, parent))) if parent.kind == Kind::Components => {
                model.component(object).is_some_and(|of| shared.contains(&of))
            }
            (Kind::Parameter, Some((around, _))) => around && !is_supplied(object.node),
            (Kind::Response, Some((around, _))) => {
                around && object.key.is_some_and(|key| is_success(&key.text))
            }
            (_, Some((around, _))) => around,
        };
        live.push(is_live);
    }
    live
}

/// Whether the layer sets a parameter, so that it is no argument.
fn is_supplied(parameter: &Node) -> bool {
    parameter.get("x-supplied-by").and_then(Node::as_str) == Some("layer")
}

fn text_of<'d>(node: &'d Node, key: &str) -> Option<&'d str> {
    node.get(key).and_then(Node::as_str)
}

/// The name that a schema, an operation or an enum's value gets in Rust.
fn pascal(name: &str) -> String {
    letterhead_codegen::rust_name(name).to_pascal_case()
}
