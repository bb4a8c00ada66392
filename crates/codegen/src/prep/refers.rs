//! What refers to component schemas.

use std::borrow::Borrow;
use std::collections::BTreeSet;

use openapiv3::{
    AdditionalProperties, Components, Content, Header, MediaType, OpenAPI, Operation, Parameter,
    ParameterSchemaOrContent, ReferenceOr, Response, Schema, SchemaKind, Type,
};
use serde_json::Value;

use super::walk::schema_name;

/// The component schemas that `content` leads to, through any number of references.
pub(super) fn reachable<'a>(
    components: &Components,
    content: impl Iterator<Item = &'a MediaType>,
) -> BTreeSet<String> {
    let mut open = Vec::new();
    for schema in content.filter_map(|media| media.schema.as_ref()) {
        each(schema, false, &mut |name, _| open.push(name.to_owned()));
    }
    let mut found = BTreeSet::new();
    while let Some(name) = open.pop() {
        if let Some(schema) = components.schemas.get(&name)
            && found.insert(name)
        {
            open.extend(names(schema).into_iter().map(str::to_owned));
        }
    }
    found
}

/// The component schemas that a schema refers to.
pub(crate) fn names(schema: &ReferenceOr<Schema>) -> Vec<&str> {
    let mut names = Vec::new();
    each(schema, false, &mut |name, _| names.push(name));
    names
}

/// The component schemas that some schema is put together of, or is another name of.
pub(super) fn parts(model: &OpenAPI, components: &Components) -> BTreeSet<String> {
    let mut parts = BTreeSet::new();
    let mut add = |name: &str, is_part: bool| {
        if is_part && !parts.contains(name) {
            parts.insert(name.to_owned());
        }
    };
    for schema in components.schemas.values() {
        each(schema, true, &mut add);
    }
    let mut places = Places { visit: &mut |schema| each(schema, false, &mut add) };
    components.parameters.values().for_each(|it| places.parameter(it));
    components.headers.values().for_each(|it| places.header(it));
    components.responses.values().for_each(|it| places.response(it));
    let bodies = components.request_bodies.values().filter_map(ReferenceOr::as_item);
    bodies.for_each(|body| places.content(&body.content));
    for item in model.paths.paths.values().filter_map(ReferenceOr::as_item) {
        item.parameters.iter().for_each(|it| places.parameter(it));
        item.iter().for_each(|(_, operation)| places.operation(operation));
    }
    parts
}

/// Visits every schema that isn't within another one.
struct Places<'v> {
    visit: &'v mut dyn FnMut(&ReferenceOr<Schema>),
}

impl Places<'_> {
    fn operation(&mut self, operation: &Operation) {
        operation.parameters.iter().for_each(|it| self.parameter(it));
        if let Some(ReferenceOr::Item(body)) = &operation.request_body {
            self.content(&body.content);
        }
        let responses = operation.responses.responses.values();
        responses.chain(&operation.responses.default).for_each(|it| self.response(it));
    }

    fn parameter(&mut self, parameter: &ReferenceOr<Parameter>) {
        if let ReferenceOr::Item(parameter) = parameter {
            self.format(&parameter.parameter_data_ref().format);
        }
    }

    fn header(&mut self, header: &ReferenceOr<Header>) {
        if let ReferenceOr::Item(header) = header {
            self.format(&header.format);
        }
    }

    fn response(&mut self, response: &ReferenceOr<Response>) {
        if let ReferenceOr::Item(response) = response {
            self.content(&response.content);
            response.headers.values().for_each(|it| self.header(it));
        }
    }

    fn format(&mut self, format: &ParameterSchemaOrContent) {
        match format {
            ParameterSchemaOrContent::Schema(schema) => (self.visit)(schema),
            ParameterSchemaOrContent::Content(content) => self.content(content),
        }
    }

    fn content(&mut self, content: &Content) {
        content.values().filter_map(|media| media.schema.as_ref()).for_each(&mut self.visit);
    }
}

/// Calls `visit` with every component schema that is referred to in a place, and whether it is a part of what stands
/// there; `is_part` says it of the place itself.
fn each<'s>(
    place: &'s ReferenceOr<impl Borrow<Schema>>,
    is_part: bool,
    visit: &mut dyn FnMut(&'s str, bool),
) {
    let schema: &Schema = match place {
        ReferenceOr::Reference { reference } => {
            return schema_name(reference).into_iter().for_each(|name| visit(name, is_part));
        }
        ReferenceOr::Item(schema) => schema.borrow(),
    };
    let rest = |rest: &'s Option<AdditionalProperties>, visit: &mut dyn FnMut(&'s str, bool)| {
        if let Some(AdditionalProperties::Schema(rest)) = rest {
            each(rest.as_ref(), false, visit);
        }
    };
    // A type of the library may have parameters, which are schemas.
    if let Some(rust_type) = schema.schema_data.extensions.get("x-rust-type") {
        in_json(rust_type, visit);
    }
    match &schema.schema_kind {
        SchemaKind::Type(Type::Object(object)) => {
            object.properties.values().for_each(|it| each(it, false, visit));
            rest(&object.additional_properties, visit);
        }
        SchemaKind::Type(Type::Array(array)) => {
            array.items.iter().for_each(|it| each(it, false, visit));
        }
        SchemaKind::Type(_) => {}
        SchemaKind::OneOf { one_of: parts }
        | SchemaKind::AllOf { all_of: parts }
        | SchemaKind::AnyOf { any_of: parts } => {
            for part in parts {
                each(part, true, visit);
            }
        }
        SchemaKind::Not { not } => each(not.as_ref(), false, visit),
        SchemaKind::Any(any) => {
            any.properties.values().chain(&any.items).for_each(|it| each(it, false, visit));
            any.not.iter().for_each(|it| each(it.as_ref(), false, visit));
            rest(&any.additional_properties, visit);
            let parts = any.one_of.iter().chain(&any.all_of).chain(&any.any_of);
            parts.for_each(|it| each(it, true, visit));
        }
    }
}

fn in_json<'s>(value: &'s Value, visit: &mut dyn FnMut(&'s str, bool)) {
    match value {
        Value::Object(members) => {
            if let Some(name) = members.get("$ref").and_then(Value::as_str).and_then(schema_name) {
                visit(name, false);
            }
            members.values().for_each(|it| in_json(it, visit));
        }
        Value::Array(items) => items.iter().for_each(|it| in_json(it, visit)),
        _ => {}
    }
}
