//! What a response of success holds, as the document has it.

use letterhead_document::Media;
use openapiv3::{
    MediaType, OpenAPI, Operation, ReferenceOr, Response, Schema, SchemaData, SchemaKind,
    StatusCode, Type,
};
use serde_json::Value;

use super::rust_type;
use crate::prep::names::members;
use crate::prep::walk;

/// What a response of success holds.
pub(super) enum Received {
    Nothing,
    Value(Box<ReferenceOr<Schema>>, Option<List>),
    /// Another body with each status.
    ByStatus(Vec<Case>),
    /// Bytes, and the media types to ask for.
    Download(String),
    /// JSON in each line.
    Lines(Box<ReferenceOr<Schema>>, String),
}

/// What comes with a status, or with each of a hundred.
pub(super) struct Case {
    pub(super) status: StatusCode,
    /// None where no body comes.
    pub(super) schema: Option<ReferenceOr<Schema>>,
}

/// Where a response has its list.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum List {
    /// In the member `wire`, which is the field `field`.
    Member { wire: String, field: String },
    /// It is the list.
    Whole,
}

/// What a response of success holds. One without a body beside one with a body makes a nullable body.
pub(super) fn received(model: &OpenAPI, method: &str, operation: &Operation) -> Received {
    let mut cases: Vec<Case> = Vec::new();
    let mut lines: Option<ReferenceOr<Schema>> = None;
    let mut other: Vec<&str> = Vec::new();
    let responses = operation.responses.responses.iter();
    for (status, response) in responses.filter_map(|(status, it)| Some((status, it.as_item()?))) {
        let content = || response.content.iter();
        let of = |media| content().find(|(name, _)| Media::of(name) == media);
        let schema = chosen_json(response).and_then(|(_, media)| media.schema.clone());
        let schema = schema.filter(|schema| !rust_type::is(schema, "Download"));
        if schema.is_some() || response.content.is_empty() || method == "head" {
            cases
                .push(Case { status: status.clone(), schema: schema.filter(|_| method != "head") });
            continue;
        }
        if let Some((_, media)) = of(Media::Lines) {
            lines.clone_from(&media.schema);
        }
        other.extend(content().map(|(name, _)| name.as_str()));
    }
    let is_declared = !operation.responses.responses.is_empty();
    if !other.is_empty() || !is_declared {
        // JSON beside what isn't JSON is bytes as well.
        let json_types = json_types(operation).unwrap_or_else(|| "application/json".to_owned());
        let json = cases.iter().any(|case| case.schema.is_some()).then_some(&*json_types);
        let accept: Vec<&str> = other.into_iter().chain(json).collect();
        let accept = if accept.is_empty() { "*/*".to_owned() } else { accept.join(", ") };
        return match lines {
            Some(schema) if json.is_none() => Received::Lines(Box::new(schema), accept),
            _ => Received::Download(accept),
        };
    }
    let mut schemas: Vec<&ReferenceOr<Schema>> = Vec::new();
    for schema in cases.iter().filter_map(|case| case.schema.as_ref()) {
        if !schemas.contains(&schema) {
            schemas.push(schema);
        }
    }
    let is_empty = cases.iter().any(|case| case.schema.is_none());
    match schemas.as_slice() {
        [] => Received::Nothing,
        [schema] => {
            let list = list(model, schema, operation).filter(|_| method == "get" && !is_empty);
            let schema = if is_empty { nullable(schema) } else { (*schema).clone() };
            Received::Value(Box::new(schema), list)
        }
        _ => Received::ByStatus(cases),
    }
}

/// The media types of an operation's JSON, one for each response; none where all are `application/json`.
pub(super) fn json_types(operation: &Operation) -> Option<String> {
    let mut names: Vec<&str> = Vec::new();
    for response in operation.responses.responses.values().filter_map(ReferenceOr::as_item) {
        let chosen = chosen_json(response).map(|(name, _)| name);
        names.extend(chosen.filter(|name| !name.contains('*') && !names.contains(name)));
    }
    let is_plain = |name: &&str| Media::json_rank(name) == Some(0);
    (!names.iter().all(is_plain)).then(|| names.join(", "))
}

/// The JSON of a response that is asked for and decoded.
fn chosen_json(response: &Response) -> Option<(&str, &MediaType)> {
    let content = response.content.iter();
    let json = content.filter_map(|(name, media)| Some((Media::json_rank(name)?, name, media)));
    json.min_by_key(|(rank, ..)| *rank).map(|(_, name, media)| (name.as_str(), media))
}

fn nullable(schema: &ReferenceOr<Schema>) -> ReferenceOr<Schema> {
    ReferenceOr::Item(Schema {
        schema_data: SchemaData { nullable: true, ..SchemaData::default() },
        schema_kind: SchemaKind::AllOf { all_of: vec![schema.clone()] },
    })
}

