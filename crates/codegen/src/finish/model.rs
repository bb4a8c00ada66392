//! The operations as the document has them: what is sent where, and under which rules.

use openapiv3::{
    Components, OpenAPI, Operation as Described, Parameter, PathItem, ReferenceOr, SchemaKind, Type,
};
use serde_json::Value;

use crate::prep::{rust_name, walk};
use crate::refusal::Refusal;

/// An operation of the document.
pub(crate) struct Operation {
    /// Its name in the document.
    pub(super) id: String,
    /// In capitals.
    pub(super) method: String,
    /// The path, its arguments under their names in Rust.
    pub(super) path: String,
    /// The arguments in the path, in order.
    pub(super) segments: Vec<String>,
    /// The body among them.
    pub(super) arguments: Vec<Argument>,
    pub(super) retried: Retried,
    /// The clouds that offer it; none where the document doesn't say.
    pub(super) clouds: Vec<String>,
    /// The list that its response is there for, where it is an operation that lists.
    pub(super) list: Option<List>,
}

/// Where a response has its list.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum List {
    /// In this member.
    Member(String),
    /// It is the list.
    Whole,
}

/// An argument of an operation.
pub(super) struct Argument {
    /// Its name in Rust.
    pub(super) name: String,
    /// Its name on the wire.
    pub(super) wire: String,
    pub(super) place: Place,
    pub(super) is_required: bool,
    pub(super) description: String,
}

/// Where in the request an argument is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Path,
    Query,
    Header,
    Body,
}

/// When an operation is retried.
#[derive(Clone, Copy)]
pub(super) enum Retried {
    Always,
    SameRequestId,
    Never,
}

/// All operations of the document.
///
/// # Errors
/// An operation that uses what the layer has no call for, such as a form body.
pub(crate) fn operations(model: &OpenAPI) -> Result<Vec<Operation>, Refusal> {
    let mut found = Vec::new();
    for (path, item) in model.paths.iter() {
        for (method, operation) in item.as_item().into_iter().flat_map(PathItem::iter) {
            let item = item.as_item().into_iter();
            let shared = item.flat_map(|item| &item.parameters);
            found.push(Operation::of(model, path, method, operation, shared)?);
        }
    }
    Ok(found)
}

impl Operation {
    fn of<'m>(
        model: &'m OpenAPI,
        path: &str,
        method: &str,
        operation: &'m Described,
        shared: impl Iterator<Item = &'m ReferenceOr<Parameter>>,
    ) -> Result<Self, Refusal> {
        let id = operation.operation_id.clone().unwrap_or_default();
        let none = Components::default();
        let components = model.components.as_ref().unwrap_or(&none);
        let mut arguments: Vec<Argument> = Vec::new();
        for parameter in operation.parameters.iter().chain(shared) {
            let argument = Argument::of(components, parameter);
            // An operation's own parameter goes before the path's.
            let known = |argument: &Argument| {
                let mut known = arguments.iter();
                known.any(|it| it.name == argument.name && it.place == argument.place)
            };
            arguments.extend(argument.filter(|argument| !known(argument)));
        }
        if let Some(body) = &operation.request_body {
            let body = walk::request_body(components, body);
            let mut content = body.iter().flat_map(|body| body.content.keys());
            if !content.all(|name| walk::is_json(name)) {
                let reason = "its request body isn't JSON, which is all that the layer sends";
                return Err(Refusal::of_operation(id, reason));
            }
            arguments.push(Argument {
                name: "body".to_owned(),
                wire: String::new(),
                place: Place::Body,
                is_required: true,
                description: body.and_then(|body| body.description.clone()).unwrap_or_default(),
            });
        }
        let (path, segments) = in_rust(path);
        let clouds = operation.extensions.get("x-clouds");
        let clouds = clouds.and_then(Value::as_array).into_iter().flatten();
        Ok(Self {
            id,
            method: method.to_uppercase(),
            path,
            segments,
            arguments,
            retried: retried(operation, method),
            clouds: clouds.filter_map(Value::as_str).map(str::to_owned).collect(),
            list: list(model, operation).filter(|_| method == "get"),
        })
    }
}

