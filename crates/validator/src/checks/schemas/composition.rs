//! `allOf`, `anyOf`, `oneOf`.

use std::collections::HashMap;

use letterhead_document::{Kind as Value, Node, Span};

use super::type_of;
use crate::finding::Findings;
use crate::model::Model;
use crate::rules::schemas;
use crate::shape::Kind;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    for object in model.all(Kind::Schema) {
        if let Some(members) = object.node.get("allOf") {
            contradictions(model, object.node, members, findings);
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            if let Some((key, list)) = object.node.entry(keyword)
                && let Value::Array(members) = &list.kind
            {
                if members.is_empty() {
                    let message = format!("`{keyword}` has no members");
                    let help = "list the schemas, or leave it out";
                    findings.add(&schemas::EMPTY_COMPOSITION, key.span, message, help);
                }
                // The rules of the generator are stricter about `anyOf`.
                if keyword != "anyOf" {
                    duplicates(keyword, members, findings);
                }
            }
        }
    }
}

fn duplicates(keyword: &str, members: &[Node], findings: &mut Findings) {
    let mut seen: HashMap<String, &Node> = HashMap::new();
    for member in members {
        let text = member.to_json().to_string();
        let Some(first) = seen.get(&text) else {
            seen.insert(text, member);
            continue;
        };
        let place = |node: &Node| node.get("$ref").map_or_else(|| first_key(node), |to| to.span);
        let what = match member.get("$ref").and_then(Node::as_str) {
            Some(reference) => format!("`{}`", reference.rsplit('/').next().unwrap_or(reference)),
            None => "this schema".to_owned(),
        };
        let message = format!("{what} stands in `{keyword}` twice");
        let help = match keyword {
            "oneOf" => "leave one of them out: a value that fits fits both, and so not exactly one",
            _ => "leave one of them out",
        };
        findings
            .add(&schemas::DUPLICATE_ALTERNATIVE, place(member), message, help)
            .and(place(first), "first here");
    }
}

/// Types in the parts of a sum that no value has at once: the parts' own, or those of one property.
fn contradictions<'d>(
    model: &Model<'d>,
    whole: &'d Node,
    members: &'d Node,
    findings: &mut Findings,
) {
    // Under the name of a property, or none for the parts themselves, the first type and its place.
    let mut seen: HashMap<Option<&str>, (&str, Span)> = HashMap::new();
    for written in std::iter::once(whole).chain(members.items()) {
        let Some(part) = model.resolve(written) else {
            continue;
        };
        let properties = part.get("properties").into_iter().flat_map(Node::members);
        let properties = properties.map(|(name, schema)| (Some(name.text.as_str()), schema));
        for (name, schema) in std::iter::once((None, part)).chain(properties) {
            let Some(declared) = model.resolve(schema).and_then(type_of) else {
                continue;
            };
            // Another rule reports members of a schema that is no object.
            let is_stray = declared != "object"
                && ["properties", "required", "additionalProperties"]
                    .iter()
                    .any(|key| schema.get(key).is_some());
            if is_stray {
                continue;
            }
            // Where a part is a reference, that is what a reader has before him.
            let place = match (written.get("$ref"), schema.get("type")) {
                (Some(reference), _) => reference.span,
                (None, Some(declared)) => declared.span,
                (None, None) => first_key(schema),
            };
            match seen.get(&name) {
                None => drop(seen.insert(name, (declared, place))),
                Some((first, _)) if is_compatible(first, declared) => {}
                Some((first, at)) => {
                    let what = name.map_or_else(String::new, |name| format!(" as `{name}`"));
                    let message =
                        format!("no value is {declared}{what} and {first} at the same time");
                    let help = "give both parts the same type, or write `oneOf` for a choice";
                    let also = format!("{first} here");
                    findings.add(&schemas::IMPOSSIBLE_ALL_OF, place, message, help).and(*at, also);
                    return;
                }
            }
        }
    }
}

/// Every integer is a number.
fn is_compatible(one: &str, other: &str) -> bool {
    one == other || matches!((one, other), ("integer", "number") | ("number", "integer"))
}

/// The first key of a mapping, which stands for it where it has no name.
fn first_key(node: &Node) -> Span {
    node.members().next().map_or(node.span, |(key, _)| key.span)
}