/// The list that a response is there for: the one array that the document doesn't let be null, be it the response or a
/// member of it, or the one that `x-paging` names. A member that may be absent is something else of an object, unless the
/// operation says that it lists: a response without its list is an error.
fn list(model: &OpenAPI, schema: &ReferenceOr<Schema>, operation: &Operation) -> Option<List> {
    let schema = walk::schema(model, schema)?;
    let paging = operation.extensions.get("x-paging");
    let named = paging.and_then(|it| it.get("items")).and_then(Value::as_str);
    let id = operation.operation_id.as_deref().and_then(|id| id.strip_prefix("list"));
    let lists = paging.is_some() || id.is_some_and(|rest| !rest.starts_with(char::is_lowercase));
    let object = match &schema.schema_kind {
        SchemaKind::Type(Type::Object(object)) => object,
        SchemaKind::Type(Type::Array(_)) if !schema.schema_data.nullable => {
            return Some(List::Whole);
        }
        _ => return None,
    };
    let mut lists = object.properties.iter().filter(|(name, member)| {
        if named.is_some_and(|named| name.as_str() != named) {
            return false;
        }
        if !lists && !object.required.contains(name) {
            return false;
        }
        let member = walk::schema(model, member);
        member.is_some_and(|member| {
            let is_array = matches!(member.schema_kind, SchemaKind::Type(Type::Array(_)));
            is_array && !member.schema_data.nullable
        })
    });
    let (name, _) = lists.next()?;
    let is_alone = lists.next().is_none();
    let fields = members(&object.properties.keys());
    is_alone.then(|| List::Member { wire: name.clone(), field: fields[name.as_str()].clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn received_of(method: &str, operation: &Value, schemas: &Value) -> Received {
        let model: OpenAPI = serde_json::from_value(json!({
            "openapi": "3.0.3", "info": {"title": "T", "version": "1"},
            "paths": {"/a": {method: operation}}, "components": {"schemas": schemas},
        }))
        .unwrap();
        let (_, _, operation) = model.operations().next().unwrap();
        received(&model, method, operation)
    }

    #[test]
    fn a_list_is_the_one_array_that_may_not_be_null() {
        let object = |members: Value| json!({"type": "object", "properties": members});
        let array = json!({"type": "array", "items": {"type": "string"}});
        let nullable = json!({"type": "array", "nullable": true, "items": {"type": "string"}});
        let member =
            |name: &str| Some(List::Member { wire: name.to_owned(), field: name.to_owned() });
        let named = json!({"$ref": "#/components/schemas/Names"});
        let required = json!({"type": "object", "required": ["items"], "properties": {"items": array, "others": array}});
        for (id, method, schema, list) in [
            (
                "listA",
                "get",
                object(json!({"items": array, "errors": nullable, "total": {}})),
                member("items"),
            ),
            ("list_a", "get", object(json!({"content": named})), member("content")),
            ("list", "get", json!({"$ref": "#/components/schemas/Page"}), member("names")),
            ("listA", "post", object(json!({"items": array})), None),
            ("listA", "get", object(json!({"items": nullable})), None),
            ("listA", "get", object(json!({"items": array, "others": array})), None),
            // Something else of an object.
            ("getA", "get", object(json!({"tags": array})), None),
            ("listen", "get", object(json!({"tags": array})), None),
            ("getA", "get", required, member("items")),
            ("getA", "get", array.clone(), Some(List::Whole)),
            ("getA", "get", named.clone(), Some(List::Whole)),
            ("getA", "get", nullable.clone(), None),
            ("getA", "post", array.clone(), None),
            ("getA", "get", json!({"$ref": "#/components/schemas/Circle"}), None),
        ] {
            let content = json!({"application/json": {"schema": schema}});
            let response = json!({"description": "d", "content": content});
            let described = json!({"operationId": id, "responses": {"200": response}});
            let schemas = json!({
                "Names": array, "Page": object(json!({"names": named})),
                "Circle": {"$ref": "#/components/schemas/Circle"},
            });
            let Received::Value(_, found) = received_of(method, &described, &schemas) else {
                panic!("{schema} is a value");
            };
            assert_eq!(found, list, "{id} {method} {schema}");
        }
    }

    #[test]
    fn what_is_asked_for_is_what_is_decoded() {
        let content = json!({
            "*/*": {"schema": {"type": "number"}},
            "application/hal+json": {"schema": {"type": "string"}},
            "application/json": {"schema": {"type": "boolean"}},
        });
        let mut described = json!({"operationId": "a", "responses": {"200": {"description": "d", "content": content}}});
        let of = |described: &Value| {
            let Received::Value(schema, _) = received_of("get", described, &json!({})) else {
                panic!("a value");
            };
            let operation: Operation = serde_json::from_value(described.clone()).unwrap();
            (serde_json::to_value(schema).unwrap()["type"].clone(), json_types(&operation))
        };
        assert_eq!(of(&described), (json!("boolean"), None));
        let content = &mut described["responses"]["200"]["content"];
        content.as_object_mut().unwrap().remove("application/json");
        assert_eq!(of(&described), (json!("string"), Some("application/hal+json".to_owned())));
    }

    #[test]
    fn a_body_or_nothing_is_nullable() {
        let body = json!({"description": "d", "content": {"application/json": {"schema": {"type": "string"}}}});
        let responses = json!({"200": body, "204": {"description": "d"}});
        let described = json!({"operationId": "a", "responses": responses});
        let Received::Value(schema, _) = received_of("get", &described, &json!({})) else {
            panic!("a value");
        };
        let nullable = json!({"nullable": true, "allOf": [{"type": "string"}]});
        assert_eq!(serde_json::to_value(schema).unwrap(), nullable);
    }
}
