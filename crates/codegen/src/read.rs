//! From the located tree to the model, with what the model's types would lose or must not have.

use letterhead_document::{Document, Fault, Kind, Node};
use openapiv3::OpenAPI;
use serde_json::{Map, Value};

use crate::prep::EXPLODE;
use crate::prep::patches::EXTENSION as PATCH;
use crate::references;

/// The extensions that something is made of. The others may be much of a large document.
const EXTENSIONS: &[&str] = &[
    EXPLODE,
    "x-clouds",
    "x-convenience",
    "x-further-pages",
    "x-paging",
    PATCH,
    "x-read-by",
    "x-repeatable",
    "x-supplied-by",
];

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
                    key => outline(value, references::holds_names(key)),
                };
                Some((key.text.to_string(), value))
            });
            Value::Object(members.collect())
        }
        Kind::Array(items) => items.iter().map(|item| outline(item, false)).collect(),
        _ => node.to_json(),
    }
}

fn model(document: &Document, mut json: Value) -> Result<OpenAPI, Fault> {
    references::write_out(&mut json);
    if let Some(members) = json.as_object_mut() {
        members.retain(|key, _| !key.starts_with("x-"));
    }
    for section in ["paths", "components"] {
        if let Some(part) = json.get_mut(section) {
            mend(part, section == "paths");
        }
    }
    let model = serde_json::from_value::<OpenAPI>(json).map(|mut model| {
        // Each has a place for every method, and while they came their number was guessed.
        model.paths.paths.shrink_to_fit();
        model
    });
    model.or_else(|error| {
        // It knows the place of what the document itself has wrong.
        document.openapi()?;
        let reason = format!("what its references lead to doesn't fit in their places: {error}");
        Err(document.fault(document.root().span, reason))
    })
}

/// Mends what stands under a keyword, or under a name where `is_names` says that the keys are no keywords.
fn mend(value: &mut Value, is_names: bool) {
    match value {
        Value::Object(members) => {
            if !is_names {
                // `x-rust-type` names types of this library, and a document describes a vendor.
                members.retain(|key, _| !key.starts_with("x-") || EXTENSIONS.contains(&&**key));
                // Nothing is made of them, and the model would refuse what some write there.
                members.remove("pattern");
                members.remove("callbacks");
                if let Some(content) = members.get_mut("content").and_then(Value::as_object_mut) {
                    media_types(content);
                    let encodings = content.values_mut().filter_map(|it| it.get_mut("encoding"));
                    for encoding in encodings.filter_map(Value::as_object_mut) {
                        encoding.values_mut().filter_map(Value::as_object_mut).for_each(explode);
                    }
                }
                // The model has no `explode` of a header.
                let headers = members.get_mut("headers").and_then(Value::as_object_mut);
                let headers = headers.into_iter().flat_map(Map::values_mut);
                for header in headers.filter_map(Value::as_object_mut) {
                    header.remove(EXPLODE);
                    if header.get("explode") == Some(&Value::Bool(true)) {
                        header.insert(EXPLODE.to_owned(), Value::Bool(true));
                    }
                }
                if let Some(values) = members.get_mut("enum").and_then(Value::as_array_mut) {
                    texts(values);
                }
            }
            for (key, member) in members {
                // The alternatives of `security` have names alone, whatever they are called.
                if is_names || !references::is_example(key) && key != "security" {
                    mend(member, !is_names && references::holds_names(key));
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| mend(item, false)),
        _ => {}
    }
}

/// Takes away names without a slash, which are no media types: beside one that is they say nothing, and alone they are
/// of any type.
fn media_types(content: &mut Map<String, Value>) {
    let is_type = |name: &String| name.contains('/');
    if content.keys().any(is_type) {
        content.retain(|name, _| is_type(name));
        return;
    }
    let media = std::mem::take(content).into_iter().map(|(_, media)| media);
    let media = media.max_by_key(|media| media.get("schema").is_some());
    content.extend(media.map(|media| ("*/*".to_owned(), media)));
}

/// A member of a form is exploded unless the document says that it isn't, which the model can't tell.
fn explode(encoding: &mut Map<String, Value>) {
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
    use letterhead_document::Document;
    use serde_json::json;

    #[test]
    fn what_the_model_cannot_tell_is_written_down() {
        let mut value = json!({
            "content": {"multipart/form-data": {"encoding": {
                "a": {}, "b": {"style": "form", "explode": false}, "c": {"style": "deepObject"},
            }}},
            "schema": {"type": "string", "x-rust-type": {}, "x-of-a-vendor": {}, "enum": ["auto", 0, true, null]},
            "headers": {"X-A": {"explode": true}, "X-B": {"x-explode": true}},
        });
        super::mend(&mut value, false);
        let encoding = &value["content"]["multipart/form-data"]["encoding"];
        assert_eq!(encoding["a"], json!({"explode": true}));
        assert_eq!(encoding["b"]["explode"], json!(false));
        assert_eq!(encoding["c"], json!({"style": "deepObject"}));
        let headers = json!({"X-A": {"explode": true, "x-explode": true}, "X-B": {}});
        assert_eq!(value["headers"], headers);
        assert_eq!(value["schema"], json!({"type": "string", "enum": ["auto", "0", "true", null]}));
    }

    #[test]
    fn a_credential_may_be_called_as_a_keyword() {
        let document = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\nsecurity: [{pattern: []}]\npaths:\n  /a:\n    \
                        get:\n      security: [{pattern: [], callbacks: []}]\n      responses: {}\ncomponents:\n  \
                        securitySchemes: {pattern: {type: apiKey, in: header, name: k}}\n";
        let model = super::read(&Document::parse("t.yaml", document).unwrap()).unwrap();
        let (.., operation) = model.operations().next().unwrap();
        assert_eq!(operation.security.as_ref().unwrap()[0].len(), 2);
    }

    #[test]
    fn what_nothing_is_made_of_may_be_anything() {
        let document = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    post:\n      \
                        callbacks: {done: {$ref: '#/components/callbacks/Done'}}\n      parameters: \
                        [{name: q, in: query, schema: {type: string, pattern: 0}}]\n      responses: {}\n";
        let document = Document::parse("t.yaml", document).unwrap();
        assert!(document.openapi().is_err());
        assert_eq!(super::read(&document).unwrap().operations().count(), 1);
    }

    #[test]
    fn names_are_no_keywords_and_examples_stay() {
        let encoding = json!({"type": "object", "properties": {"encoding": {"type": "object", "properties": {
            "x-rust-type": {"type": "string"}, "content": {"type": "string"},
        }}}});
        let mut value = json!({
            "schemas": {"encoding": encoding},
            "schema": {"example": {"enum": ["a", 1]}},
        });
        let before = value.clone();
        super::mend(&mut value, false);
        assert_eq!(value, before);
    }

    #[test]
    fn a_reference_to_what_does_not_fit_is_a_fault() {
        let text = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get:\n      \
            parameters: [{$ref: '#/paths/~1a/get/responses/200'}]\n      \
            responses: {'200': {description: d}}\n";
        let document = Document::parse("t.yaml", text).unwrap();
        let fault = super::read(&document).unwrap_err().to_string();
        assert!(fault.contains("doesn't fit in their places"), "{fault}");
    }
}
