//! The shape of an OpenAPI 3.0 document: its keys, its members, their types.

use std::collections::BTreeSet;

use letterhead_document::{Key, Kind as Value, Node, Span};

use crate::checks::operations::responses::is_status;
use crate::finding::{Findings, did_you_mean};
use crate::model::Model;
use crate::oddity::Oddity;
use crate::rules::structure;
use crate::shape::{Kind, Object, Shape};

/// Judges what the walk has recorded.
/// How far behind a key is looked for what belongs to it: what is further away would be copied in vain, for every key.
const NEAR: u32 = 4096;

pub(crate) fn run(model: &Model<'_>, oddities: &[Oddity<'_>], findings: &mut Findings) {
    // Where a member has no value, a key right below it that nothing knows belongs to it.
    let unknown: BTreeSet<u32> = oddities.iter().flat_map(Oddity::unknown).collect();
    let is_left_empty = |key: &Key| {
        let below = unknown.range(key.span.end..key.span.end.saturating_add(NEAR)).next();
        below.is_some_and(|below| {
            let between = model.document.slice(Span { start: key.span.end, end: *below });
            between.lines().all(|line| {
                let written = line.trim_start().trim_start_matches(':').trim_start();
                written.is_empty() || written.starts_with('#')
            })
        })
    };
    for oddity in oddities {
        match oddity {
            Oddity::Type { node, key: Some(key), .. }
                if matches!(node.kind, Value::Null) && is_left_empty(key) => {}
            Oddity::Type { shape, node, key } => odd_type(model, findings, *shape, node, *key),
            Oddity::Members { kind, node, key, unknown, missing } => {
                if let Some(key) = key.filter(|key| is_outdented(*kind, node, key, unknown)) {
                    let message =
                        format!("`{}` is a member of a schema, and stands beside it", key.text);
                    let help = "indent it, and what belongs to it, deeper than the schema's name";
                    findings.add(&structure::UNKNOWN_KEY, key.span, message, help);
                    continue;
                }
                for key in unknown {
                    unknown_key(findings, *kind, node, key);
                }
                for name in missing {
                    // The finding about its typo is enough.
                    let misspelt = |key: &&Key| did_you_mean(&key.text, [*name]).is_some();
                    if !unknown.iter().any(misspelt) {
                        missing_member(findings, kind.object(), name, node, *key);
                    }
                }
            }
            Oddity::MisspeltReference(key) => misspelt_reference(findings, key),
        }
    }
}

/// Whether the properties of the schema before are taken for a schema.
fn is_outdented(kind: Kind, node: &Node, key: &Key, unknown: &[&Key]) -> bool {
    kind == Kind::Schema
        && key.text == "properties"
        && node.members().count() == unknown.len()
        && node.members().all(|(_, value)| matches!(value.kind, Value::Object(_)))
}

/// A key that its object doesn't have.
fn unknown_key(findings: &mut Findings, kind: Kind, node: &Node, key: &Key) {
    let object = kind.object();
    // These keys exist since 3.1, and have a rule of their own.
    if kind == Kind::Schema && SINCE_3_1.contains(&key.text.as_str())
        || kind == Kind::Document && matches!(key.text.as_str(), "webhooks" | "jsonSchemaDialect")
        || kind == Kind::Info && key.text == "summary"
        || kind == Kind::License && key.text == "identifier"
    {
        let message = format!("`{}` came with OpenAPI 3.1, and this document is 3.0", key.text);
        findings.add(&structure::OPENAPI_3_1, key.span, message, instead_of(&key.text));
        return;
    }
    let known = object.members.iter().map(|member| member.name);
    let absent = known.filter(|name| node.get(name).is_none());
    let help = match (did_you_mean(&key.text, absent), outer(kind, node, key)) {
        (Some(name), _) => format!("did you mean `{name}`?"),
        (None, Some(outer)) => format!("indent it deeper: it is a member of `{}`", outer.text),
        (None, None) => {
            format!("leave it out, or call it `x-{}` if a tool of yours reads it", key.text)
        }
    };
    let message = format!("{} has no member `{}`", an(object.name), key.text);
    findings.add(&structure::UNKNOWN_KEY, key.span, message, help);
}

