//! Names of types and operations that collide in Rust.

use std::collections::HashMap;

use letterhead_codegen::rust_name;
use letterhead_document::{Key, Node, Span};

use super::{pascal, successes, text_of};
use crate::finding::Findings;
use crate::model::Model;
use crate::rules::generator;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    let components = model.document.root().get("components");
    let schemas = components.and_then(|components| components.get("schemas"));
    let mut types: HashMap<String, &Key> = HashMap::new();
    for (key, schema) in schemas.into_iter().flat_map(Node::members) {
        component(key, schema, &mut types, findings);
    }
    let mut named = Inline { types: &types, findings };
    for (key, schema) in schemas.into_iter().flat_map(Node::members) {
        named.inside(&pascal(&key.text), schema);
    }
    for operation in &model.operations {
        let Some(id) = operation.node.get("operationId") else {
            continue;
        };
        let name = pascal(id.as_str().unwrap_or_default());
        let is_type = BARE_TYPES.contains(&name.as_str());
        if let Some(text) =
            id.as_str().filter(|text| is_type || OWN.contains(&rust_name(text).as_str()))
        {
            let message = if is_type {
                format!("the builder of `{text}` would hide Rust's `{name}` in the generated code")
            } else {
                format!("`{text}` is a method that every client has")
            };
            let help = "write the verb and the thing, such as `getPet`";
            named.findings.add(&generator::RESERVED_OPERATION_ID, id.span, message, help);
            continue;
        }
        for (_, response) in successes(operation) {
            named.content(&format!("{name}Response"), response);
        }
        if let Some(body) = operation.request_body() {
            named.content(&format!("{name}Body"), body.node);
        }
        for parameter in operation.parameters() {
            if let Some(schema) = parameter.node.get("schema") {
                let argument = pascal(parameter.name());
                named.at(&pascal(&format!("{name}{argument}")), schema);
            }
        }
    }
}

/// Methods of the hand-written part of every client.
const OWN: [&str; 2] = ["builder", "clone"];

/// Types that the generated builders call by their bare names.
const BARE_TYPES: [&str; 5] = ["Default", "From", "Option", "Result", "String"];

/// Types that the generated types call by their bare names.
const RUST_TYPES: [&str; 2] = ["Default", "String"];

/// Variants that the generated types that wrap another one call by their bare names.
const RUST_VARIANTS: [&str; 4] = ["Err", "None", "Ok", "Some"];

fn component<'d>(
    key: &'d Key,
    schema: &Node,
    types: &mut HashMap<String, &'d Key>,
    findings: &mut Findings,
) {
    let name = &key.text;
    let rust = pascal(name);
    let is_object = text_of(schema, "type") == Some("object") || schema.get("properties").is_some();
    if RUST_TYPES.contains(&rust.as_str()) || RUST_VARIANTS.contains(&rust.as_str()) && !is_object {
        let message = format!("`{name}` would hide Rust's `{rust}` in the generated types");
        let help = format!("give it another name, such as `{name}Value`");
        findings.add(&generator::RESERVED_TYPE_NAME, key.span, message, help);
        return;
    }
    if let Some(first) = types.get(&rust) {
        let message = format!("`{}` and `{name}` are both `{rust}` in Rust", first.text);
        findings
            .add(
                &generator::TYPE_NAME_COLLISION,
                key.span,
                message,
                "give one of them another name",
            )
            .and(first.span, "the first one");
        return;
    }
    types.insert(rust, key);
}

/// Looks for schemas written in place whose types get the name of a component.
struct Inline<'a, 'd> {
    types: &'a HashMap<String, &'d Key>,
    findings: &'a mut Findings,
}

impl Inline<'_, '_> {
    fn content(&mut self, name: &str, of: &Node) {
        let media = of.get("content").and_then(|content| content.get("application/json"));
        if let Some(schema) = media.and_then(|media| media.get("schema")) {
            self.at(name, schema);
        }
    }

    fn at(&mut self, name: &str, schema: &Node) {
        if schema.get("$ref").is_some() {
            return;
        }
        if becomes_type(schema)
            && let Some(component) = self.types.get(name)
            && !self.is_reported(schema.span)
        {
            let message = format!(
                "this schema gets the name `{name}` in Rust, which `{}` has already",
                component.text
            );
            let help = "give the component another name, or refer to it here if it is meant";
            self.findings
                .add(&generator::INLINE_TYPE_COLLISION, component.span, message, help)
                .and(schema.span, "the schema written in place");
        }
        self.inside(name, schema);
    }

    /// One schema is reached by several operations where it stands in a shared response.
    fn is_reported(&self, span: Span) -> bool {
        let mut list = self.findings.list.iter();
        list.any(|finding| {
            finding.rule == &generator::INLINE_TYPE_COLLISION
                && finding.also.as_ref().is_some_and(|(also, _)| *also == span)
        })
    }

    fn inside(&mut self, name: &str, schema: &Node) {
        for (key, member) in schema.get("properties").into_iter().flat_map(Node::members) {
            // Most members are no types and hold none, and making up the names would cost more than all
            // the rest.
            let holds = ["additionalProperties", "items"].map(|key| member.get(key).is_some());
            if becomes_type(member) || holds.contains(&true) {
                self.at(&pascal(&format!("{name}-{}", key.text)), member);
            }
        }
        if let Some(items) = schema.get("items") {
            self.at(&format!("{name}Item"), items);
        }
        if let Some(rest) = schema.get("additionalProperties") {
            self.at(&format!("{name}Value"), rest);
        }
    }
}

fn becomes_type(schema: &Node) -> bool {
    let has_members =
        schema.get("properties").is_some_and(|members| members.members().next().is_some());
    has_members
        || schema.get("enum").is_some() && matches!(text_of(schema, "type"), None | Some("string"))
        || schema.get("oneOf").is_some_and(|parts| parts.items().len() > 1)
}
