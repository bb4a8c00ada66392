//! What the document says about operations and arguments, and progenitor leaves out of its builders.

use std::collections::BTreeMap;

use openapiv3::{OpenAPI, Operation, ReferenceOr, SchemaKind, Type};
use syn::Ident;

use crate::prep::walk;

/// What is said of every operation, by its [`plain`] name.
pub(super) struct Docs(BTreeMap<String, Said>);

struct Said {
    /// The descriptions of its arguments, by their [`plain`] names.
    arguments: BTreeMap<String, String>,
    /// `x-repeatable`.
    repeatable: Option<String>,
    /// `x-clouds`.
    clouds: Vec<String>,
    /// The list that its response is there for.
    list: Option<List>,
}

/// Where a response has its list.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum List {
    /// In this member.
    Member(String),
    /// It is the list.
    Whole,
}

/// A name without its case and its separators: the document's spelling and Rust's are the same.
pub(crate) fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

impl Docs {
    pub(super) fn of(model: &OpenAPI) -> Self {
        let operations = model.operations().filter_map(|(_, method, operation)| {
            let id = operation.operation_id.as_ref()?;
            Some((plain(id), Said::of(model, method, operation)))
        });
        Self(operations.collect())
    }

    /// What the document says about `argument` of `operation`.
    pub(super) fn find(&self, operation: &str, argument: &str) -> Option<&str> {
        let text = self
            .0
            .get(&plain(operation))?
            .arguments
            .get(&plain(argument))?;
        Some(text)
    }

    /// The layer's word for whether `operation` may be repeated; HTTP's rule for its method where the
    /// document doesn't say.
    pub(super) fn repeatable(&self, operation: &str, method: &Ident) -> Ident {
        let said = self.0.get(&plain(operation));
        let word = match said.and_then(|said| said.repeatable.as_deref()) {
            Some("always") => "Always",
            Some("same-request-id") => "SameRequestId",
            None if ["GET", "HEAD", "PUT", "DELETE"]
                .iter()
                .any(|name| method == name) =>
            {
                "Always"
            }
            _ => "Never",
        };
        Ident::new(word, method.span())
    }

    /// Where the response of `operation` has its list, where it is one that lists.
    pub(super) fn list(&self, operation: &str) -> Option<&List> {
        self.0.get(&plain(operation))?.list.as_ref()
    }

    /// The clouds that offer `operation`; none where the document doesn't say.
    pub(super) fn clouds(&self, operation: &str) -> &[String] {
        self.0
            .get(&plain(operation))
            .map_or(&[], |said| &said.clouds)
    }
}

/// What a caller has to know of an operation's rules.
pub(super) fn rules(repeatable: &Ident, clouds: &[String]) -> String {
    let repeated = match repeatable.to_string().as_str() {
        "Always" => "It is repeated after whatever may pass",
        "SameRequestId" => {
            "It is repeated under its request id after no answer and after 429, not after another one"
        }
        _ => "It is repeated only where nothing was sent, and after 429",
    };
    let offered = match clouds.join(", ") {
        clouds if clouds.is_empty() => clouds,
        clouds => format!(" Offered in: {clouds}."),
    };
    format!(
        "{repeated}, as [`crate::RetryPolicy`] has it, and once with a new token after 401.{offered}"
    )
}

impl Said {
    fn of(model: &OpenAPI, method: &str, operation: &Operation) -> Self {
        let extension = |name: &str| operation.extensions.get(name);
        let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
        let clouds = extension("x-clouds").and_then(|clouds| clouds.as_array());
        Self {
            arguments: arguments(model, operation),
            repeatable: extension("x-repeatable").and_then(text),
            clouds: clouds.into_iter().flatten().filter_map(text).collect(),
            list: list(model, operation).filter(|_| method == "get"),
        }
    }
}

/// The list that a response is there for: the one array that the document doesn't let be null, be it the
/// response or a member of it.
fn list(model: &OpenAPI, operation: &Operation) -> Option<List> {
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

fn arguments(model: &OpenAPI, operation: &Operation) -> BTreeMap<String, String> {
    let components = model.components.as_ref();
    let parameters = operation.parameters.iter().filter_map(|parameter| {
        let parameter = match parameter {
            ReferenceOr::Item(parameter) => parameter,
            ReferenceOr::Reference { reference } => {
                let name = reference.strip_prefix("#/components/parameters/")?;
                components?.parameters.get(name)?.as_item()?
            }
        };
        let data = parameter.parameter_data_ref();
        Some((plain(&data.name), data.description.clone()?))
    });
    let body = operation.request_body.as_ref().and_then(|body| {
        let text = body.as_item()?.description.clone()?;
        Some(("body".to_owned(), text))
    });
    parameters.chain(body).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

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
            (
                "get",
                json!({"$ref": "#/components/schemas/Page"}),
                member("names"),
            ),
            ("post", object(json!({"items": array})), None),
            ("get", object(json!({"items": nullable})), None),
            (
                "get",
                object(json!({"items": array, "others": array})),
                None,
            ),
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
            assert_eq!(
                Docs::of(&model).list("a"),
                list.as_ref(),
                "{method} {schema}"
            );
        }
    }
}
