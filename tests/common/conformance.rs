//! What the sandbox answered, held against the document.

use std::sync::LazyLock;

use letterhead_document::{Document, json_schema};
use letterhead_sandbox::Exchange;
use serde_json::Value;

static PARTNER_CENTER: LazyLock<Value> = LazyLock::new(|| {
    let text = include_str!("../../spec/partner-center.yaml");
    Document::parse("partner-center.yaml", text)
        .unwrap()
        .to_json()
});

/// The operation of an exchange; its answer must be one that the document has for it.
pub(crate) fn conforming_operation(exchange: &Exchange) -> String {
    let method = exchange.method.as_str().to_lowercase();
    let paths = PARTNER_CENTER["paths"].as_object().unwrap();
    let operation = paths
        .iter()
        .filter(|(template, _)| matches(template, exchange.path()))
        .map(|(_, item)| &item[&method])
        .find(|operation| operation.is_object())
        .unwrap_or_else(|| panic!("no operation for {exchange:?}"));
    let id = operation["operationId"].as_str().unwrap();
    let response = resolved(&operation["responses"][exchange.status.as_str()]);
    assert!(response.is_object(), "{id}: {} is new", exchange.status);
    let body = exchange.response_body.strip_prefix(b"\xef\xbb\xbf");
    let body = body.unwrap_or(&exchange.response_body);
    match response["content"]["application/json"].get("schema") {
        None => assert!(body.is_empty(), "{id}: a body"),
        Some(schema) => {
            let schema = json_schema(&PARTNER_CENTER, schema);
            let value = serde_json::from_slice(body).unwrap();
            let flaws: Vec<_> = jsonschema::validator_for(&schema)
                .unwrap()
                .iter_errors(&value)
                .map(|flaw| flaw.masked().to_string())
                .collect();
            assert!(flaws.is_empty(), "{id}: {flaws:?}");
        }
    }
    id.to_owned()
}

/// No two templates match one path.
fn matches(template: &str, path: &str) -> bool {
    let (template, path) = (template.split('/'), path.split('/'));
    template.clone().count() == path.clone().count()
        && template
            .zip(path)
            .all(|(segment, given)| segment.starts_with('{') || segment == given)
}

fn resolved(value: &Value) -> &Value {
    match value["$ref"].as_str() {
        Some(reference) => PARTNER_CENTER
            .pointer(reference.trim_start_matches('#'))
            .unwrap(),
        None => value,
    }
}
