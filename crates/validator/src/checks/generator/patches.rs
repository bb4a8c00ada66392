//! PATCH bodies, whose members can be left alone, cleared or set.

use std::collections::{HashMap, HashSet};

use letterhead_document::{Node, Span};

use super::{successes, text_of};
use crate::finding::Findings;
use crate::model::{Model, component};
use crate::rules::generator;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    if model.operations.iter().any(|operation| operation.method.text == "patch") {
        check(model, findings);
    }
}

fn check(model: &Model<'_>, findings: &mut Findings) {
    let mut bodies: Vec<&Node> = Vec::new();
    let mut others: Vec<&Node> = Vec::new();
    let mut seen: HashSet<Span> = HashSet::new();
    for operation in &model.operations {
        let content = operation.request_body();
        let content = content.and_then(|body| body.node.get("content"));
        for (_, media) in content.into_iter().flat_map(Node::members) {
            let list = if operation.method.text == "patch" { &mut bodies } else { &mut others };
            if seen.insert(media.span) {
                list.push(media);
            }
        }
        for (_, response) in successes(operation) {
            let content = response.get("content").into_iter();
            let media = content.flat_map(Node::members).map(|(_, media)| media);
            others.extend(media.filter(|media| seen.insert(media.span)));
        }
    }
    let used = used(model, &others);
    let mut reported: HashSet<&str> = HashSet::new();
    for media in bodies {
        let Some((key, schema)) = media.entry("schema") else {
            continue;
        };
        let Some(reference) = schema.get("$ref") else {
            let message = "the body of a PATCH is written in place";
            let help = "give it a schema of its own in `components`, and refer to it";
            findings.add(&generator::PATCH_BODY_IN_PLACE, key.span, message, help);
            continue;
        };
        let Some(("schemas", name)) = reference.as_str().and_then(component) else {
            continue;
        };
        let Some(target) = reference.as_str().and_then(|text| model.target(text)) else {
            continue;
        };
        if !reported.insert(name) {
            continue;
        }
        if let Some(elsewhere) = used.get(name) {
            let message = format!(
                "`{name}` is the body of a PATCH and used elsewhere, where a member can't be left alone"
            );
            let help = format!("give the PATCH a schema of its own, such as `{name}Patch`");
            findings
                .add(&generator::PATCH_BODY_SHARED, reference.span, message, help)
                .and(*elsewhere, "used here");
        } else if text_of(target, "type") != Some("object") || is_composed(target) {
            let message = format!(
                "`{name}`, the body of a PATCH, isn't an object with its members written out"
            );
            let help = format!("write `type: object` and the `properties` into `{name}` itself");
            findings.add(&generator::PATCH_BODY_NOT_OBJECT, reference.span, message, help);
        } else {
            members(target, findings);
            endless(model, name, target, findings);
        }
    }
}

fn is_composed(schema: &Node) -> bool {
    ["allOf", "anyOf", "oneOf", "not"].iter().any(|key| schema.get(key).is_some())
}

fn members(schema: &Node, findings: &mut Findings) {
    let required = schema.get("required").map_or(&[][..], Node::items);
    let required: HashSet<&str> = required.iter().filter_map(Node::as_str).collect();
    for (key, member) in schema.get("properties").into_iter().flat_map(Node::members) {
        if !required.contains(key.text.as_str()) && needs_a_name(member) {
            let message = format!(
                "`{}` can be left alone, and its type is written in place, where it has no name",
                key.text
            );
            let help = "give the object, enum or choice a schema of its own in `components`";
            findings.add(&generator::PATCH_MEMBER_IN_PLACE, key.span, message, help);
        }
    }
}

/// A member that can be cleared holds its value in place, which has no end where it is the whole again.
fn endless<'d>(model: &Model<'d>, name: &str, schema: &'d Node, findings: &mut Findings) {
    for (key, member) in schema.get("properties").into_iter().flat_map(Node::members) {
        let mut open = vec![member];
        let mut seen: HashSet<Span> = HashSet::new();
        while let Some(node) = open.pop() {
            let target = node.get("$ref").and_then(Node::as_str).and_then(component);
            if target == Some(("schemas", name)) {
                let message =
                    format!("`{}` of a `{name}` is a `{name}` again, without end", key.text);
                let help = "give the member a schema of its own, without the members of a PATCH";
                findings.add(&generator::PATCH_MEMBER_IN_PLACE, key.span, message, help);
                break;
            }
            let resolved = model.resolve(node).filter(|node| seen.insert(node.span));
            let Some(node) = resolved else { continue };
            let parts = ["allOf", "oneOf", "anyOf"];
            open.extend(parts.iter().filter_map(|part| node.get(part)).flat_map(Node::items));
            let members = node.get("properties").into_iter().flat_map(Node::members);
            open.extend(members.map(|(_, member)| member));
        }
    }
}

/// Whether a Rust type has to be made for it.
fn needs_a_name(schema: &Node) -> bool {
    if schema.get("$ref").is_some() {
        return false;
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        let parts = schema.list(key).iter().filter(|part| !part.takes_only_null());
        match parts.collect::<Vec<_>>().as_slice() {
            [only] => return needs_a_name(only),
            [_, ..] => return true,
            [] => {}
        }
    }
    let has_members =
        schema.get("properties").is_some_and(|members| members.members().next().is_some());
    match text_of(schema, "type") {
        Some("string") | None if schema.get("enum").is_some() => true,
        Some("array") => schema.get("items").is_some_and(needs_a_name),
        _ => has_members || schema.get("additionalProperties").is_some_and(needs_a_name),
    }
}

/// The component schemas that `media` lead to, each with the reference that leads there first.
fn used<'d>(model: &Model<'d>, media: &[&'d Node]) -> HashMap<&'d str, Span> {
    let mut found = HashMap::new();
    let mut open: Vec<&Node> = media.iter().filter_map(|media| media.get("schema")).collect();
    while let Some(node) = open.pop() {
        if let Some(reference) = node.get("$ref")
            && let Some(text) = reference.as_str()
            && let Some(("schemas", name)) = component(text)
            && !found.contains_key(name)
        {
            found.insert(name, reference.span);
            open.extend(model.target(text));
        }
        let examples = |key: &str| matches!(key, "example" | "default" | "enum");
        open.extend(node.members().filter(|(key, _)| !examples(&key.text)).map(|(_, value)| value));
        open.extend(node.items());
    }
    found
}
