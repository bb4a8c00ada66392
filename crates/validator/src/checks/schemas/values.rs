//! `enum` and `nullable`.

use std::collections::HashMap;

use letterhead_document::{Document, Kind as Value, Node};

use super::{a, is_of_type, type_of};
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
        let help = format!("write `type: {meant}`, or other values");
        findings.add(&schemas::ENUM_VALUE_TYPE, of.span, message, help).and(key.span, "the values");
        return;
    }
    let is_nullable = schema.get("nullable").is_some_and(Node::is_true);
    let mut seen: HashMap<String, &Node> = HashMap::new();
    for value in values {
        if let Some(first) = seen.get(&value.to_json().to_string()) {
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
        seen.insert(value.to_json().to_string(), value);
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
    let written = document.slice(value.span);
    let help = match &value.kind {
        Value::Bool(_) | Value::Number(_) if declared == "string" => {
            format!("quote it: `\"{written}\"`")
        }
        Value::String(text) if document.is_quoted(value) && looks_like(text, declared) => {
            format!("leave the quotes out: `{text}`")
        }
        _ => format!("write {}, or change the type", a(declared)),
    };
    let what = match value.kind {
        Value::Array(_) => "this list".to_owned(),
        Value::Object(_) => "this mapping".to_owned(),
        _ => format!("`{written}`"),
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

/// The keywords that, beside `nullable`, list the values.
const LIMITS: [&str; 6] = ["type", "allOf", "anyOf", "oneOf", "not", "$ref"];

fn nullable(schema: &Node, findings: &mut Findings) {
    let Some((key, value)) = schema.entry("nullable") else {
        return;
    };
    // Strictly, 3.0.3 gives it an effect beside `type` only. Beside a composition it is so common,
    // and so widely understood, that it is left alone.
    let is_limited = LIMITS.iter().any(|limit| schema.get(limit).is_some());
    if value.is_true() && !is_limited && schema.get("enum").is_some() {
        let message = "`nullable` has no effect without `type`, and generators refuse this `enum`";
        let help = "write the `type` of its values beside it";
        findings.add(&schemas::NULLABLE_ENUM, key.span, message, help);
    } else if value.is_true() && !is_limited {
        let message = "`nullable` has no effect without `type`";
        let help = "write the `type` beside it; a schema without one allows `null` anyway";
        findings.add(&schemas::NULLABLE_WITHOUT_TYPE, key.span, message, help);
    }
}
