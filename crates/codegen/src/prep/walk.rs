//! Ways through the model that more than one pass needs.

use std::borrow::Borrow;

use openapiv3::{
    AdditionalProperties, AnySchema, Components, Header, MediaType, OpenAPI, Operation, Parameter,
    ParameterData, ParameterSchemaOrContent, PathItem, ReferenceOr, RequestBody, Response, Schema,
    SchemaKind, SecurityScheme, StatusCode, Type,
};

use super::sums;

const SCHEMAS: &str = "#/components/schemas/";

/// The component schema that a reference names.
pub(crate) fn schema_name(reference: &str) -> Option<&str> {
    reference.strip_prefix(SCHEMAS)
}

/// Every path item of the document.
pub(super) fn items_mut(model: &mut OpenAPI) -> impl Iterator<Item = &mut PathItem> {
    model.paths.paths.values_mut().filter_map(|item| match item {
        ReferenceOr::Item(item) => Some(item),
        ReferenceOr::Reference { .. } => None,
    })
}

/// Every operation of the document.
pub(super) fn operations_mut(model: &mut OpenAPI) -> impl Iterator<Item = &mut Operation> {
    items_mut(model).flat_map(slots).filter_map(|(_, operation)| operation.as_mut())
}

/// The places of a path item's operations, each with its method.
pub(crate) fn slots(item: &mut PathItem) -> [(&'static str, &mut Option<Operation>); 8] {
    [
        ("get", &mut item.get),
        ("put", &mut item.put),
        ("post", &mut item.post),
        ("delete", &mut item.delete),
        ("options", &mut item.options),
        ("head", &mut item.head),
        ("patch", &mut item.patch),
        ("trace", &mut item.trace),
    ]
}

/// Where a parameter travels.
pub(super) fn place_of(parameter: &Parameter) -> &'static str {
    match parameter {
        Parameter::Query { .. } => "query",
        Parameter::Header { .. } => "header",
        Parameter::Path { .. } => "path",
        Parameter::Cookie { .. } => "cookie",
    }
}

/// The names in a path's braces, in order.
pub(crate) fn names_in(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).map(|part| part.split_once('}').map_or(part, |(name, _)| name))
}

/// The pairs of a path's query that are a parameter each: the name of the pair, and that of the parameter.
pub(super) fn pairs(path: &str) -> impl Iterator<Item = (&str, &str)> {
    let (_, query, _) = around_query(path);
    query.split('&').filter_map(|it| pair(path, it))
}

/// A path without them.
pub(crate) fn without_pairs(path: &str) -> String {
    let (before, query, behind) = around_query(path);
    let kept: Vec<&str> = query.split('&').filter(|it| pair(path, it).is_none()).collect();
    let kept = kept.join("&");
    let before = if kept.is_empty() { before.trim_end_matches('?') } else { before };
    [before, &kept, behind].concat()
}

/// A path up to its question mark, its query, and what is behind that.
fn around_query(path: &str) -> (&str, &str, &str) {
    let end = path.find('#').unwrap_or(path.len());
    let start = path[..end].find('?').map_or(end, |mark| mark + 1);
    (&path[..start], &path[start..end], &path[end..])
}

fn pair<'p>(path: &str, written: &'p str) -> Option<(&'p str, &'p str)> {
    let (name, value) = written.split_once('=')?;
    let parameter = value.strip_prefix('{')?.strip_suffix('}')?;
    let is_alone = names_in(path).filter(|it| *it == parameter).count() == 1;
    (is_alone && !name.contains('{')).then_some((name, parameter))
}

/// What every kind of parameter has.
pub(super) fn data_mut(parameter: &mut Parameter) -> &mut ParameterData {
    match parameter {
        Parameter::Query { parameter_data, .. }
        | Parameter::Header { parameter_data, .. }
        | Parameter::Path { parameter_data, .. }
        | Parameter::Cookie { parameter_data, .. } => parameter_data,
    }
}

