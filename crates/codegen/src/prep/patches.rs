use std::collections::BTreeSet;

use openapiv3::{MediaType, OpenAPI, ReferenceOr, Schema, SchemaData, SchemaKind, Type};

use super::{schemas, walk};
use crate::refusal::Refusal;

/// Makes every optional member of a PATCH body tri-state: left alone, cleared or set.
///
/// The members' own schemas stay as they are: a nested object replaces what was there.
pub(super) fn tri_state(model: &mut OpenAPI) -> Result<(), Refusal> {
    let components = model.components.clone().unwrap_or_default();
    let mut patches: Vec<(String, String)> = Vec::new();
    let mut others: Vec<MediaType> = Vec::new();
    for item in model.paths.paths.values() {
        let Some(item) = item.as_item() else { continue };
        for (method, operation) in item.iter() {
            let id = operation.operation_id.clone().unwrap_or_default();
            let body = operation
                .request_body
                .as_ref()
                .and_then(|body| walk::request_body(&components, body));
            let media = body.into_iter().flat_map(|body| body.content.values());
            for media in media {
                match &media.schema {
                    Some(ReferenceOr::Reference { reference }) if method == "patch" => {
                        let name = walk::schema_name(reference).unwrap_or(reference);
                        patches.push((id.clone(), name.to_owned()));
                    }
                    Some(ReferenceOr::Item(_)) if method == "patch" => {
                        return Err(Refusal::of_operation(
                            id,
                            "its PATCH body is written in place; give it a schema of its own in \
                             `components`",
                        ));
                    }
                    _ => others.push(media.clone()),
                }
            }
            for response in operation.responses.responses.values() {
                if let Some(response) = walk::response(&components, response) {
                    others.extend(response.content.values().cloned());
                }
            }
        }
    }
    let others: BTreeSet<String> = walk::reachable(&components, others.iter());
    for (operation, name) in patches {
        if others.contains(&name) {
            return Err(Refusal::of_operation(
                operation,
                format!(
                    "its PATCH body `{name}` is used elsewhere too, where a member can't be left \
                     alone; give the PATCH a schema of its own"
                ),
            ));
        }
        let schema = model.components.as_mut().and_then(|c| c.schemas.get_mut(&name));
        let Some(ReferenceOr::Item(schema)) = schema else {
            let reason =
                format!("its PATCH body `{name}` is another name for a schema; refer to that one");
            return Err(Refusal::of_operation(operation, reason));
        };
        let SchemaKind::Type(Type::Object(object)) = &mut schema.schema_kind else {
            let reason = format!(
                "its PATCH body `{name}` isn't an object with its members written out, so a member \
                 can't be left alone"
            );
            return Err(Refusal::of_operation(operation, reason));
        };
        for (member, property) in &mut object.properties {
            if !object.required.contains(member) {
                *property = ReferenceOr::Item(Box::new(patch_of(property)));
            }
        }
    }
    Ok(())
}

fn patch_of(property: &ReferenceOr<Box<Schema>>) -> Schema {
    let (description, inner) = match property {
        ReferenceOr::Reference { reference } => {
            (None, ReferenceOr::Reference { reference: reference.clone() })
        }
        ReferenceOr::Item(schema) => {
            let mut schema = (**schema).clone();
            let description = schema.schema_data.description.take();
            // `Patch` has a null of its own.
            schema.schema_data.nullable = false;
            let inner = match &mut schema.schema_kind {
                SchemaKind::AllOf { all_of } if all_of.len() == 1 => all_of.remove(0),
                _ => ReferenceOr::Item(schema),
            };
            (description, inner)
        }
    };
    let parameter = serde_json::to_value(&inner).unwrap_or_default();
    let data = SchemaData { description, ..SchemaData::default() };
    schemas::rust_type("Patch", &[parameter], data)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{json, model};
    use serde_json::{Value, json};

    fn document(response: &str) -> Value {
        let reference = |name: &str| json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}});
        json!({
            "paths": {"/a": {"patch": {
                "operationId": "patchA",
                "requestBody": {"content": reference("APatch")},
                "responses": {"200": {"description": "d", "content": reference(response)}},
            }}},
            "components": {"schemas": {
                "A": {"type": "object", "properties": {"n": {"type": "string"}}},
                "APatch": {"type": "object", "required": ["k"], "properties": {
                    "k": {"type": "string"},
                    "n": {"type": "string", "nullable": true, "description": "d"},
                    "r": {"nullable": true, "allOf": [{"$ref": "#/components/schemas/A"}]},
                }},
            }},
        })
    }

    #[test]
    fn optional_members_become_tri_state() {
        let mut model = model(&document("A"));
        super::tri_state(&mut model).unwrap();
        let members = &json(&model)["components"]["schemas"]["APatch"]["properties"];
        assert_eq!(members["k"], json!({"type": "string"}));
        assert_eq!(members["n"]["x-rust-type"]["path"], "letterhead::Patch");
        assert_eq!(members["n"]["x-rust-type"]["parameters"], json!([{"type": "string"}]));
        assert_eq!(members["n"]["description"], "d");
        assert_eq!(
            members["r"]["x-rust-type"]["parameters"],
            json!([{"$ref": "#/components/schemas/A"}])
        );
    }

    #[test]
    fn a_patch_body_is_an_object_written_out() {
        let mut parts = document("A");
        parts["components"]["schemas"]["APatch"] =
            json!({"allOf": [{"$ref": "#/components/schemas/A"}]});
        let refusal = super::tri_state(&mut model(&parts)).unwrap_err();
        assert!(refusal.reason.contains("isn't an object with its members written out"));
    }

    #[test]
    fn a_patch_body_has_a_schema_of_its_own() {
        let refusal = super::tri_state(&mut model(&document("APatch"))).unwrap_err();
        assert_eq!(refusal.operation.as_deref(), Some("patchA"));
        assert!(refusal.reason.contains("`APatch` is used elsewhere too"));
    }
}
