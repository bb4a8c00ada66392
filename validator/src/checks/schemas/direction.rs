//! What is sent and what comes back: limits that suit one direction only.

use std::collections::HashSet;

use letterhead_document::{Key, Kind as Value, Node};

use super::rule;
use crate::diagnostic::{Findings, Severity};
use crate::model::Model;
use crate::rule::{Check, Rule, Sample};
use crate::shape::Kind;

pub(crate) static CHECK: Check = Check { rules: RULES, run };

fn run(model: &Model<'_>, findings: &mut Findings) {
    patches(model, findings);
    for object in model.all(Kind::Schema) {
        let schema = object.node;
        let flag = |name: &str| schema.entry(name).filter(|(_, value)| value.is_true());
        if let (Some((read, _)), Some((write, _))) = (flag("readOnly"), flag("writeOnly")) {
            let help = "leave one of them out";
            findings
                .add(
                    "read-only-write-only",
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
            findings.add("closed-response", key.span, message, help);
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
                let message = format!("`{name}` is read-only, and required of those who send it");
                let help = "take it out of `required`, or give requests a schema of their own";
                findings
                    .add("read-only-required", node.span, message, help)
                    .and(key.span, "read-only here");
            }
            (None, Some((key, _))) if is_received => {
                let message = format!("`{name}` is write-only, and required in what comes back");
                let help = "take it out of `required`, or give responses a schema of their own";
                findings
                    .add("write-only-required", node.span, message, help)
                    .and(key.span, "write-only here");
            }
            _ => {}
        }
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
        let content = body
            .and_then(|body| model.resolve(body))
            .and_then(|body| body.get("content"));
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
        let message = format!(
            "a default in a PATCH overwrites `{}` for who doesn't send it",
            name.text
        );
        let help = "leave `default` out: in a PATCH, what is absent stays as it is";
        findings.add("default-in-patch", key.span, message, help);
    }
    let required = schema.get("required").map_or(&[][..], Node::items);
    for (name, property) in schema.get("properties").into_iter().flat_map(Node::members) {
        // A default of what is always sent never applies, which is another rule's matter.
        if !required
            .iter()
            .any(|node| node.as_str() == Some(&name.text))
        {
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

static RULES: &[Rule] = &[
    rule(
        "read-only-write-only",
        Severity::Error,
        "A property is read-only or write-only, not both.",
        "OpenAPI forbids it: nobody could ever use the property.",
        Sample::Pet(
            "type: object\nproperties: {name: {type: string, readOnly: true, writeOnly: true}}",
        ),
        Sample::Pet("type: object\nproperties: {name: {type: string, readOnly: true}}"),
    ),
    rule(
        "closed-response",
        Severity::Warning,
        "A response may have properties that the document doesn't know.",
        "With `additionalProperties: false` the whole response is refused on the day that the server \
         adds a property.",
        Sample::Pet(
            "type: object\nproperties: {name: {type: string}}\nadditionalProperties: false",
        ),
        Sample::Pet("type: object\nproperties: {name: {type: string}}"),
    ),
    rule(
        "read-only-required",
        Severity::Warning,
        "What is sent requires nothing that is read-only.",
        "Generators ignore `readOnly`: callers would have to send what the server makes up.",
        Sample::PetPatch(
            "type: object\nrequired: [id]\nproperties: {id: {type: string, readOnly: true}}",
        ),
        Sample::PetPatch("type: object\nproperties: {id: {type: string, readOnly: true}}"),
    ),
    rule(
        "write-only-required",
        Severity::Warning,
        "What comes back requires nothing that is write-only.",
        "Generators ignore `writeOnly`: a response without the property, as all are, is refused.",
        Sample::Pet(
            "type: object\nrequired: [pin]\nproperties: {pin: {type: string, writeOnly: true}}",
        ),
        Sample::Pet("type: object\nproperties: {pin: {type: string, writeOnly: true}}"),
    ),
    rule(
        "default-in-patch",
        Severity::Error,
        "What a PATCH takes has no defaults.",
        "An absent member of a PATCH stays as it is; generated code sends the default instead, and \
         overwrites what is stored.",
        Sample::PetPatch("type: object\nproperties: {name: {type: string, default: Tom}}"),
        Sample::PetPatch("type: object\nproperties: {name: {type: string}}"),
    ),
];
