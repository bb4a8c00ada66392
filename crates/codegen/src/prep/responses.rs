use openapiv3::{OpenAPI, ReferenceOr, Response, Schema, SchemaData, SchemaKind, StatusCode};

use super::walk::{self, is_json, is_success};
use crate::refusal::Refusal;

/// Drops every response that isn't a success: the layer decodes failures itself, in one place, with
/// status and headers intact.
pub(super) fn drop_errors(model: &mut OpenAPI) {
    for operation in walk::operations_mut(model) {
        operation.responses.default = None;
        operation.responses.responses.retain(|status, _| is_success(status));
    }
}

/// Leaves each operation one success response, since a Rust method has one return type.
///
/// Several responses with the same body become the first; one with a body beside one without
/// becomes a nullable body.
pub(super) fn one_success(model: &mut OpenAPI) -> Result<(), Refusal> {
    let components = model.components.clone().unwrap_or_default();
    for operation in walk::operations_mut(model) {
        let mut bodies: Vec<ReferenceOr<Schema>> = Vec::new();
        let mut empty = false;
        let mut kept: Option<(StatusCode, Response)> = None;
        for (status, response) in &operation.responses.responses {
            let Some(response) = walk::response(&components, response) else {
                continue;
            };
            let mut content = response.content.iter();
            let json = content.find(|(name, _)| is_json(name));
            match json.map(|(_, media)| media) {
                Some(media) => {
                    let schema = media.schema.clone().ok_or_else(|| {
                        refusal(operation, format!("response {status} has no schema"))
                    })?;
                    if !bodies.contains(&schema) {
                        bodies.push(schema);
                    }
                    if bodies.len() == 1 && kept.as_ref().is_none_or(|(_, r)| r.content.is_empty())
                    {
                        kept = Some((status.clone(), response.clone()));
                    }
                }
                None if response.content.is_empty() => {
                    empty = true;
                    kept.get_or_insert_with(|| (status.clone(), response.clone()));
                }
                None => {
                    return Err(refusal(
                        operation,
                        format!("response {status} has no `application/json` content"),
                    ));
                }
            }
        }
        if bodies.len() > 1 {
            return Err(refusal(
                operation,
                "its success responses have different bodies; a method returns one type, so give \
                 them one schema",
            ));
        }
        let Some((status, mut response)) = kept else {
            return Err(refusal(operation, "it declares no success response"));
        };
        response.content.retain(|name, _| is_json(name));
        for media in response.content.values_mut().filter(|_| empty) {
            media.schema = media.schema.take().map(nullable);
        }
        operation.responses.responses =
            std::iter::once((status, ReferenceOr::Item(response))).collect();
    }
    Ok(())
}

fn refusal(operation: &openapiv3::Operation, reason: impl Into<String>) -> Refusal {
    match &operation.operation_id {
        Some(id) => Refusal::of_operation(id, reason),
        None => Refusal::of_document(reason),
    }
}

fn nullable(schema: ReferenceOr<Schema>) -> ReferenceOr<Schema> {
    ReferenceOr::Item(Schema {
        schema_data: SchemaData { nullable: true, ..SchemaData::default() },
        schema_kind: SchemaKind::AllOf { all_of: vec![schema] },
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{json, model};
    use serde_json::{Value, json};

    fn after(responses: &Value) -> Result<Value, super::Refusal> {
        let mut model = model(&json!({"paths": {"/a": {"get": {
            "operationId": "getA", "responses": responses,
        }}}}));
        super::drop_errors(&mut model);
        super::one_success(&mut model)?;
        Ok(json(&model)["paths"]["/a"]["get"]["responses"].clone())
    }

    fn body(schema: &Value) -> Value {
        json!({"description": "d", "content": {"application/json": {"schema": schema}}})
    }

    #[test]
    fn errors_go_and_equal_bodies_become_one() {
        let a = body(&json!({"type": "string"}));
        let left = after(&json!({"200": a, "201": a, "404": {"description": "d"}, "default": a}));
        assert_eq!(left.unwrap(), json!({"200": a}));
    }

    #[test]
    fn a_body_or_nothing_is_nullable() {
        let empty = json!({"description": "d"});
        let left = after(&json!({"200": body(&json!({"type": "string"})), "204": empty}));
        assert_eq!(
            left.unwrap()["200"]["content"]["application/json"]["schema"],
            json!({"nullable": true, "allOf": [{"type": "string"}]})
        );
        assert_eq!(after(&json!({"204": empty})).unwrap(), json!({"204": empty}));
    }

    #[test]
    fn two_bodies_are_refused() {
        let refusal = after(&json!({
            "200": body(&json!({"type": "string"})), "202": body(&json!({"type": "integer"})),
        }));
        assert_eq!(refusal.unwrap_err().operation.as_deref(), Some("getA"));
    }
}
