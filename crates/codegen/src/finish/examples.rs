//! The document's examples as Rust, for samples.

use openapiv3::{
    Components, MediaType, OpenAPI, Operation, Parameter, ParameterSchemaOrContent, ReferenceOr,
    Schema, SchemaKind, StringFormat, Type, VariantOrUnknownOrEmpty,
};
use serde_json::Value;

use crate::prep::{rust_name, walk};

/// Rust for a parameter's example, or for a value of its type.
pub(super) fn value(model: &OpenAPI, parameter: &Parameter) -> Option<String> {
    let data = parameter.parameter_data_ref();
    let ParameterSchemaOrContent::Schema(schema) = &data.format else {
        return None;
    };
    let schema = walk::schema(model, schema)?;
    let named = data.examples.values().find_map(|example| {
        let example = example.as_item()?;
        example.value.as_ref()
    });
    let given = data.example.as_ref().or(named);
    let given = given.or(schema.schema_data.example.as_ref());
    given.and_then(literal).or_else(|| {
        let value = match &schema.schema_kind {
            SchemaKind::Type(Type::Integer(_) | Type::Number(_)) => "1",
            SchemaKind::Type(Type::Boolean(_)) => "true",
            SchemaKind::Type(Type::Array(_)) => return None,
            _ => "\"…\"",
        };
        Some(value.to_owned())
    })
}

fn literal(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(format!("{text:?}")),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Array(items) => {
            let items: Option<Vec<String>> = items.iter().map(literal).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        Value::Null | Value::Object(_) => None,
    }
}

/// The members of the body's example that are plain texts and flags.
pub(super) fn members(
    model: &OpenAPI,
    components: &Components,
    operation: &Operation,
) -> Option<Vec<(String, String)>> {
    let body = walk::request_body(components, operation.request_body.as_ref()?)?;
    let media: &MediaType = body.content.values().next()?;
    let named = media.examples.values().find_map(|example| {
        let example = example.as_item()?;
        example.value.as_ref()
    });
    let example = media.example.as_ref().or(named)?.as_object()?;
    let schema = walk::schema(model, media.schema.as_ref()?)?;
    let SchemaKind::Type(Type::Object(object)) = &schema.schema_kind else {
        return None;
    };
    let found = example.iter().filter_map(|(name, value)| {
        let member: &ReferenceOr<Box<Schema>> = object.properties.get(name)?;
        let member = walk::schema(model, member)?;
        let is_plain = match &member.schema_kind {
            SchemaKind::Type(Type::String(string)) => {
                let password = VariantOrUnknownOrEmpty::Item(StringFormat::Password);
                string.enumeration.is_empty() && string.format != password
            }
            SchemaKind::Type(Type::Boolean(_)) => true,
            _ => false,
        };
        Some((rust_name(name), literal(value)?)).filter(|_| is_plain)
    });
    Some(found.collect())
}
