//! Requests and responses: limits that fit one direction only.

use std::collections::HashSet;

use letterhead_document::{Key, Kind as Value, Node};

use crate::finding::Findings;
use crate::model::Model;
use crate::rules::schemas;
use crate::shape::Kind;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    patches(model, findings);
    for object in model.all(Kind::Schema) {
        let schema = object.node;
        let flag = |name: &str| schema.entry(name).filter(|(_, value)| value.is_true());
        if let (Some((read, _)), Some((write, _))) = (flag("readOnly"), flag("writeOnly")) {
            let help = "leave one of them out";
            findings
                .add(
                    &schemas::READ_ONLY_WRITE_ONLY,
                    write.span,
                    "this can be neither sent nor read",
                    help,
                )
                .and(read.span, "`readOnly` is here");
        }
        if let Some((key, more)) = schema.entry("additionalProperties")
            && matches!(more.kind, Value::Bool(false))
            && model.may_be_received(object)
        {
            let message = "a response with a property that isn't listed here would be refused";
            let help = "leave `additionalProperties` out: servers add properties";
            findings.add(&schemas::CLOSED_RESPONSE, key.span, message, help);
        }
        let is_sent = model.may_be_sent(object);
        let is_received = model.may_be_received(object);
        if is_sent || is_received {
            one_way(model, schema, is_sent, is_received, findings);
        }
    }
}

/// Properties that the other side can't give, and that are demanded of it.
fn one_way(
    model: &Model<'_>,
    schema: &Node,
    is_sent: bool,
    is_received: bool,
    findings: &mut Findings,
) {
    let required = schema.get("required").map_or(&[][..], Node::items);
    if required.is_empty() {
        return;
    }
    let Some(properties) = schema.get("properties") else {
        return;
    };
    for node in required {
        let Some(name) = node.as_str() else { continue };
        let Some(property) = properties.get(name).and_then(|node| model.resolve(node)) else {
            continue;
        };
        let flag = |name: &str| property.entry(name).filter(|(_, value)| value.is_true());
        match (flag("readOnly"), flag("writeOnly")) {
            (Some((key, _)), None) if is_sent => {
                let message = required_of(name, "read-only", ("response", is_received));
                let help = "take it out of `required`, or give requests a schema of their own";
                findings
                    .add(&schemas::READ_ONLY_REQUIRED, node.span, message, help)
                    .and(key.span, "read-only here");
            }
            (None, Some((key, _))) if is_received => {
                let message = required_of(name, "write-only", ("request", is_sent));
                let help = "take it out of `required`, or give responses a schema of their own";
                findings
                    .add(&schemas::WRITE_ONLY_REQUIRED, node.span, message, help)
                    .and(key.span, "write-only here");
            }
            _ => {}
        }
    }
}

/// What `required` says of a property that has one direction only.
fn required_of(name: &str, flag: &str, (other, is_there): (&str, bool)) -> String {
    if is_there {
        format!("`{name}` is {flag}, and so required of a {other} only, which many tools overlook")
    } else {
        format!("`{name}` is {flag}, and so required of nobody: no {other} has this")
    }
}

/// Defaults in what a `PATCH` takes.
fn patches(model: &Model<'_>, findings: &mut Findings) {
    let mut seen = HashSet::new();
    for operation in &model.operations {
        if operation.method.text != "patch" {
            continue;
        }
        let body = operation.node.get("requestBody");
        let content =
            body.and_then(|body| model.resolve(body)).and_then(|body| body.get("content"));
        for (_, media) in content.into_iter().flat_map(Node::members) {
            if let Some(schema) = media.get("schema") {
                patch(model, schema, None, &mut seen, findings);
            }
        }
    }
}

fn patch<'d>(
    model: &Model<'d>,
    schema: &'d Node,
    name: Option<&Key>,
    seen: &mut HashSet<*const Node>,
    findings: &mut Findings,
) {
    let Some(schema) = model.resolve(schema) else {
        return;
    };
    if !seen.insert(std::ptr::from_ref(schema)) {
        return;
    }
    if let (Some((key, _)), Some(name)) = (schema.entry("default"), name) {
        let message =
            format!("a default in a PATCH overwrites `{}` for who doesn't send it", name.text);
        let help = "leave `default` out: in a PATCH, what is absent stays as it is";
        findings.add(&schemas::DEFAULT_IN_PATCH, key.span, message, help);
    }
    let required = schema.get("required").map_or(&[][..], Node::items);
    for (name, property) in schema.get("properties").into_iter().flat_map(Node::members) {
        // A default of what is always sent never applies, which is another rule's matter.
        if !required.iter().any(|node| node.as_str() == Some(&name.text)) {
            patch(model, property, Some(name), seen, findings);
        }
    }
    // Items and additional members are replaced as a whole: their defaults overwrite nothing.
    for list in ["allOf", "anyOf", "oneOf"] {
        for member in schema.get(list).into_iter().flat_map(Node::items) {
            patch(model, member, name, seen, findings);
        }
    }
}
