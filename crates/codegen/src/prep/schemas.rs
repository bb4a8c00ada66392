use std::collections::BTreeSet;

use openapiv3::{
    AnySchema, Components, OpenAPI, ReferenceOr, Schema, SchemaData, SchemaKind, StringFormat,
    StringType, Type, VariantOrUnknownOrEmpty,
};
use serde_json::json;

use super::{refers, walk};

/// Drops `required` from every schema that a vendor sends.
///
/// Vendors leave out and null what they promise; a client that insists loses the whole response.
/// Schemas that only requests use keep theirs.
pub(super) fn require_nothing_of_vendors(model: &mut OpenAPI) {
    let none = Components::default();
    let sent = sent_by_vendors(model, model.components.as_ref().unwrap_or(&none));
    for operation in walk::operations_mut(model) {
        let responses = operation.responses.responses.values_mut();
        for response in responses.chain(&mut operation.responses.default) {
            if let ReferenceOr::Item(response) = response {
                walk::in_content(response.content.values_mut(), &mut relax);
            }
        }
    }
    if let Some(components) = &mut model.components {
        for response in components.responses.values_mut() {
            if let ReferenceOr::Item(response) = response {
                walk::in_content(response.content.values_mut(), &mut relax);
            }
        }
        for (name, schema) in &mut components.schemas {
            if sent.contains(name) {
                walk::in_reference(schema, &mut relax);
            }
        }
    }
}

/// The component schemas that responses are made of.
pub(crate) fn sent_by_vendors(model: &OpenAPI, components: &Components) -> BTreeSet<String> {
    let operations = model.operations().map(|(_, _, operation)| &operation.responses);
    let responses =
        operations.flat_map(|responses| responses.responses.values().chain(&responses.default));
    let responses = responses.filter_map(|response| walk::response(components, response));
    let sent = responses.flat_map(|response| response.content.values());
    refers::reachable(components, sent)
}

fn relax(schema: &mut Schema) {
    match &mut schema.schema_kind {
        SchemaKind::Type(Type::Object(object)) => object.required.clear(),
        SchemaKind::Any(any) => any.required.clear(),
        _ => {}
    }
}

fn is_password(string: &StringType) -> bool {
    matches!(string.format, VariantOrUnknownOrEmpty::Item(StringFormat::Password))
}

/// Gives members of `format: password` the library's redacted type.
pub(super) fn redact_passwords(model: &mut OpenAPI) {
    walk::schemas_mut(model, &mut |schema| {
        if let SchemaKind::Type(Type::String(string)) = &schema.schema_kind
            && is_password(string)
        {
            let data = std::mem::take(&mut schema.schema_data);
            *schema = rust_type("Secret", &[], data);
        }
    });
}

/// A schema that progenitor replaces by `letterhead::{name}`, with type parameters.
///
/// Made here and never written in a document: progenitor ignores a malformed one in silence.
pub(super) fn rust_type(
    name: &str,
    parameters: &[serde_json::Value],
    mut data: SchemaData,
) -> Schema {
    data.extensions.insert(
        "x-rust-type".to_owned(),
        json!({
            "crate": "letterhead",
            "version": "*",
            "path": format!("letterhead::{name}"),
            "parameters": parameters,
        }),
    );
    Schema { schema_data: data, schema_kind: SchemaKind::Any(AnySchema::default()) }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{json, model};
    use serde_json::json;

    #[test]
    fn only_what_vendors_send_is_relaxed() {
        let inner = json!({"type": "object", "required": ["a"], "properties": {"a": {}}});
        let object = json!({"type": "object", "required": ["a"], "properties": {"a": inner}});
        let reference = |name: &str| json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}});
        let mut model = model(&json!({
            "paths": {"/a": {"put": {
                "requestBody": {"content": reference("Asked")},
                "responses": {"200": {"description": "d", "content": reference("Outer")}},
            }}},
            "components": {"schemas": {
                "Asked": object, "Inner": object,
                "Outer": {"type": "array", "items": {"$ref": "#/components/schemas/Inner"}},
            }},
        }));
        super::require_nothing_of_vendors(&mut model);
        let schemas = &json(&model)["components"]["schemas"];
        assert_eq!(schemas["Asked"]["required"], json!(["a"]));
        assert!(schemas["Inner"].get("required").is_none());
        assert!(schemas["Inner"]["properties"]["a"].get("required").is_none());
    }

    #[test]
    fn passwords_get_the_redacted_type() {
        let mut model = model(&json!({"components": {"schemas": {
            "A": {"type": "string", "format": "password", "description": "d"},
        }}}));
        super::redact_passwords(&mut model);
        let a = &json(&model)["components"]["schemas"]["A"];
        assert_eq!(a["x-rust-type"]["path"], "letterhead::Secret");
        assert_eq!(a["description"], "d");
    }
}
