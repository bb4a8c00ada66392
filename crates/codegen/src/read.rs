//! From the located tree to the model, with what the model's types would lose or must not have.

use letterhead_document::{Document, Fault};
use openapiv3::OpenAPI;
use serde_json::Value;

use crate::references;

/// The document as the model.
///
/// # Errors
/// What the model can't hold.
pub(crate) fn read(document: &Document) -> Result<OpenAPI, Fault> {
    let mut json = document.root().to_json();
    references::write_out(&mut json);
    for section in ["paths", "components"] {
        if let Some(part) = json.get_mut(section) {
            mend(part);
        }
    }
    match serde_json::from_value(json) {
        Ok(model) => Ok(model),
        // It knows the place.
        Err(_) => document.openapi(),
    }
}

fn mend(value: &mut Value) {
    match value {
        Value::Object(members) => {
            // It names types of this library, and a document describes a vendor.
            members.remove("x-rust-type");
            if let Some(encodings) = members.get_mut("encoding").and_then(Value::as_object_mut) {
                encodings.values_mut().filter_map(Value::as_object_mut).for_each(explode);
            }
            if let Some(values) = members.get_mut("enum").and_then(Value::as_array_mut) {
                texts(values);
            }
            members.values_mut().for_each(mend);
        }
        Value::Array(items) => items.iter_mut().for_each(mend),
        _ => {}
    }
}

/// A member of a form is exploded unless the document says that it isn't, which the model can't tell.
fn explode(encoding: &mut serde_json::Map<String, Value>) {
    let style = encoding.get("style").and_then(Value::as_str);
    if style.is_none_or(|style| style == "form") {
        encoding.entry("explode").or_insert(Value::Bool(true));
    }
}

/// An enum of texts may have numbers and flags that somebody wrote without quotes.
fn texts(values: &mut [Value]) {
    if values.iter().any(Value::is_string) {
        for value in values.iter_mut().filter(|value| value.is_number() || value.is_boolean()) {
            *value = Value::String(value.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn what_the_model_cannot_tell_is_written_down() {
        let mut value = json!({
            "encoding": {"a": {}, "b": {"style": "form", "explode": false}, "c": {"style": "deepObject"}},
            "schema": {"type": "string", "x-rust-type": {}, "enum": ["auto", 0, true, null]},
        });
        super::mend(&mut value);
        assert_eq!(value["encoding"]["a"], json!({"explode": true}));
        assert_eq!(value["encoding"]["b"]["explode"], json!(false));
        assert_eq!(value["encoding"]["c"], json!({"style": "deepObject"}));
        assert_eq!(value["schema"], json!({"type": "string", "enum": ["auto", "0", "true", null]}));
    }
}
