//! What a PATCH does to each member of its body.

use std::collections::{BTreeMap, BTreeSet};

use letterhead_document::Media;
use openapiv3::{
    AdditionalProperties, Components, MediaType, OpenAPI, Operation, ReferenceOr, Schema,
    SchemaData, SchemaKind, Type,
};
use serde_json::{Value, json};

use super::names::Taken;
use super::places::{boxed, to};
use super::{refers, schemas, sums, walk};

type Place = ReferenceOr<Schema>;

/// Says of a schema that it is made for a PATCH, as one whose name ends in `Patch` is.
pub(crate) const EXTENSION: &str = "x-patch";

/// Says of a schema that it was made for the body of one operation, which alone has it. `feed` takes it away.
pub(crate) const OF_BODY: &str = "x-made-for-a-body";

/// How deep choices may be in choices: one that contains itself has no end.
const MOST_NESTED: usize = 50;

/// Makes every optional member of a PATCH body tri-state: left alone, cleared or set.
///
/// In a merge patch the objects in it are merged as well; elsewhere a nested object replaces what was there, and so
/// stays as it is. What isn't JSON has no null, and so no third state.
///
/// The body has a type of its own, with `Patch` or `MergePatch` behind the schema's name, whatever else the schema is used for: the
/// name doesn't change with other operations. What is made for the operation, or for a PATCH and nothing else, keeps
/// its name.
pub(super) fn tri_state(model: &mut OpenAPI) {
    // Operations alone are changed; a copy of the components would be most of a large document.
    let Some(mut components) = model.components.take() else { return };
    let names: Vec<&str> = components.schemas.keys().map(String::as_str).collect();
    let mut patches = Patches {
        components: &components,
        elsewhere: elsewhere(model, &components),
        taken: Taken::of(&names),
        names: BTreeMap::new(),
        made: BTreeMap::new(),
    };
    // What is made for both is what a merge patch needs, which any other one may have as well.
    for is_merged in [true, false] {
        for item in walk::items_mut(model) {
            if let Some(operation) = &mut item.patch {
                patches.body(operation, is_merged);
            }
        }
    }
    let made = patches.made.into_iter().map(|(name, it)| (name, ReferenceOr::Item(it)));
    components.schemas.extend(made);
    model.components = Some(components);
}

/// The components that responses and the bodies of other methods lead to.
fn elsewhere(model: &OpenAPI, components: &Components) -> BTreeSet<String> {
    let content = model.operations().flat_map(|(_, method, operation)| {
        let body = operation.request_body.iter().filter(move |_| method != "patch");
        let body = body.filter_map(ReferenceOr::as_item).flat_map(|body| body.content.values());
        let responses = operation.responses.responses.values().filter_map(ReferenceOr::as_item);
        body.chain(responses.flat_map(|response| response.content.values()))
    });
    refers::reachable(components, content)
}

struct Patches<'m> {
    components: &'m Components,
    /// The components that are in what no PATCH sends.
    elsewhere: BTreeSet<String>,
    taken: Taken,
    /// What components are in a PATCH, and in a merge patch.
    names: BTreeMap<(String, bool), String>,
    made: BTreeMap<String, Schema>,
}