/// Calls `visit` with every schema that is written out anywhere, inner ones first.
pub(crate) fn schemas_mut(model: &mut OpenAPI, visit: &mut dyn FnMut(&mut Schema)) {
    for item in items_mut(model) {
        for parameter in &mut item.parameters {
            in_parameter(parameter, visit);
        }
    }
    for operation in operations_mut(model) {
        for parameter in &mut operation.parameters {
            in_parameter(parameter, visit);
        }
        if let Some(ReferenceOr::Item(body)) = &mut operation.request_body {
            in_content(body.content.values_mut(), visit);
        }
        for response in operation.responses.responses.values_mut() {
            if let ReferenceOr::Item(response) = response {
                in_content(response.content.values_mut(), visit);
            }
        }
    }
    let Some(components) = &mut model.components else {
        return;
    };
    for schema in components.schemas.values_mut() {
        in_reference(schema, visit);
    }
    for parameter in components.parameters.values_mut() {
        in_parameter(parameter, visit);
    }
    for body in components.request_bodies.values_mut() {
        if let ReferenceOr::Item(body) = body {
            in_content(body.content.values_mut(), visit);
        }
    }
    for response in components.responses.values_mut() {
        if let ReferenceOr::Item(response) = response {
            in_content(response.content.values_mut(), visit);
        }
    }
}

fn in_parameter(parameter: &mut ReferenceOr<Parameter>, visit: &mut dyn FnMut(&mut Schema)) {
    if let ReferenceOr::Item(parameter) = parameter
        && let ParameterSchemaOrContent::Schema(schema) = &mut data_mut(parameter).format
    {
        in_reference(schema, visit);
    }
}

/// Calls `visit` with every schema that is written out in `content`, inner ones first.
pub(super) fn in_content<'a>(
    content: impl Iterator<Item = &'a mut MediaType>,
    visit: &mut dyn FnMut(&mut Schema),
) {
    for schema in content.filter_map(|media| media.schema.as_mut()) {
        in_reference(schema, visit);
    }
}

/// Calls `visit` with `schema` and every one that is written out in it, inner ones first.
pub(super) fn in_reference(schema: &mut ReferenceOr<Schema>, visit: &mut dyn FnMut(&mut Schema)) {
    if let ReferenceOr::Item(schema) = schema {
        in_schema(schema, visit);
    }
}

fn in_boxed(schema: &mut ReferenceOr<Box<Schema>>, visit: &mut dyn FnMut(&mut Schema)) {
    if let ReferenceOr::Item(schema) = schema {
        in_schema(schema, visit);
    }
}

fn in_schema(schema: &mut Schema, visit: &mut dyn FnMut(&mut Schema)) {
    match &mut schema.schema_kind {
        SchemaKind::Type(Type::Object(object)) => {
            for property in object.properties.values_mut() {
                in_boxed(property, visit);
            }
            if let Some(AdditionalProperties::Schema(rest)) = &mut object.additional_properties {
                in_reference(rest, visit);
            }
        }
        SchemaKind::Type(Type::Array(array)) => {
            if let Some(items) = &mut array.items {
                in_boxed(items, visit);
            }
        }
        SchemaKind::OneOf { one_of: parts }
        | SchemaKind::AllOf { all_of: parts }
        | SchemaKind::AnyOf { any_of: parts } => {
            for part in parts {
                in_reference(part, visit);
            }
        }
        SchemaKind::Any(any) => {
            for property in any.properties.values_mut().chain(&mut any.items) {
                in_boxed(property, visit);
            }
            if let Some(AdditionalProperties::Schema(rest)) = &mut any.additional_properties {
                in_reference(rest, visit);
            }
            for part in [&mut any.one_of, &mut any.all_of, &mut any.any_of].into_iter().flatten() {
                in_reference(part, visit);
            }
        }
        SchemaKind::Type(_) | SchemaKind::Not { .. } => {}
    }
    visit(schema);
}

/// Whether progenitor replaces the schema by a type of the library.
pub(super) fn is_rust_type(schema: &Schema) -> bool {
    schema.schema_data.extensions.contains_key("x-rust-type")
}

/// Whether a schema says nothing.
pub(crate) fn is_anything(schema: &Schema) -> bool {
    !is_rust_type(schema)
        && matches!(&schema.schema_kind, SchemaKind::Any(any) if *any == AnySchema::default())
}

