use std::collections::BTreeSet;

use openapiv3::{
    AdditionalProperties, AnySchema, IntegerType, MediaType, NumberType, ObjectType, OpenAPI,
    ReferenceOr, Schema, SchemaData, SchemaKind, StringFormat, StringType, Type,
    VariantOrUnknownOrEmpty,
};
use serde_json::json;

use super::walk;
use crate::choices::{self, Choice};
use crate::refusal::Refusal;

/// Drops `required` from every schema that a vendor sends.
///
/// Vendors leave out and null what they promise; a client that insists loses the whole response.
/// Schemas that only requests use keep theirs.
pub(super) fn require_nothing_of_vendors(model: &mut OpenAPI) {
    let Some(components) = model.components.clone() else {
        return;
    };
    let mut sent: Vec<MediaType> = Vec::new();
    for operation in walk::operations_mut(model) {
        for response in operation.responses.responses.values_mut() {
            if let Some(response) = walk::response(&components, response) {
                sent.extend(response.content.values().cloned());
            }
            if let ReferenceOr::Item(response) = response {
                walk::in_content(response.content.values_mut(), &mut relax);
            }
        }
    }
    let sent: BTreeSet<String> = walk::reachable(&components, sent.iter());
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

fn relax(schema: &mut Schema) {
    match &mut schema.schema_kind {
        SchemaKind::Type(Type::Object(object)) => object.required.clear(),
        SchemaKind::Any(any) => any.required.clear(),
        _ => {}
    }
}

/// Refuses objects of `oneOf` that a vendor sends where nothing tells them apart: since no member has to
/// be there, the first type would take whatever comes.
pub(super) fn refuse_alike(model: &OpenAPI) -> Result<(), Refusal> {
    let components = model.components.clone().unwrap_or_default();
    let mut received: Vec<MediaType> = Vec::new();
    for (_, _, operation) in model.operations() {
        let responses = operation.responses.responses.values();
        let responses = responses.filter_map(|response| walk::response(&components, response));
        received.extend(responses.flat_map(|response| response.content.values().cloned()));
    }
    let named = walk::reachable(&components, received.iter());
    let mut is_alike = false;
    let mut look = |schema: &mut Schema| {
        if let SchemaKind::OneOf { one_of } = &schema.schema_kind {
            is_alike |= choices::objects(&components, one_of) > 1
                && Choice::of(&components, schema).is_none();
        }
    };
    walk::in_content(received.iter_mut(), &mut look);
    for name in named {
        if let Some(mut schema) = components.schemas.get(&name).cloned() {
            walk::in_reference(&mut schema, &mut look);
        }
    }
    if is_alike {
        return Err(Refusal::of_document(
            "a vendor sends one of several objects of a `oneOf`, and nothing tells them apart; let \
             each be a component, with a member that has one value of its own",
        ));
    }
    Ok(())
}

/// Drops limits, formats, patterns and defaults.
///
/// They are there for readers and validators. In Rust they would become types that refuse what a
/// vendor sends, or members that are written without having been set.
pub(super) fn drop_constraints(model: &mut OpenAPI) {
    walk::schemas_mut(model, &mut |schema| {
        schema.schema_data.default = None;
        schema.schema_data.title = None;
        let SchemaKind::Type(kind) = &mut schema.schema_kind else {
            return;
        };
        match kind {
            Type::String(string) => {
                let password = is_password(string);
                *string = StringType {
                    enumeration: std::mem::take(&mut string.enumeration),
                    ..StringType::default()
                };
                if password {
                    string.format =
                        openapiv3::VariantOrUnknownOrEmpty::Item(StringFormat::Password);
                }
            }
            Type::Integer(integer) => {
                *integer = IntegerType { format: integer.format.clone(), ..IntegerType::default() };
            }
            Type::Number(number) => *number = NumberType::default(),
            Type::Array(array) => {
                array.min_items = None;
                array.max_items = None;
                array.unique_items = false;
            }
            Type::Object(object) => {
                object.min_properties = None;
                object.max_properties = None;
            }
            Type::Boolean(_) => {}
        }
    });
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

/// Lets every object keep the members that the document doesn't know, at every level.
pub(super) fn keep_unknown_members(model: &mut OpenAPI) {
    walk::schemas_mut(model, &mut |schema| {
        if let SchemaKind::Type(Type::Object(
            object @ ObjectType {
                additional_properties: None | Some(AdditionalProperties::Any(_)),
                ..
            },
        )) = &mut schema.schema_kind
            && !object.properties.is_empty()
        {
            // `true` would drop them; an empty schema keeps them.
            object.additional_properties =
                Some(AdditionalProperties::Schema(Box::new(ReferenceOr::Item(anything()))));
        }
    });
}

fn anything() -> Schema {
    Schema {
        schema_data: SchemaData::default(),
        schema_kind: SchemaKind::Any(AnySchema::default()),
    }
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
    fn constraints_go_and_enums_stay() {
        let mut model = model(&json!({"components": {"schemas": {
            "A": {"type": "string", "enum": ["x"], "maxLength": 2, "pattern": "^x", "default": "x"},
            "B": {"type": "integer", "format": "int64", "minimum": 1},
            "C": {"type": "array", "items": {"type": "string", "format": "date-time"}, "maxItems": 3},
        }}}));
        super::drop_constraints(&mut model);
        assert_eq!(
            json(&model)["components"]["schemas"],
            json!({
                "A": {"type": "string", "enum": ["x"]},
                "B": {"type": "integer", "format": "int64"},
                "C": {"type": "array", "items": {"type": "string"}},
            })
        );
    }

    #[test]
    fn parameters_of_a_path_have_no_constraints_either() {
        let id = json!({"name": "id", "in": "path", "required": true,
            "schema": {"type": "string", "maxLength": 9}});
        let mut model = model(&json!({"paths": {"/a/{id}": {"parameters": [id]}}}));
        super::drop_constraints(&mut model);
        let path = &json(&model)["paths"]["/a/{id}"];
        assert_eq!(path["parameters"][0]["schema"], json!({"type": "string"}));
    }

    #[test]
    fn objects_keep_unknown_members_at_every_level() {
        let mut model = model(&json!({"components": {"schemas": {"A": {
            "type": "object", "properties": {"b": {"type": "object", "properties": {"c": {}}}},
        }}}}));
        super::keep_unknown_members(&mut model);
        let a = &json(&model)["components"]["schemas"]["A"];
        assert_eq!(a["additionalProperties"], json!({}));
        assert_eq!(a["properties"]["b"]["additionalProperties"], json!({}));
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
