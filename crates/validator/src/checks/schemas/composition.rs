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
                if keyword == "oneOf" {
                    overlap(model, members, findings);
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

/// Whole numbers that fit two alternatives of `oneOf`, and so not exactly one.
fn overlap<'d>(model: &Model<'d>, members: &'d [Node], findings: &mut Findings) {
    let bare = |kind: &str| {
        members.iter().find(|member| {
            let schema = model.resolve(member);
            schema.is_some_and(|schema| {
                type_of(schema) == Some(kind)
                    && schema.members().all(|(key, _)| {
                        let is_free =
                            ["type", "format", "title", "description", "example", "nullable"];
                        is_free.contains(&key.text.as_str()) || key.text.starts_with("x-")
                    })
            })
        })
    };
    if let (Some(integer), Some(other)) = (bare("integer"), bare("number")) {
        let place = |node: &Node| node.get("$ref").map_or_else(|| first_key(node), |to| to.span);
        let message = "an integer is a number, too, and so fits both: `oneOf` refuses it";
        let help = "leave the integer out, or write `anyOf`";
        findings
            .add(&schemas::ONE_OF_OVERLAP, place(integer), message, help)
            .and(place(other), "the number");
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
    let mut listed: HashMap<Option<&str>, (Vec<String>, Span)> = HashMap::new();
    for written in std::iter::once(whole).chain(members.items()) {
        let Some(part) = model.resolve(written) else {
            continue;
        };
        let properties = part.get("properties").into_iter().flat_map(Node::members);
        let properties = properties.map(|(name, schema)| (Some(name.text.as_str()), schema));
        for (name, schema) in std::iter::once((None, part)).chain(properties) {
            if let Some(values) = model.resolve(schema).and_then(|schema| schema.get("enum"))
                && no_common_value(written, name, values, &mut listed, findings)
            {
                return;
            }
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

/// Whether a list of values has none in common with those before it, which is then reported.
fn no_common_value<'d>(
    written: &Node,
    name: Option<&'d str>,
    values: &Node,
    listed: &mut HashMap<Option<&'d str>, (Vec<String>, Span)>,
    findings: &mut Findings,
) -> bool {
    let values_of = |list: &Node| list.items().iter().map(|it| it.to_json().to_string()).collect();
    let own: Vec<String> = values_of(values);
    let place = written.get("$ref").map_or(values.span, |target| target.span);
    let Some((common, first)) = listed.get_mut(&name) else {
        listed.insert(name, (own, place));
        return false;
    };
    common.retain(|value| own.contains(value));
    if !common.is_empty() || own.is_empty() {
        return false;
    }
    let what = name.map_or_else(String::new, |name| format!(" for `{name}`"));
    let message = format!("no value{what} is in both lists of the parts of `allOf`");
    let help = "list a value that all parts have, or write `oneOf` for a choice";
    findings.add(&schemas::IMPOSSIBLE_ALL_OF, place, message, help).and(*first, "the first list");
    true
}

/// Every integer is a number.
fn is_compatible(one: &str, other: &str) -> bool {
    one == other || matches!((one, other), ("integer", "number") | ("number", "integer"))
}

/// The first key of a mapping, which stands for it where it has no name.
fn first_key(node: &Node) -> Span {
    node.members().next().map_or(node.span, |(key, _)| key.span)
}
