//! Reads error bodies, which are JSON on good days.

use serde_json::{Map, Value};

/// The body as an object, if it is one.
pub(crate) fn json_object(body: &[u8]) -> Option<Map<String, Value>> {
    serde_json::from_slice(body).ok()
}

/// A text, or a number as text: codes come as both.
pub(crate) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
