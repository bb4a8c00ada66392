//! What vendors store, as JSON: compared by what it means, and changed without a touch of the rest.

use std::collections::BTreeMap;

use letterhead_document::pointer::{escaped, unescaped};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

/// Whether a value says nothing: null, or a text without any character.
pub(crate) fn is_none(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

/// Whether two values mean the same. Blanks around a text say nothing, the order of members doesn't either, and
/// 1.0 is 1. With `folds`, capital letters are as good as small ones.
pub(crate) fn is_same(one: &Value, other: &Value, folds: bool) -> bool {
    let (one, other) = (normal(one), normal(other));
    match (&one, &other) {
        (Value::String(one), Value::String(other)) if folds => {
            one.to_lowercase() == other.to_lowercase()
        }
        _ => one == other,
    }
}

/// A hash of what a value means. An object without members is as good as none.
pub(crate) fn hash(value: &Value) -> String {
    let digest = Sha256::digest(pruned(normal(value)).to_string());
    let digits = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let digits = digits.filter_map(|digit| char::from_digit(digit.into(), 16));
    "sha256:".chars().chain(digits).collect()
}

/// One form for all values that mean the same: members that say nothing are left out.
fn normal(value: &Value) -> Value {
    match value {
        _ if is_none(value) => Value::Null,
        Value::String(text) => text.trim().into(),
        Value::Number(number) => match number.as_f64() {
            // All integers below it are exact.
            Some(float)
                if number.is_f64() && float.fract() == 0.0 && float.abs() < 2_f64.powi(53) =>
            {
                #[expect(clippy::cast_possible_truncation, reason = "it is a small integer")]
                let integer = float as i64;
                integer.into()
            }
            _ => value.clone(),
        },
        Value::Array(items) => items.iter().map(normal).collect(),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| (name.clone(), normal(value)));
            Value::Object(members.filter(|(_, value)| !value.is_null()).collect())
        }
        Value::Null | Value::Bool(_) => value.clone(),
    }
}

/// A value without objects that have no members.
fn pruned(value: Value) -> Value {
    let Value::Object(members) = value else { return value };
    let members = members.into_iter().map(|(name, value)| (name, pruned(value)));
    let members: Map<_, _> = members.filter(|(_, value)| !value.is_null()).collect();
    if members.is_empty() { Value::Null } else { members.into() }
}

/// All values below `value` that say something and hold no others, each with its JSON pointer.
pub(crate) fn leaves(value: &Value) -> Vec<(String, &Value)> {
    fn collect<'v>(value: &'v Value, pointer: String, leaves: &mut Vec<(String, &'v Value)>) {
        match value {
            Value::Object(members) if !members.is_empty() => {
                for (name, value) in members {
                    collect(value, format!("{pointer}/{}", escaped(name)), leaves);
                }
            }
            _ if is_none(value) || *value == json!({}) || *value == json!([]) => {}
            _ => leaves.push((pointer, value)),
        }
    }
    let mut leaves = Vec::new();
    collect(value, String::new(), &mut leaves);
    leaves
}

/// The JSON with some members' texts replaced by what they hold, where that is an object.
pub(crate) fn unfolded(mut document: Value, texts: &[&str]) -> Value {
    for name in texts {
        if let Some(member) = document.get_mut(name)
            && let Some(text) = member.as_str()
            && let Ok(object) = serde_json::from_str::<Map<String, Value>>(text)
        {
            *member = object.into();
        }
    }
    document
}

/// Sets the value at a JSON pointer in a JSON text, and removes the member for null. All else stays as it is, to the
/// last digit. The members named in `texts` are texts that hold JSON; one that holds no object gets one.
///
/// # Errors
/// A text that isn't a JSON object.
pub(crate) fn edited(
    json: &str,
    pointer: &str,
    value: &Value,
    texts: &[&str],
) -> serde_json::Result<String> {
    let path: Vec<_> = pointer.split('/').skip(1).collect();
    set(json, &path, value, texts)
}

fn set(json: &str, path: &[&str], value: &Value, texts: &[&str]) -> serde_json::Result<String> {
    let Some((name, rest)) = path.split_first() else { return serde_json::to_string(value) };
    let name = unescaped(name).into_owned();
    let mut members: BTreeMap<String, Box<RawValue>> = serde_json::from_str(json)?;
    if rest.is_empty() && value.is_null() {
        members.remove(&name);
        return serde_json::to_string(&members);
    }
    let current = members.get(&name).map_or("null", |member| member.get());
    let edited = if rest.is_empty() {
        serde_json::to_string(value)?
    } else if texts.contains(&name.as_str()) {
        let text: Option<String> = serde_json::from_str(current)?;
        let text = text.unwrap_or_default();
        serde_json::to_string(&set(object_or_empty(&text), rest, value, &[])?)?
    } else {
        set(object_or_empty(current), rest, value, &[])?
    };
    members.insert(name, RawValue::from_string(edited)?);
    serde_json::to_string(&members)
}

fn object_or_empty(json: &str) -> &str {
    let is_object = serde_json::from_str::<BTreeMap<String, &RawValue>>(json).is_ok();
    if is_object { json } else { "{}" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_the_same_is_the_same() {
        for (one, other) in [
            (json!("a"), json!(" a\n")),
            (json!(null), json!("  ")),
            (json!(1), json!(1.0)),
            (json!({"a": 1, "b": ""}), json!({"a": 1.0})),
        ] {
            assert!(is_same(&one, &other, false), "{one} {other}");
            assert_eq!(hash(&one), hash(&other));
        }
        assert_eq!(hash(&json!({"a": {"b": {"c": null}}})), hash(&json!(null)));
        assert!(!is_same(&json!("a"), &json!("A"), false));
        assert!(is_same(&json!("a"), &json!("A"), true));
        for (one, other) in
            [(json!("1"), json!(1)), (json!([1, 2]), json!([2, 1])), (json!(false), json!(null))]
        {
            assert!(!is_same(&one, &other, true), "{one} {other}");
            assert_ne!(hash(&one), hash(&other));
        }
    }

    #[test]
    fn an_edit_keeps_the_rest_to_the_last_digit() {
        let digits = "1.00000000000000000000000000001";
        let json = format!(r#"{{"a":{{"b":"x","n":{digits}}},"t":"{{\"n\":{digits}}}"}}"#);
        let edit =
            |json: &str, pointer, value| edited(json, pointer, &value, &["t"]).expect("JSON");
        let json = edit(&json, "/a/b", json!("y"));
        let json = edit(&json, "/t/line1", json!("14 Way"));
        let json = edit(&json, "/new/er", json!(1));
        assert_eq!(
            json,
            format!(
                r#"{{"a":{{"b":"y","n":{digits}}},"new":{{"er":1}},"t":"{{\"line1\":\"14 Way\",\"n\":{digits}}}"}}"#
            )
        );
        assert_eq!(
            edit(&json, "/t/line1", Value::Null),
            edit(&edit(&json, "/t/line1", json!("z")), "/t/line1", Value::Null)
        );
        assert_eq!(edit(r#"{"t":"14 Way"}"#, "/t/a~1b", json!(1)), r#"{"t":"{\"a/b\":1}"}"#);
    }
}
