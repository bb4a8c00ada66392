//! JSON in texts: read where nothing gets lost, and compared by what it means.

use serde_json::Value;

use crate::wire::Meaning;

/// The object or list that a text holds, null where it is empty, and else the text itself: also where
/// the value would hold less than the text.
pub(super) fn read(text: &str) -> Value {
    match serde_json::from_str(text) {
        Ok(value @ (Value::Object(_) | Value::Array(_))) if is_whole(text, &value) => value,
        _ if text.is_empty() => Value::Null,
        _ => Value::String(text.to_owned()),
    }
}

pub(super) fn written(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        value => value.to_string(),
    }
}

/// What a text means: two texts that are written differently may mean the same.
pub(super) fn meaning(text: &str) -> Meaning {
    match Meaning::of(text) {
        read @ (Meaning::Object(_) | Meaning::List(_)) => read,
        _ => Meaning::Text(text.to_owned()),
    }
}

/// Whether the value holds all that the JSON says: of a member that comes twice only one is kept, and of
/// a number only what a 64-bit integer or float holds.
fn is_whole(json: &str, value: &Value) -> bool {
    Meaning::of(json) == Meaning::of(&value.to_string())
}
