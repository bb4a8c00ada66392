//! `enum` and `nullable`.

use std::collections::HashMap;

use letterhead_document::{Document, Key, Kind as Value, Node};

use super::{a, is_nullable, is_of_type, type_of};
use crate::checks::operations::misspells;
use crate::finding::Findings;
use crate::model::Model;
use crate::rules::schemas;
use crate::shape::Kind;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    for object in model.all(Kind::Schema) {
        enumeration(model.document, object.node, findings);
        nullable(object.node, findings);
    }
}

fn enumeration(document: &Document, schema: &Node, findings: &mut Findings) {
    let Some((key, list)) = schema.entry("enum") else {
        return;
    };
    let Value::Array(values) = &list.kind else {
        return;
    };
    if values.is_empty() {
        let help = "write the values, or leave `enum` out";
        findings.add(&schemas::EMPTY_ENUM, key.span, "`enum` allows no value at all", help);
    }
    let declared = type_of(schema);
    if let (Some(of), Some(declared)) = (schema.get("type"), declared)
        && let Some(meant) = other_type(values, declared)
    {
        let message = format!("no value of `enum` is {}", a(declared));
        let help = match schema.get("items") {
            Some(_) if declared == "array" => "move `enum` into `items`".to_owned(),
            _ => format!("write `type: {meant}`, or other values"),
        };
        findings.add(&schemas::ENUM_VALUE_TYPE, of.span, message, help).and(key.span, "the values");
        return;
    }
    let is_nullable = is_nullable(schema);
    let mut seen: HashMap<String, &Node> = HashMap::new();
    for value in values {
        let canonical = canonical(value);
        if let Some(first) = seen.get(&canonical) {
            let message = format!("`{}` stands in `enum` twice", document.slice(value.span));
            findings
                .add(
                    &schemas::DUPLICATE_ENUM_VALUE,
                    value.span,
                    message,
                    "leave the second one out",
                )
                .and(first.span, "first here");
            continue;
        }
        seen.insert(canonical, value);
        let Some(declared) = declared else { continue };
        if matches!(value.kind, Value::Null) {
            if !is_nullable {
                let message = "`enum` has `null`, which the type doesn't allow";
                let help = "add `nullable: true`, or quote it if the word is meant";
                let span = if value.span.start == value.span.end { key.span } else { value.span };
                findings.add(&schemas::ENUM_NULL, span, message, help);
            }
        } else if !is_of_type(value, declared) {
            mistyped(document, value, declared, findings);
        }
    }
}

/// What two equal values have in common: to JSON, `1` and `1.0` are one number, and the order of members says
/// nothing.
pub(super) fn canonical(value: &Node) -> String {
    match &value.kind {
        Value::Number(number) if number.is_f64() => {
            let number = number.as_f64().unwrap_or_default();
            format!("{number}")
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(members) => {
            let members = members.iter();
            let member = |(key, value): &(Key, Node)| {
                format!("{:?}:{}", key.text.as_str(), canonical(value))
            };
            let mut members: Vec<String> = members.map(member).collect();
            members.sort_unstable();
            format!("{{{}}}", members.join(","))
        }
        _ => value.to_json().to_string(),
    }
}

/// The type of the values, where all of several have one and it isn't the declared one.
fn other_type(values: &[Node], declared: &str) -> Option<&'static str> {
    let mut present = values.iter().filter(|value| !matches!(value.kind, Value::Null));
    let all_are = |kind: &str| {
        let mut present = present.clone();
        present.all(|value| is_of_type(value, kind))
    };
    let meant =
        ["string", "integer", "number", "boolean"].into_iter().find(|kind| all_are(kind))?;
    let fits = present.clone().any(|value| is_of_type(value, declared));
    (present.nth(1).is_some() && !fits).then_some(meant)
}

fn mistyped(document: &Document, value: &Node, declared: &str, findings: &mut Findings) {
    let written = || document.slice(value.span);
    let help = match &value.kind {
        Value::Bool(_) | Value::Number(_) if declared == "string" => {
            format!("quote it: `\"{}\"`", written())
        }
        Value::String(text) if document.is_quoted(value) && looks_like(text, declared) => {
            format!("leave the quotes out: `{text}`")
        }
        _ => format!("write {}, or change the type", a(declared)),
    };
    let what = match value.kind {
        Value::Array(_) => "this list".to_owned(),
        Value::Object(_) => "this mapping".to_owned(),
        _ => format!("`{}`", written()),
    };
    let message = format!("{what} is not {}, which the type demands", a(declared));
    findings.add(&schemas::ENUM_VALUE_TYPE, value.span, message, help);
}

fn looks_like(text: &str, declared: &str) -> bool {
    match declared {
        "integer" => text.parse::<i64>().is_ok(),
        "number" => text.parse::<f64>().is_ok(),
        "boolean" => matches!(text, "true" | "false"),
        _ => false,
    }
}

fn nullable(schema: &Node, findings: &mut Findings) {
    let Some((key, _)) = schema.entry("nullable").filter(|(_, value)| value.is_true()) else {
        return;
    };
    let is_null = |value: &Node| matches!(value.kind, Value::Null);
    let values = schema.get("enum").filter(|values| !values.items().is_empty());
    let composed = ["allOf", "anyOf", "oneOf", "not", "$ref"].map(|it| schema.get(it).is_some());
    let is_composed = composed.contains(&true);
    if schema.get("type").is_some() {
        if let Some(values) = values.filter(|values| !values.items().iter().any(is_null)) {
            let message = "`nullable` has no effect: `enum` doesn't list `null`";
            let help = "add `null` to `enum` if it may be sent; Prism and typify take it unlisted, Redocly and \
                        Spectral don't, and Prism checks nothing of a body whose `enum` lists it";
            findings
                .add(&schemas::NULLABLE_ENUM_WITHOUT_NULL, key.span, message, help)
                .and(values.span, "the values that it has");
        }
    } else if !misspells(schema, "type") {
        let message = "`nullable` has no effect without `type`";
        let help = if is_composed {
            "write `anyOf: [{$ref: ...}, {enum: [null]}]`: a `type` beside it would leave the other schema refuse \
             `null`"
        } else {
            "write the `type` beside it; a schema without one allows `null` anyway"
        };
        findings.add(&schemas::NULLABLE_WITHOUT_TYPE, key.span, message, help);
    }
}
