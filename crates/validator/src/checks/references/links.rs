//! What discriminators and links name without `$ref`.

use std::collections::HashMap;

use letterhead_document::{Node, Parameter};

use super::targets;
use crate::checks::references::targets::start_of;
use crate::finding::{Findings, did_you_mean};
use crate::model::{Model, Operation};
use crate::rules::references;
use crate::shape::Kind;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    for object in model.all(Kind::Discriminator) {
        let mapping = object.node.get("mapping");
        for (_, target) in mapping.into_iter().flat_map(Node::members) {
            mapped(model, target, findings);
        }
    }
    let operations: HashMap<&str, &Operation<'_>> = model
        .operations
        .iter()
        .filter_map(|operation| Some((operation.node.get("operationId")?.as_str()?, operation)))
        .collect();
    for object in model.all(Kind::Link) {
        let span = object.key.map_or_else(|| start_of(object.node), |key| key.span);
        let by_id = object.node.get("operationId");
        let by_reference = object.node.get("operationRef");
        match (by_id, by_reference) {
            (None, None) => {
                let unknown = |name: &str| did_you_mean(name, ["operationId", "operationRef"]);
                if !object.node.members().any(|(key, _)| unknown(&key.text).is_some()) {
                    let message = "a link says which operation it leads to";
                    let help = "add `operationId` with the id of the operation";
                    findings.add(&references::LINK_TARGET, span, message, help);
                }
            }
            (Some(_), Some(reference)) => {
                let message = "a link has an `operationId` or an `operationRef`, not both";
                let help = "leave `operationRef` out";
                findings.add(&references::LINK_TARGET, reference.span, message, help);
            }
            (Some(id), None) => by_name(id, object.node, &operations, findings),
            (None, Some(reference)) => by_pointer(model, reference, findings),
        }
    }
}

/// A target of a discriminator: the name of a schema, or a reference to one.
fn mapped(model: &Model<'_>, target: &Node, findings: &mut Findings) {
    let Some(text) = target.as_str() else { return };
    // A file that isn't there has been reported.
    if model.is_incomplete && !text.starts_with('#') && text.contains('#') {
        return;
    }
    let is_reference = text.contains(['#', '/']);
    let name = text.strip_prefix("#/components/schemas/").unwrap_or(text);
    if is_reference && targets::is_good(model, text, Kind::Schema)
        || !is_reference && targets::named(model, "schemas").any(|known| known == name)
    {
        return;
    }
    let help = match targets::near(model, "schemas", name.rsplit('/').next().unwrap_or(name)) {
        Some(near) => format!("did you mean `#/components/schemas/{near}`?"),
        None => "write `#/components/schemas/...` with a schema of this document".to_owned(),
    };
    let message =
        format!("the discriminator leads to `{text}`, which is no schema of this document");
    findings.add(&references::DISCRIMINATOR_MAPPING, target.span, message, help);
}

fn by_name(
    id: &Node,
    link: &Node,
    operations: &HashMap<&str, &Operation<'_>>,
    findings: &mut Findings,
) {
    let Some(text) = id.as_str() else { return };
    let Some(operation) = operations.get(text) else {
        let mut known: Vec<&str> = operations.keys().copied().collect();
        known.sort_unstable();
        let help = match did_you_mean(text, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "write the `operationId` of an operation of this document".to_owned(),
        };
        let message = format!("there is no operation `{text}`");
        findings.add(&references::LINK_TARGET, id.span, message, help);
        return;
    };
    let parameters = operation.parameters();
    if parameters.is_empty() && operation.node.get("parameters").is_some() {
        return;
    }
    let known = |name: &str| {
        parameters.iter().any(|parameter| {
            let declared = parameter.name();
            let behind_place =
                name.strip_prefix(parameter.place()).and_then(|rest| rest.strip_prefix('.'));
            !declared.is_empty() && (declared == name || behind_place == Some(declared))
        })
    };
    let given = link.get("parameters").into_iter().flat_map(Node::members);
    for (key, _) in given.filter(|(key, _)| !known(&key.text)) {
        let names = parameters.iter().map(Parameter::name);
        let names = names.filter(|name| !name.is_empty());
        let help = match did_you_mean(&key.text, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "write the name of one of its parameters".to_owned(),
        };
        let message = format!("`{text}` has no parameter `{}`", key.text);
        findings.add(&references::LINK_PARAMETER, key.span, message, help);
    }
}

fn by_pointer(model: &Model<'_>, reference: &Node, findings: &mut Findings) {
    let Some(text) = reference.as_str() else {
        return;
    };
    // Another document's operations are its own business.
    if !text.starts_with('#') && text.contains(['/', '.', ':']) {
        return;
    }
    let target = model.target(text);
    let is_operation = |node: &Node| {
        let mut operations = model.operations.iter();
        operations.any(|operation| std::ptr::eq(operation.node, node))
    };
    if !target.is_some_and(is_operation) {
        let message = format!("`{text}` leads to no operation");
        let help = "write `operationId` with the id of an operation, or a pointer such as \
                    `#/paths/~1pets~1{id}/get`";
        findings.add(&references::LINK_TARGET, reference.span, message, help);
    }
}
