//! The type of a schema in its place: progenitor has those of components.

use openapiv3::{
    AdditionalProperties, IntegerFormat, IntegerType, OpenAPI, ReferenceOr, Schema, SchemaKind,
    Type as Kind, VariantOrUnknownOrEmpty,
};
use syn::{Type, parse_quote};

use super::syntax::ident;
use crate::prep::walk;

/// The type of a value, which `types` is in scope for.
pub(super) fn rust_type(schema: &ReferenceOr<Schema>) -> Type {
    let schema = match schema {
        ReferenceOr::Reference { reference } => return named(reference),
        ReferenceOr::Item(schema) => schema,
    };
    let ty = of_item(schema);
    if schema.schema_data.nullable { parse_quote!(::std::option::Option<#ty>) } else { ty }
}

/// Whether the library has the type `name` for a schema.
pub(super) fn is(schema: &ReferenceOr<Schema>, name: &str) -> bool {
    let found = schema.as_item().and_then(|it| it.schema_data.extensions.get("x-rust-type"));
    found.is_some_and(|found| found["path"] == format!("letterhead::{name}"))
}

fn named(reference: &str) -> Type {
    let name = ident(walk::schema_name(reference).unwrap_or("Json"));
    parse_quote!(types::#name)
}

fn of_item(schema: &Schema) -> Type {
    if let Some(found) = schema.schema_data.extensions.get("x-rust-type") {
        let path = found["path"].as_str().unwrap_or_default();
        let name = ident(path.rsplit("::").next().unwrap_or("Json"));
        return parse_quote!(crate::#name);
    }
    match &schema.schema_kind {
        SchemaKind::Type(Kind::String(_)) => parse_quote!(::std::string::String),
        SchemaKind::Type(Kind::Boolean(_)) => parse_quote!(bool),
        SchemaKind::Type(Kind::Number(_)) => parse_quote!(f64),
        SchemaKind::Type(Kind::Integer(integer)) => integer_type(integer),
        SchemaKind::Type(Kind::Array(array)) => {
            let items = array.items.clone().map(ReferenceOr::unbox);
            let items = items.map_or_else(|| parse_quote!(crate::Json), |items| rust_type(&items));
            parse_quote!(::std::vec::Vec<#items>)
        }
        SchemaKind::Type(Kind::Object(object)) => match &object.additional_properties {
            Some(AdditionalProperties::Schema(rest)) => {
                let rest = rust_type(rest);
                parse_quote!(::std::collections::BTreeMap<::std::string::String, #rest>)
            }
            _ => parse_quote!(crate::JsonObject),
        },
        SchemaKind::AllOf { all_of } if all_of.len() == 1 => rust_type(&all_of[0]),
        _ => parse_quote!(crate::Json),
    }
}

fn integer_type(integer: &IntegerType) -> Type {
    match &integer.format {
        VariantOrUnknownOrEmpty::Item(IntegerFormat::Int32) => parse_quote!(i32),
        VariantOrUnknownOrEmpty::Unknown(format) => match format.as_str() {
            "int8" => parse_quote!(i8),
            "int16" => parse_quote!(i16),
            "uint8" => parse_quote!(u8),
            "uint16" => parse_quote!(u16),
            "uint32" => parse_quote!(u32),
            "uint64" => parse_quote!(u64),
            _ => parse_quote!(i64),
        },
        _ => parse_quote!(i64),
    }
}

/// The object that a body is, whose builder is its argument.
pub(super) fn object<'m>(model: &'m OpenAPI, schema: &'m ReferenceOr<Schema>) -> Option<&'m str> {
    let ReferenceOr::Reference { reference } = schema else { return None };
    let name = walk::schema_name(reference)?;
    let found = model.components.as_ref()?.schemas.get(name)?.as_item()?;
    let is_object = matches!(&found.schema_kind, SchemaKind::Type(Kind::Object(object)) if !object.properties.is_empty());
    is_object.then_some(name)
}
