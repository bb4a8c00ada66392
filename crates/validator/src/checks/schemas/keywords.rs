//! Keywords beside a type that they have no effect on.

use letterhead_document::Key;

use super::{a, listed, type_of};
use crate::finding::Findings;
use crate::model::Model;
use crate::rules::schemas;
use crate::shape::Kind;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    for object in model.all(Kind::Schema) {
        let schema = object.node;
        let Some(declared) = type_of(schema) else {
            continue;
        };
        let stray: Vec<&Key> = schema
            .members()
            .map(|(key, _)| key)
            .filter(|key| for_type(&key.text).is_some_and(|owner| !is_for(owner, declared)))
            .collect();
        let find = |of: fn(&str) -> bool| stray.iter().copied().find(|key| of(&key.text));
        // One wrong type makes all of its keywords stray: only the weightiest is reported.
        if let Some(key) =
            find(|key| matches!(key, "properties" | "additionalProperties" | "required"))
        {
            let message =
                format!("`{}` stands in {}, and only an object has it", key.text, a(declared));
            let help = match (declared, key.text.as_str()) {
                ("array", _) => "move it into `items`, or write `type: object`".to_owned(),
                _ => format!("write `type: object`, or leave `{}` out", key.text),
            };
            findings.add(&schemas::PROPERTIES_OUTSIDE_OBJECT, key.span, message, help);
        } else if let Some(key) = find(|key| key == "items") {
            let message = format!("`items` stands in {}, and only an array has it", a(declared));
            let help = "write `type: array`, or leave `items` out";
            findings.add(&schemas::ITEMS_OUTSIDE_ARRAY, key.span, message, help);
        } else if let Some(key) = stray.first() {
            without_effect(key, &stray, declared, findings);
        }
        if declared == "array" && schema.get("items").is_none() {
            let span = schema.get("type").map_or(schema.span, |node| node.span);
            let help = "add `items` with the schema of an item; `items: {}` allows any";
            findings.add(
                &schemas::ARRAY_WITHOUT_ITEMS,
                span,
                "an array has to say what its items are",
                help,
            );
        }
    }
}

fn without_effect(key: &Key, stray: &[&Key], declared: &str, findings: &mut Findings) {
    let names: Vec<&str> = stray.iter().map(|key| key.text.as_str()).collect();
    let says = if names.len() == 1 { "says" } else { "say" };
    let message = format!("{} {says} nothing about {}", listed(&names), a(declared));
    let owner = for_type(&key.text).unwrap_or_default();
    let instead = counterpart(&key.text, declared).map_or_else(
        || format!("leave it out, or write `type: {owner}`"),
        |other| format!("for {} write `{other}`", a(declared)),
    );
    findings.add(&schemas::KEYWORD_WITHOUT_EFFECT, key.span, message, instead);
}

/// The type that a keyword is for; none where it is for all.
fn for_type(keyword: &str) -> Option<&'static str> {
    Some(match keyword {
        "multipleOf" | "maximum" | "exclusiveMaximum" | "minimum" | "exclusiveMinimum" => "number",
        "maxLength" | "minLength" | "pattern" => "string",
        "items" | "maxItems" | "minItems" | "uniqueItems" => "array",
        "properties" | "required" | "additionalProperties" | "maxProperties" | "minProperties" => {
            "object"
        }
        _ => return None,
    })
}

fn is_for(owner: &str, declared: &str) -> bool {
    owner == declared || owner == "number" && declared == "integer"
}

/// The keyword of another type that limits the same thing.
fn counterpart(keyword: &str, declared: &str) -> Option<&'static str> {
    let limits: [(&str, &'static str, &'static str); 4] = [
        ("number", "minimum", "maximum"),
        ("string", "minLength", "maxLength"),
        ("array", "minItems", "maxItems"),
        ("object", "minProperties", "maxProperties"),
    ];
    let (_, low, high) = limits.into_iter().find(|limit| is_for(limit.0, declared))?;
    if limits.iter().any(|limit| limit.1 == keyword) {
        Some(low)
    } else if limits.iter().any(|limit| limit.2 == keyword) {
        Some(high)
    } else {
        None
    }
}