/// The key above another one that it belongs below, if it were indented deeper.
fn outer<'d>(kind: Kind, node: &'d Node, key: &Key) -> Option<&'d Key> {
    let above = node.members().take_while(|(above, _)| above.span.start < key.span.start);
    let (above, value) = above.last()?;
    let member = kind.object().members.iter().find(|member| above.text == member.name)?;
    match member.shape {
        Shape::Map(_) if matches!(value.kind, Value::Null) => Some(above),
        Shape::Object(Kind::Responses) => is_status(&key.text).then_some(above),
        Shape::Object(inner) | Shape::OrReference(inner) => {
            let mut members = inner.object().members.iter();
            let is_member = members.any(|member| key.text == member.name);
            if is_member { Some(above) } else { outer(inner, value, key) }
        }
        _ => None,
    }
}

const SINCE_3_1: &[&str] = &[
    "$anchor",
    "$comment",
    "$defs",
    "$dynamicRef",
    "$id",
    "$schema",
    "const",
    "contains",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "examples",
    "if",
    "maxContains",
    "minContains",
    "patternProperties",
    "prefixItems",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];

fn instead_of(key: &str) -> String {
    match key {
        "const" => "write `enum` with the one value".to_owned(),
        "examples" => "a schema of 3.0 has one `example`".to_owned(),
        "patternProperties" => "write `additionalProperties`".to_owned(),
        "prefixItems" => "write `items` with the schema of every item".to_owned(),
        "summary" => "write it into `description`".to_owned(),
        "identifier" => "write the license's `url`".to_owned(),
        _ => format!("leave `{key}` out, and say what it means in `description`"),
    }
}

/// A member that its object has to have.
fn missing_member(
    findings: &mut Findings,
    object: &Object,
    member: &str,
    node: &Node,
    key: Option<&Key>,
) {
    let message = format!("{} needs a member `{member}`", an(object.name));
    let span = key.map_or_else(|| start_of(node), |key| key.span);
    findings.add(&structure::MISSING_MEMBER, span, message, format!("add `{member}`"));
}

/// A value of another type than its shape.
fn odd_type(
    model: &Model<'_>,
    findings: &mut Findings,
    shape: Shape,
    node: &Node,
    key: Option<&Key>,
) {
    if let (Shape::Object(Kind::Document), Value::Null) = (shape, &node.kind) {
        let message = "the file is empty: it has no document";
        let help = "write one, which starts with `openapi: 3.0.3`";
        findings.add(&structure::WRONG_TYPE, node.span, message, help);
        return;
    }
    let written = || model.document.slice(node.span);
    let is_word = matches!(node.kind, Value::Number(_) | Value::Bool(_) | Value::Null);
    if matches!(shape, Shape::Text)
        && is_word
        && !model.document.is_quoted(node)
        && let written = written()
        && !written.is_empty()
    {
        let what = match node.kind {
            Value::Number(_) => "a number",
            Value::Bool(_) => "a boolean",
            _ => "null",
        };
        let message = format!("`{written}` without quotes is {what}, and this has to be text");
        // The version of OpenAPI has three parts, so this one wants more than quotes.
        let help = if key.is_some_and(|key| key.text == "openapi") {
            "write `3.0.3`".to_owned()
        } else {
            format!("quote it: `\"{written}\"`")
        };
        findings.add(&structure::UNQUOTED_TEXT, node.span, message, help);
        return;
    }
    if let (Shape::Bool | Shape::Integer | Shape::Number, Value::String(text)) = (shape, &node.kind)
        && model.document.is_quoted(node)
        && is_of(shape, text)
    {
        let message = format!("`{}` is text, and this has to be {}", written(), name_of(shape));
        findings.add(
            &structure::WRONG_TYPE,
            node.span,
            message,
            format!("leave the quotes out: `{text}`"),
        );
        return;
    }
    // Behind a blank, `#` starts a comment.
    if let (Value::Null, Some(key)) = (&node.kind, key)
        && let end = model.document.line(key.span.start).end
        && let end = end.min(key.span.end.saturating_add(NEAR)).max(key.span.end)
        && let rest = model.document.slice(Span { start: key.span.end, end })
        && let Some((_, comment)) = rest.split_once(" #")
    {
        let message = format!("`{}` has no value: `#` starts a comment", key.text);
        let help = format!("quote it: `\"#{}\"`", comment.trim_end());
        findings.add(&structure::WRONG_TYPE, key.span, message, help);
        return;
    }
    wrong_type(findings, &name_of(shape), node, key);
}

