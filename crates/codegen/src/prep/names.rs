use std::collections::BTreeMap;

use heck::ToSnakeCase;
use openapiv3::{OpenAPI, Operation, SchemaKind, Type};

use super::walk;
use crate::refusal::Refusal;

/// Arguments that the generated builders have themselves.
pub const RESERVED_ARGUMENTS: [&str; 10] = [
    "body_map",
    "client",
    "correlation_id",
    "into_parts",
    "new",
    "options",
    "place",
    "request_id",
    "self",
    "send",
];

/// The name that an argument or a member gets in Rust, apart from what keeps it from being a keyword.
#[must_use]
pub fn rust_name(name: &str) -> String {
    // progenitor's own exception: without it the two would be one.
    let name = match name {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        _ => {
            let odd = |c: char| !c.is_alphanumeric() && c != '_';
            name.replace('\'', "").replace(odd, "-").to_snake_case()
        }
    };
    if name.starts_with(|c: char| c.is_alphabetic()) { name } else { format!("x{name}") }
}

/// Refuses names that would collide in the generated Rust, where rustc would complain about code that
/// nobody wrote.
pub(super) fn refuse_collisions(model: &mut OpenAPI) -> Result<(), Refusal> {
    let components = model.components.clone().unwrap_or_default();
    for operation in walk::operations_mut(model) {
        let id = operation.operation_id.clone().unwrap_or_default();
        let refuse = |reason: String| Err(Refusal::of_operation(&id, reason));
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        for name in arguments(&components, operation) {
            let rust = rust_name(&name);
            if RESERVED_ARGUMENTS.contains(&rust.as_str())
                || rust == "body" && operation.request_body.is_some()
            {
                return refuse(format!(
                    "its parameter `{name}` has the name of a method that its builder has anyway"
                ));
            }
            if let Some(first) = seen.insert(rust, name.clone()) {
                return refuse(format!(
                    "its parameters `{first}` and `{name}` are the same name in Rust"
                ));
            }
        }
    }
    let mut fault: Option<String> = None;
    walk::schemas_mut(model, &mut |schema| {
        let found = match &schema.schema_kind {
            SchemaKind::Type(Type::Object(object)) => {
                member(object.properties.keys().map(String::as_str))
            }
            SchemaKind::Type(Type::String(string)) => string
                .enumeration
                .iter()
                .flatten()
                .find(|value| value.to_snake_case() == "unlisted")
                .map(|value| {
                    format!("the enum value `{value}` is the name that values without a name have")
                }),
            _ => None,
        };
        fault = fault.take().or(found);
    });
    fault.map_or(Ok(()), |reason| Err(Refusal::of_document(reason)))
}

fn arguments(components: &openapiv3::Components, operation: &Operation) -> Vec<String> {
    let parameters = operation.parameters.iter();
    parameters
        .filter_map(|parameter| walk::parameter(components, parameter))
        .map(|parameter| parameter.parameter_data_ref().name.clone())
        .collect()
}

fn member<'a>(names: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for name in names {
        let rust = rust_name(name);
        if rust == "extra" {
            return Some(format!(
                "a member `{name}` has the name of the field that keeps unknown members"
            ));
        }
        if let Some(first) = seen.insert(rust, name) {
            return Some(format!(
                "the members `{first}` and `{name}` of one object are the same name in Rust"
            ));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::testing::model;
    use serde_json::{Value, json};

    fn refusal(parts: &Value) -> String {
        super::refuse_collisions(&mut model(parts)).unwrap_err().reason
    }

    #[test]
    fn arguments_that_collide_are_refused() {
        let operation = |names: [&str; 2]| {
            let parameter = |name: &str| json!({"name": name, "in": "query", "schema": {}});
            json!({"paths": {"/a": {"get": {"operationId": "getA", "responses": {},
                "parameters": names.map(parameter)}}}})
        };
        assert!(refusal(&operation(["a", "request-id"])).contains("`request-id` has the name"));
        assert!(refusal(&operation(["a-b", "aB"])).contains("`a-b` and `aB` are the same"));
    }

    #[test]
    fn members_and_values_that_collide_are_refused() {
        let schema = |schema: Value| json!({"components": {"schemas": {"A": schema}}});
        let object = |members: Value| schema(json!({"type": "object", "properties": members}));
        assert!(refusal(&object(json!({"extra": {}}))).contains("keeps unknown members"));
        assert!(refusal(&object(json!({"a_b": {}, "a-b": {}}))).contains("the same name in Rust"));
        let votes = object(json!({"+1": {}, "-1": {}}));
        assert_eq!(super::refuse_collisions(&mut model(&votes)), Ok(()));
        let values = schema(json!({"type": "string", "enum": ["unlisted"]}));
        assert!(refusal(&values).contains("values without a name"));
    }
}