impl Argument {
    fn of(components: &Components, parameter: &ReferenceOr<Parameter>) -> Option<Self> {
        let parameter = walk::parameter(components, parameter)?;
        let place = match parameter {
            Parameter::Path { .. } => Place::Path,
            Parameter::Query { .. } => Place::Query,
            Parameter::Header { .. } => Place::Header,
            Parameter::Cookie { .. } => return None,
        };
        let data = parameter.parameter_data_ref();
        Some(Self {
            name: rust_name(&data.name),
            wire: data.name.clone(),
            place,
            is_required: data.required,
            description: data.description.clone().unwrap_or_default(),
        })
    }
}

/// A path with the Rust names of its arguments, and these in order.
fn in_rust(path: &str) -> (String, Vec<String>) {
    let mut parts = path.split('{');
    let mut written = parts.next().unwrap_or_default().to_owned();
    let mut names = Vec::new();
    for part in parts {
        let (name, rest) = part.split_once('}').unwrap_or((part, ""));
        let name = rust_name(name);
        written.extend(["{", &name, "}", rest]);
        names.push(name);
    }
    (written, names)
}

/// What the document says, or HTTP's rule for the method.
fn retried(operation: &Described, method: &str) -> Retried {
    let word = operation.extensions.get("x-repeatable");
    match word.and_then(Value::as_str) {
        Some("always") => Retried::Always,
        Some("same-request-id") => Retried::SameRequestId,
        None if ["get", "head", "put", "delete"].contains(&method) => Retried::Always,
        _ => Retried::Never,
    }
}

/// The list that a response is there for: the one array that the document doesn't let be null, be it the
/// response or a member of it.
fn list(model: &OpenAPI, operation: &Described) -> Option<List> {
    let (_, response) = operation.responses.responses.first()?;
    let media = response.as_item()?.content.values().next()?;
    let schema = walk::schema(model, media.schema.as_ref()?)?;
    let object = match &schema.schema_kind {
        SchemaKind::Type(Type::Object(object)) => object,
        SchemaKind::Type(Type::Array(_)) if !schema.schema_data.nullable => {
            return Some(List::Whole);
        }
        _ => return None,
    };
    let mut lists = object.properties.iter().filter(|(_, member)| {
        let member = walk::schema(model, member);
        member.is_some_and(|member| {
            let is_array = matches!(member.schema_kind, SchemaKind::Type(Type::Array(_)));
            is_array && !member.schema_data.nullable
        })
    });
    let (name, _) = lists.next()?;
    let is_alone = lists.next().is_none();
    is_alone.then(|| List::Member(name.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_list_is_the_one_array_that_may_not_be_null() {
        let object = |members: Value| json!({"type": "object", "properties": members});
        let array = json!({"type": "array", "items": {"type": "string"}});
        let nullable = json!({"type": "array", "nullable": true, "items": {"type": "string"}});
        let member = |name: &str| Some(List::Member(name.to_owned()));
        let named = json!({"$ref": "#/components/schemas/Names"});
        for (method, schema, list) in [
            (
                "get",
                object(json!({"items": array, "errors": nullable, "total": {}})),
                member("items"),
            ),
            ("get", object(json!({"content": named})), member("content")),
            ("get", json!({"$ref": "#/components/schemas/Page"}), member("names")),
            ("post", object(json!({"items": array})), None),
            ("get", object(json!({"items": nullable})), None),
            ("get", object(json!({"items": array, "others": array})), None),
            ("get", array.clone(), Some(List::Whole)),
            ("get", named.clone(), Some(List::Whole)),
            ("get", nullable.clone(), None),
            ("post", array.clone(), None),
            ("get", json!({"$ref": "#/components/schemas/Circle"}), None),
        ] {
            let content = json!({"application/json": {"schema": schema}});
            let response = json!({"description": "d", "content": content});
            let operation = json!({"operationId": "a", "responses": {"200": response}});
            let model: OpenAPI = serde_json::from_value(json!({
                "openapi": "3.0.3", "info": {"title": "T", "version": "1"},
                "paths": {"/a": {method: operation}},
                "components": {"schemas": {
                    "Names": array, "Page": object(json!({"names": named})),
                    "Circle": {"$ref": "#/components/schemas/Circle"},
                }},
            }))
            .unwrap();
            let found = operations(&model).unwrap().remove(0);
            assert_eq!(found.list, list, "{method} {schema}");
        }
    }

    #[test]
    fn a_path_has_its_arguments_in_order() {
        let (path, segments) = in_rust("/owners/{owner-id}/pets/{petId}/all");
        assert_eq!(path, "/owners/{owner_id}/pets/{pet_id}/all");
        assert_eq!(segments, ["owner_id", "pet_id"]);
    }
}
