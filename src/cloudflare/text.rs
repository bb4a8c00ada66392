//! JSON in texts: read where nothing gets lost, and compared by what it means.

use serde_json::{Number, Value};

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

/// What [`read`] gives, with each number in one form: 1.0 and 1 mean the same.
pub(super) fn meaning(text: &str) -> Value {
    let mut value = read(text);
    even_out(&mut value);
    value
}

fn even_out(value: &mut Value) {
    match value {
        Value::Number(number) => {
            let float = number.as_f64().filter(|_| number.is_f64());
            let whole = float.filter(|float| float.fract() == 0.0);
            if let Some(whole) = whole.and_then(|float| format!("{float:.0}").parse::<i64>().ok()) {
                *number = whole.into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(even_out),
        Value::Object(members) => members.values_mut().for_each(even_out),
        _ => {}
    }
}

/// Whether the value holds all that the JSON says: of a member that comes twice only one is kept, and of
/// a number only what a 64-bit integer or float holds.
fn is_whole(json: &str, value: &Value) -> bool {
    // Backslashes stand in strings only; without them every quote begins or ends one.
    let plain = json.replace(r"\\", "").replace(r#"\""#, "");
    let between_strings = || plain.split('"').step_by(2);
    let members: usize = between_strings()
        .map(|part| part.matches(':').count())
        .sum();
    let is_apart = |c: char| c.is_whitespace() || ",:[]{}".contains(c);
    members == count(value)
        && between_strings()
            .flat_map(|part| part.split(is_apart))
            .all(is_kept)
}

fn count(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(members) => members.len() + members.values().map(count).sum::<usize>(),
        _ => 0,
    }
}

/// Whether a word outside of strings is no number, or one that a value keeps.
fn is_kept(word: &str) -> bool {
    let number = serde_json::from_str::<Number>(word);
    number.map_or(true, |number| digits(word) == digits(&number.to_string()))
}

/// The digits of a number from the first to the last that isn't zero.
fn digits(number: &str) -> String {
    let mantissa = number.split(['e', 'E']).next().unwrap_or_default();
    let from_first = mantissa.trim_start_matches(['-', '0', '.']);
    // Without a point, so that the zeros of 100 go like those of 1.00.
    from_first.replace('.', "").trim_end_matches('0').to_owned()
}
