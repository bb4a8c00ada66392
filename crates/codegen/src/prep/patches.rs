use std::collections::BTreeSet;

use openapiv3::{MediaType, OpenAPI, ReferenceOr, Schema, SchemaData, SchemaKind, Type};

use super::names::Taken;
use super::{schemas, walk};

/// Makes every optional member of a PATCH body tri-state: left alone, cleared or set.
///
/// The members' own schemas stay as they are: a nested object replaces what was there. A body that is used elsewhere
/// too, where a member can't be left alone, gets a type of its own.
pub(super) fn tri_state(model: &mut OpenAPI) {
    let Some(mut components) = model.components.take() else { return };
    let mut bodies: BTreeSet<String> = BTreeSet::new();
    let mut others: Vec<MediaType> = Vec::new();
    for (_, method, operation) in model.operations() {
        let responses = operation.responses.responses.values();
        let responses = responses.filter_map(|response| walk::response(&components, response));
        others.extend(responses.flat_map(|response| response.content.values().cloned()));
        let body = operation.request_body.as_ref();
        let body = body.and_then(|body| walk::request_body(&components, body));
        for media in body.into_iter().flat_map(|body| body.content.values()) {
            match named(media) {
                Some(name) if method == "patch" => {
                    bodies.insert(name.to_owned());
                    // What its members lead to isn't the body itself.
                    let members = components.schemas.get(name).and_then(ReferenceOr::as_item);
                    let members = members.into_iter().flat_map(members_of);
                    others.extend(
                        members.map(|schema| MediaType {
                            schema: Some(schema),
                            ..MediaType::default()
                        }),
                    );
                }
                _ => others.push(media.clone()),
            }
        }
    }
    let others: BTreeSet<String> = walk::reachable(&components, others.iter());
    let names: Vec<&str> = components.schemas.keys().map(String::as_str).collect();
    let mut taken = Taken::of(&names);
    for name in bodies {
        let Some(schema) = components.schemas.get(&name).and_then(ReferenceOr::as_item) else {
            continue;
        };
        let Some(patch) = tri_state_of(schema) else { continue };
        let own =
            if others.contains(&name) { taken.take(&format!("{name}Patch")) } else { name.clone() };
        for (_, operation) in
            walk::items_mut(model).flat_map(walk::slots).filter(|(method, _)| *method == "patch")
        {
            let body = operation.iter_mut().flat_map(|operation| &mut operation.request_body);
            let content = body.filter_map(|body| match body {
                ReferenceOr::Item(body) => Some(body.content.values_mut()),
                ReferenceOr::Reference { .. } => None,
            });
            for media in content.flatten().filter(|media| named(media) == Some(&name)) {
                let reference = format!("#/components/schemas/{own}");
                media.schema = Some(ReferenceOr::Reference { reference });
            }
        }
        components.schemas.insert(own, ReferenceOr::Item(patch));
    }
    model.components = Some(components);
}

/// The component that is a body.
fn named(media: &MediaType) -> Option<&str> {
    let reference = match media.schema.as_ref()? {
        ReferenceOr::Reference { reference } => reference,
        ReferenceOr::Item(Schema { schema_kind: SchemaKind::AllOf { all_of }, .. }) => {
            match all_of.as_slice() {
                [ReferenceOr::Reference { reference }] => reference,
                _ => return None,
            }
        }
        ReferenceOr::Item(_) => return None,
    };
    walk::schema_name(reference)
}

fn members_of(schema: &Schema) -> Vec<ReferenceOr<Schema>> {
    match &schema.schema_kind {
        SchemaKind::Type(Type::Object(object)) => {
            object.properties.values().map(|member| member.clone().unbox()).collect()
        }
        _ => Vec::new(),
    }
}

/// An object whose optional members are tri-state; none for what has no members.
fn tri_state_of(schema: &Schema) -> Option<Schema> {
    let mut schema = schema.clone();
    let SchemaKind::Type(Type::Object(object)) = &mut schema.schema_kind else {
        return None;
    };
    for (member, property) in &mut object.properties {
        if !object.required.contains(member) {
            *property = ReferenceOr::Item(Box::new(patch_of(property)));
        }
    }
    Some(schema)
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
        super::tri_state(&mut model);
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
    fn a_patch_body_that_is_used_elsewhere_gets_a_type_of_its_own() {
        let mut model = model(&document("APatch"));
        super::tri_state(&mut model);
        let json = json(&model);
        let schema =
            &json["paths"]["/a"]["patch"]["requestBody"]["content"]["application/json"]["schema"];
        assert_eq!(schema, &json!({"$ref": "#/components/schemas/APatchPatch"}));
        let schemas = &json["components"]["schemas"];
        assert_eq!(schemas["APatch"]["properties"]["n"]["nullable"], true);
        assert_eq!(
            schemas["APatchPatch"]["properties"]["n"]["x-rust-type"]["path"],
            "letterhead::Patch"
        );
    }
}
