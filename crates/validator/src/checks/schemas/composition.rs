//! `allOf`, `anyOf`, `oneOf`.

use std::collections::HashMap;

use letterhead_diagnostics::Severity;
use letterhead_document::{Key, Kind as Value, Node};

use super::{a, first_key, is_nullable, type_of};
use crate::finding::Findings;
use crate::model::Model;
use crate::rules::schemas;
use crate::shape::Kind;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    for object in model.all(Kind::Schema) {
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
                if keyword != "allOf" {
                    types(model, object.node, key, members, findings);
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
        let finding = findings.add(&schemas::DUPLICATE_ALTERNATIVE, place(member), message, help);
        finding.and(place(first), "first here");
        // To demand the same twice is to demand it.
        if keyword == "allOf" {
            finding.severity = Severity::Warning;
        }
    }
}

/// A type that none of the alternatives has.
fn types(model: &Model<'_>, schema: &Node, key: &Key, members: &[Node], findings: &mut Findings) {
    let Some((own, at)) = type_of(schema).zip(schema.get("type")) else { return };
    let is_number = |declared: &str| matches!(declared, "integer" | "number");
    let is_other = |member: &Node| {
        let Some(member) = model.resolve(member) else { return false };
        let is_both = |declared| declared == own || is_number(declared) && is_number(own);
        type_of(member).is_some_and(|declared| !is_both(declared))
            && !(is_nullable(schema) && is_nullable(member))
    };
    if !members.is_empty() && members.iter().all(is_other) {
        let message = format!("no schema of `{}` takes {}", key.text, a(own));
        let help = "write the type of one of them, or leave `type` out";
        findings
            .add(&schemas::IMPOSSIBLE_CHOICE, key.span, message, help)
            .and(at.span, "the type that is demanded");
    }
}

/// Alternatives whose values another one takes, too, so that they never fit exactly one.
fn overlap<'d>(model: &Model<'d>, members: &'d [Node], findings: &mut Findings) {
    let is_free = |key: &str| {
        ["type", "title", "description", "example", "nullable"].contains(&key)
            || key.starts_with("x-")
    };
    // Those that take every value of their type. A format of numbers says how they are stored.
    let bare = |schema: &Node| {
        let is_number = type_of(schema) == Some("number");
        let is_free = |key: &str| is_free(key) || is_number && key == "format";
        schema.members().all(|(key, _)| is_free(&key.text))
    };
    let resolved: Vec<Option<(&str, &Node)>> = members
        .iter()
        .map(|member| model.resolve(member).and_then(|it| Some((type_of(it)?, it))))
        .collect();
    let place = |node: &Node| node.get("$ref").map_or_else(|| first_key(node), |to| to.span);
    for (narrow, of_narrow) in members.iter().zip(&resolved) {
        let Some((declared, schema)) = of_narrow else { continue };
        let wide = members.iter().zip(&resolved).find(|(wide, of_wide)| {
            of_wide.is_some_and(|(wider, it)| {
                // What stands there twice has a rule of its own.
                let is_wider = wider == *declared || wider == "number" && *declared == "integer";
                // Of two that take the same, the second one is too many.
                let is_before = bare(schema) && wider == *declared && narrow.span < wide.span;
                narrow.to_json() != wide.to_json() && is_wider && !is_before && bare(it)
            })
        });
        if let Some((wide, _)) = wide {
            let message = match (model.resolve(wide).and_then(type_of), *declared) {
                (Some("number"), "integer") => {
                    "an integer is a number, too, and so fits both: `oneOf` refuses it".to_owned()
                }
                _ => format!(
                    "every {declared} fits the other one, too, and so both: `oneOf` refuses it"
                ),
            };
            let help = "leave it out, or write `anyOf`";
            findings
                .add(&schemas::ONE_OF_OVERLAP, place(narrow), message, help)
                .and(place(wide), "this one takes it as well");
            return;
        }
    }
}