/// Whether nothing but null fits.
pub(super) fn is_null(part: &ReferenceOr<Schema>) -> bool {
    let Some(SchemaKind::Any(any)) = part.as_item().map(|schema| &schema.schema_kind) else {
        return false;
    };
    let rest = AnySchema { enumeration: Vec::new(), typ: None, ..any.clone() };
    let is_word = any.typ.as_deref() == Some("null") && any.enumeration.is_empty();
    (any.enumeration == [serde_json::Value::Null] || is_word) && rest == AnySchema::default()
}

/// Whether null fits as well.
pub(super) fn is_nullable(schema: &Schema) -> bool {
    let is_part = |part: &ReferenceOr<Schema>| {
        is_null(part) || part.as_item().is_some_and(|part| part.schema_data.nullable)
    };
    let is_in_parts = match &schema.schema_kind {
        SchemaKind::OneOf { one_of: parts } | SchemaKind::AnyOf { any_of: parts } => {
            parts.iter().any(is_part)
        }
        SchemaKind::Any(any) => any.one_of.iter().chain(&any.any_of).any(is_part),
        _ => false,
    };
    schema.schema_data.nullable || is_in_parts
}

/// The schema behind any number of references, or the schema itself.
pub(crate) fn schema<'a, S: Borrow<Schema>>(
    model: &'a OpenAPI,
    schema: &'a ReferenceOr<S>,
) -> Option<&'a Schema> {
    match schema {
        ReferenceOr::Item(schema) => Some(schema.borrow()),
        ReferenceOr::Reference { .. } => sums::resolved(model.components.as_ref()?, schema),
    }
}

/// Whether a status is one of success.
pub(crate) fn is_success(status: &StatusCode) -> bool {
    match status {
        StatusCode::Code(code) => (200..300).contains(code),
        StatusCode::Range(range) => *range == 2,
    }
}

/// How many references may lead from one to the next: those in a circle lead nowhere.
const MOST_REFERENCES: usize = 50;

/// What is behind any number of references, of which `next` finds the next place.
fn behind<'a, T>(
    mut place: &'a ReferenceOr<T>,
    next: impl Fn(&'a str) -> Option<&'a ReferenceOr<T>>,
) -> Option<&'a T> {
    for _ in 0..MOST_REFERENCES {
        match place {
            ReferenceOr::Item(item) => return Some(item),
            ReferenceOr::Reference { reference } => place = next(reference)?,
        }
    }
    None
}

/// The parameter behind references, or the parameter itself.
pub(crate) fn parameter<'a>(
    components: &'a Components,
    parameter: &'a ReferenceOr<Parameter>,
) -> Option<&'a Parameter> {
    let all = &components.parameters;
    behind(parameter, |it| all.get(it.strip_prefix("#/components/parameters/")?))
}

/// The response behind references, or the response itself.
pub(crate) fn response<'a>(
    components: &'a Components,
    response: &'a ReferenceOr<Response>,
) -> Option<&'a Response> {
    let all = &components.responses;
    behind(response, |it| all.get(it.strip_prefix("#/components/responses/")?))
}

/// The header behind references, or the header itself.
pub(super) fn header<'a>(
    components: &'a Components,
    header: &'a ReferenceOr<Header>,
) -> Option<&'a Header> {
    let all = &components.headers;
    behind(header, |it| all.get(it.strip_prefix("#/components/headers/")?))
}

/// The security scheme of a name, behind references as well.
pub(super) fn security_scheme<'a>(
    components: &'a Components,
    name: &str,
) -> Option<&'a SecurityScheme> {
    let all = &components.security_schemes;
    behind(all.get(name)?, |it| all.get(it.strip_prefix("#/components/securitySchemes/")?))
}

/// The request body behind references, or the request body itself.
pub(crate) fn request_body<'a>(
    components: &'a Components,
    body: &'a ReferenceOr<RequestBody>,
) -> Option<&'a RequestBody> {
    let all = &components.request_bodies;
    behind(body, |it| all.get(it.strip_prefix("#/components/requestBodies/")?))
}