impl Patches<'_> {
    fn body(&mut self, operation: &mut Operation, is_merged: bool) {
        let Some(ReferenceOr::Item(body)) = &mut operation.request_body else { return };
        let mut content = body.content.iter();
        let json = content.find(|(name, _)| Media::of(name) == Media::Json);
        let json = json.map(|(name, media)| (name.clone(), media.schema.clone()));
        for (name, media) in &mut body.content {
            // Of media types with one schema it is JSON that is sent.
            let sent = match &json {
                Some((json, schema)) if *schema == media.schema => json,
                _ => name,
            };
            if Media::of(sent) == Media::Json
                && sent.contains("merge-patch+json") == is_merged
                && let Some(schema) = &media.schema
            {
                media.schema = Some(self.place(schema, is_merged));
            }
        }
    }

    /// A schema in its place as what changes it.
    fn place(&mut self, place: &Place, is_merged: bool) -> Place {
        match place {
            ReferenceOr::Reference { reference } => match walk::schema_name(reference) {
                Some(name) => to(&self.component(name, is_merged)),
                None => place.clone(),
            },
            ReferenceOr::Item(schema) => {
                let mut schema = schema.clone();
                self.change(&mut schema.schema_kind, "", is_merged);
                ReferenceOr::Item(schema)
            }
        }
    }

    /// The type of what changes a component.
    fn component(&mut self, name: &str, is_merged: bool) -> String {
        let components = self.components;
        let found = components.schemas.get(name).and_then(ReferenceOr::as_item);
        let Some(schema) = found.filter(|schema| self.has_members(schema, MOST_NESTED)) else {
            return name.to_owned();
        };
        let says = |extension| schema.schema_data.extensions.contains_key(extension);
        let is_made_for_it = says(OF_BODY)
            || says(EXTENSION)
            || name.ends_with("Patch") && !self.elsewhere.contains(name);
        let key = (name.to_owned(), is_merged && !is_made_for_it);
        if let Some(known) = self.names.get(&key) {
            return known.clone();
        }
        let wanted = match key.1 {
            _ if is_made_for_it => name.to_owned(),
            true => self.taken.take(&format!("{name}MergePatch")),
            false => self.taken.take(&format!("{name}Patch")),
        };
        // Before what is in it, which may have it in turn.
        self.names.insert(key, wanted.clone());
        let mut schema = schema.clone();
        self.change(&mut schema.schema_kind, name, is_merged);
        if let Some(discriminator) = &mut schema.schema_data.discriminator {
            for ty in discriminator.mapping.values_mut() {
                *ty = self.component(ty, is_merged);
            }
        }
        self.made.insert(wanted.clone(), schema);
        wanted
    }

    fn change(&mut self, kind: &mut SchemaKind, name: &str, is_merged: bool) {
        match kind {
            SchemaKind::Type(Type::Object(object)) if object.properties.is_empty() => {
                if let Some(AdditionalProperties::Schema(rest)) = &mut object.additional_properties
                    && !rest.as_item().is_some_and(walk::is_anything)
                {
                    let value = if is_merged { self.place(rest, true) } else { (**rest).clone() };
                    // Null takes an entry away.
                    **rest = nullable(value);
                }
            }
            SchemaKind::Type(Type::Object(object)) => {
                let keeps_its_name =
                    self.names.get(&(name.to_owned(), false)).is_some_and(|it| it == name);
                for (member, property) in &mut object.properties {
                    let mut value = property.clone().unbox();
                    // A type that were set in itself would have no end, and so it is only left out or there.
                    let is_in_itself = keeps_its_name
                        && sums::name_of(&value).is_some()
                        && self.leads_to(&value, name);
                    // What is in itself would have no end: it stays as it is.
                    if is_merged && !self.leads_to(&value, name) {
                        value = self.place(&value, true);
                    }
                    if !object.required.contains(member) && !is_in_itself {
                        value = ReferenceOr::Item(patch_of(value));
                    }
                    *property = boxed(value);
                }
            }
            SchemaKind::OneOf { one_of: parts } | SchemaKind::AllOf { all_of: parts } => {
                for part in parts {
                    *part = self.place(part, is_merged);
                }
            }
            _ => {}
        }
    }

    fn leads_to(&self, place: &Place, name: &str) -> bool {
        let media = MediaType { schema: Some(place.clone()), ..MediaType::default() };
        refers::reachable(self.components, std::iter::once(&media)).contains(name)
    }

    /// Whether a schema has anything that a PATCH may leave alone.
    fn has_members(&self, schema: &Schema, most: usize) -> bool {
        match &schema.schema_kind {
            SchemaKind::Type(Type::Object(object)) => {
                !object.properties.is_empty() || object.additional_properties.is_some()
            }
            SchemaKind::OneOf { one_of: parts } | SchemaKind::AllOf { all_of: parts } => {
                let mut parts =
                    parts.iter().filter_map(|part| sums::resolved(self.components, part));
                most > 0 && parts.any(|part| self.has_members(part, most - 1))
            }
            _ => false,
        }
    }
}

fn nullable(place: Place) -> Place {
    ReferenceOr::Item(match place {
        ReferenceOr::Item(mut schema) => {
            schema.schema_data.nullable = true;
            schema
        }
        place @ ReferenceOr::Reference { .. } => Schema {
            schema_data: SchemaData { nullable: true, ..SchemaData::default() },
            schema_kind: SchemaKind::AllOf { all_of: vec![place] },
        },
    })
}