fn is_of(shape: Shape, text: &str) -> bool {
    match shape {
        Shape::Bool => matches!(text, "true" | "false"),
        Shape::Integer => text.parse::<i64>().is_ok(),
        _ => text.parse::<f64>().is_ok(),
    }
}

fn name_of(shape: Shape) -> String {
    let name = match shape {
        Shape::Text => "text",
        Shape::Bool => "`true` or `false`",
        Shape::Integer => "a whole number",
        Shape::Number => "a number",
        Shape::List(_) => "a list",
        Shape::Object(kind) => {
            return format!("{}, which is a mapping", an(kind.object().name));
        }
        _ => "a mapping",
    };
    name.to_owned()
}

/// A reference under another key than `$ref`.
fn misspelt_reference(findings: &mut Findings, key: &Key) {
    let message = format!("`{}` is no key of a reference", key.text);
    let help = "did you mean `$ref`?";
    findings.add(&structure::UNKNOWN_KEY, key.span, message, help);
}

/// A value of another type than its member has.
fn wrong_type(findings: &mut Findings, expected: &str, node: &Node, key: Option<&Key>) {
    let of = key.map_or_else(String::new, |key| format!("`{}`: ", key.text));
    // Two spellings that 3.1 allows.
    if key.is_some_and(|key| key.text == "type") && matches!(node.kind, Value::Array(_)) {
        let message = "a list of types came with OpenAPI 3.1, and this document is 3.0";
        let help = "write the one type, and `nullable: true` for `null`";
        findings.add(&structure::OPENAPI_3_1, span_of(node, key), message, help);
        return;
    }
    if key.is_some_and(|key| key.text.starts_with("exclusive"))
        && matches!(node.kind, Value::Number(_))
    {
        let message = "a bound that is itself exclusive came with OpenAPI 3.1";
        let bound = if key.is_some_and(|key| key.text.ends_with("Minimum")) {
            "minimum"
        } else {
            "maximum"
        };
        let help = format!("write the number as `{bound}` and this one as `true`");
        findings.add(&structure::OPENAPI_3_1, span_of(node, key), message, help);
        return;
    }
    let is = kind_of(node);
    let message = format!("{of}this is {is}, and has to be {expected}");
    let mut span = span_of(node, key);
    let help = match (&node.kind, key) {
        (Value::Null, Some(key)) => format!("give `{}` a value, or leave it out", key.text),
        (Value::Object(_), _) if expected == "a list" => match node.members().next() {
            Some((first, _)) if first.text.starts_with('-') => {
                span = first.span;
                format!("write a blank behind the `-`: `- {}`", &first.text[1..])
            }
            _ => "write `- ` before each item".to_owned(),
        },
        _ => format!("write {expected} here"),
    };
    findings.add(&structure::WRONG_TYPE, span, message, help);
}

/// The value's own bytes, or the key's where nothing is written.
fn span_of(node: &Node, key: Option<&Key>) -> Span {
    match key {
        Some(key) if node.span.start == node.span.end => key.span,
        _ if matches!(node.kind, Value::Array(_) | Value::Object(_)) => {
            key.map_or(node.span, |key| key.span)
        }
        _ => node.span,
    }
}

/// The first key of a mapping, which stands for it where it has no name.
fn start_of(node: &Node) -> Span {
    node.members().next().map_or(node.span, |(key, _)| key.span)
}

pub(crate) fn kind_of(node: &Node) -> &'static str {
    match node.kind {
        Value::Null => "nothing",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
    }
}

/// A kind's name with its article.
pub(crate) fn an(name: &str) -> String {
    match name {
        "info" | "components" | "paths" | "responses" | "externalDocs" | "xml" | "OAuth flows" => {
            format!("`{name}`")
        }
        _ if name.starts_with(['a', 'e', 'i', 'o', 'u', 'O']) => format!("an {name}"),
        _ => format!("a {name}"),
    }
}
