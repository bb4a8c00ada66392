//! Schemas: what they promise, and what they would refuse.

pub(crate) mod all_of;
pub(crate) mod bounds;
pub(crate) mod composition;
pub(crate) mod direction;
pub(crate) mod discriminator;
pub(crate) mod formats;
pub(crate) mod keywords;
pub(crate) mod limits;
pub(crate) mod patterns;
pub(crate) mod properties;
pub(crate) mod required;
pub(crate) mod types;
pub(crate) mod values;

use letterhead_document::{Kind as Value, Node, Span};

/// The types that OpenAPI 3.0 knows.
pub(crate) const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// The type that a schema declares, if it is one of the six.
fn type_of(schema: &Node) -> Option<&str> {
    let declared = schema.get("type")?.as_str()?;
    TYPES.contains(&declared).then_some(declared)
}

/// Whether a schema says that its values may be null.
pub(crate) fn is_nullable(schema: &Node) -> bool {
    schema.get("nullable").is_some_and(Node::is_true)
}

/// Whether a value has a type of a schema.
fn is_of_type(value: &Node, declared: &str) -> bool {
    match &value.kind {
        Value::Null => false,
        Value::Bool(_) => declared == "boolean",
        Value::Number(number) => {
            declared == "number"
                || declared == "integer"
                    && (!number.is_f64() || number.as_f64().is_some_and(|n| n.fract() == 0.0))
        }
        Value::String(_) => declared == "string",
        Value::Array(_) => declared == "array",
        Value::Object(_) => declared == "object",
    }
}

/// `a` or `an`, and the type.
pub(crate) fn a(declared: &str) -> String {
    match declared {
        "array" | "integer" | "object" => format!("an {declared}"),
        _ => format!("a {declared}"),
    }
}

/// Names in back-ticks, with commas and an `and`.
fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

/// The first key of a mapping, which stands for it where it has no name.
fn first_key(node: &Node) -> Span {
    node.members().next().map_or(node.span, |(key, _)| key.span)
}

/// The number that a node holds.
fn number(node: &Node) -> Option<f64> {
    match &node.kind {
        Value::Number(number) => number.as_f64(),
        _ => None,
    }
}