/// A member that is left alone, cleared or set.
fn patch_of(place: Place) -> Schema {
    let (description, inner) = match place {
        ReferenceOr::Reference { .. } => (None, place),
        ReferenceOr::Item(mut schema) => {
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
    let parameter = json_schema(serde_json::to_value(&inner).unwrap_or_default());
    let data = SchemaData { description, ..SchemaData::default() };
    schemas::rust_type("Patch", &[parameter], data)
}

/// A schema as type parameters have it: JSON Schema knows no `nullable`.
fn json_schema(schema: Value) -> Value {
    let Value::Object(mut members) = schema else { return schema };
    let is_nullable = members.remove("nullable") == Some(Value::Bool(true));
    for inner in ["items", "additionalProperties"] {
        if let Some(inner) = members.get_mut(inner) {
            *inner = json_schema(inner.take());
        }
    }
    let schema = Value::Object(members);
    if is_nullable { json!({"oneOf": [{"type": "null"}, schema]}) } else { schema }
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
    fn what_keeps_its_name_is_not_set_in_itself() {
        let mut document = document("A");
        let schemas = &mut document["components"]["schemas"];
        let own = json!({"$ref": "#/components/schemas/APatch"});
        let list = json!({"type": "array", "items": own});
        schemas["APatch"]["properties"] =
            json!({"own": own, "by": {"$ref": "#/components/schemas/By"}, "all": list});
        schemas["By"] = json!({"type": "object", "properties": {"own": own}});
        let mut model = model(&document);
        super::tri_state(&mut model);
        let members = &json(&model)["components"]["schemas"]["APatch"]["properties"];
        assert_eq!(members["own"], own);
        assert_eq!(members["by"], json!({"$ref": "#/components/schemas/By"}));
        assert_eq!(members["all"]["x-rust-type"]["parameters"], json!([list]));
    }

    #[test]
    fn a_body_has_a_type_of_its_own_unless_it_is_made_for_a_patch() {
        let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let patch = |media: &str, name: &str| {
            let content = json!({media: {"schema": reference(name)}});
            json!({"patch": {
                "operationId": "op", "requestBody": {"content": content}, "responses": {},
            }})
        };
        let object = json!({"type": "object", "properties": {"n": {"type": "string"}}});
        let mut made = object.clone();
        made["x-patch"] = json!(true);
        let mut of_op = object.clone();
        of_op[super::OF_BODY] = json!(true);
        let mut model = model(&json!({
            "paths": {
                "/a": patch("application/json", "A"),
                "/b": patch("application/json", "BPatch"),
                "/c": patch("application/json", "Made"),
                "/d": patch("application/merge-patch+json", "A"),
                "/e": patch("application/x-www-form-urlencoded", "A"),
                "/f": patch("application/json", "OpBody"),
                "/g": patch("application/json", "OfOpPatch"),
                "/h": patch("application/json", "SentPatch"),
                "/i": {"get": {"responses": {"200": {"description": "d", "content": {
                    "application/json": {"schema": {"type": "array", "items": reference("SentPatch")}},
                }}}}},
            },
            "components": {"schemas": {
                "A": object, "BPatch": object, "Made": made, "OpBody": object, "OfOpPatch": of_op,
                "SentPatch": object,
            }},
        }));
        super::tri_state(&mut model);
        let json = json(&model);
        let name = |path: &str| {
            let content = json["paths"][path]["patch"]["requestBody"]["content"].as_object();
            let media = content.unwrap().values().next().unwrap();
            media["schema"]["$ref"].as_str().unwrap().rsplit_once('/').unwrap().1.to_owned()
        };
        let names = ["/a", "/b", "/c", "/d", "/e", "/f", "/g", "/h"].map(name);
        // An author's `OpBody` is no body of `op` alone, and a response has `SentPatch` as well.
        let expected = [
            "APatch",
            "BPatch",
            "Made",
            "AMergePatch",
            "A",
            "OpBodyPatch",
            "OfOpPatch",
            "SentPatchPatch",
        ];
        assert_eq!(names, expected);
        for (name, is_patch) in names.iter().zip([true, true, true, true, false, true, true, true])
        {
            let member = &json["components"]["schemas"][name]["properties"]["n"];
            assert_eq!(member.get("x-rust-type").is_some(), is_patch, "{name}");
        }
    }

    #[test]
    fn a_merge_patch_merges_what_is_nested_and_a_choice_is_one_of_patches() {
        let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let object = |members: Value| json!({"type": "object", "properties": members});
        let content = json!({"application/merge-patch+json": {"schema": reference("A")}});
        let mut model = model(&json!({
            "paths": {"/a": {"patch": {
                "operationId": "op", "requestBody": {"content": content}, "responses": {},
            }}},
            "components": {"schemas": {
                "A": {
                    "oneOf": [reference("B"), reference("C")],
                    "discriminator": {"propertyName": "k", "mapping": {"b": "B", "c": "C"}},
                },
                "B": object(json!({"inner": reference("C"), "same": reference("B")})),
                "C": object(json!({"map": {
                    "type": "object", "additionalProperties": {"type": "string"},
                }})),
            }},
        }));
        super::tri_state(&mut model);
        let schemas = &json(&model)["components"]["schemas"];
        let of = |name: &str| reference(&format!("{name}MergePatch"));
        assert_eq!(schemas["AMergePatch"]["oneOf"], json!([of("B"), of("C")]));
        let mapping = json!({"b": "BMergePatch", "c": "CMergePatch"});
        assert_eq!(schemas["AMergePatch"]["discriminator"]["mapping"], mapping);
        let set = |name: &str, member: &str| {
            schemas[name]["properties"][member]["x-rust-type"]["parameters"][0].clone()
        };
        assert_eq!(set("BMergePatch", "inner"), of("C"));
        assert_eq!(set("BMergePatch", "same"), reference("B"));
        let value = json!({"oneOf": [{"type": "null"}, {"type": "string"}]});
        assert_eq!(set("CMergePatch", "map")["additionalProperties"], value);
    }
}
