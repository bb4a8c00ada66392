//! From the located tree to the model, with what the model's types would lose or must not have.

use letterhead_document::{Document, Fault, Kind, Node};
use openapiv3::OpenAPI;
use serde_json::Value;

use crate::references;

/// The document as the model.
///
/// # Errors
/// What the model can't hold.
pub(crate) fn read(document: &Document) -> Result<OpenAPI, Fault> {
    model(document, document.root().to_json())
}

/// The document as the model, without what only readers read: examples, and the words of descriptions. They are
/// most of a large document.
///
/// # Errors
/// What the model can't hold.
pub(crate) fn read_outline(document: &Document) -> Result<OpenAPI, Fault> {
    model(document, outline(document.root(), false))
}

/// A value without examples, and with empty descriptions. In some mappings the keys are names of the author's.
fn outline(node: &Node, has_names: bool) -> Value {
    match &node.kind {
        Kind::Object(members) => {
            let members = members.iter().filter_map(|(key, value)| {
                let value = match key.text.as_str() {
                    _ if has_names => outline(value, false),
                    "example" | "examples" => return None,
                    "description" if value.as_str().is_some() => Value::String(String::new()),
                    "default" | "enum" => value.to_json(),
                    key => outline(value, NAMES.contains(&key)),
                };
                Some((key.text.to_string(), value))
            });
            Value::Object(members.collect())
        }
        Kind::Array(items) => items.iter().map(|item| outline(item, false)).collect(),
        _ => node.to_json(),
    }
}

/// The members that are mappings whose keys are names.
const NAMES: [&str; 14] = [
    "callbacks",
    "content",
    "encoding",
    "headers",
    "links",
    "mapping",
    "parameters",
    "paths",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "scopes",
    "securitySchemes",
];

fn model(document: &Document, mut json: Value) -> Result<OpenAPI, Fault> {
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
