//! The members of an answer against those that its document names.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::resolve;

/// The names of the members that requests and tests have brought in.
///
/// Objects are open, and a service shows again what it was sent. So a member that the document doesn't
/// name is the sandbox's own mistake only while nobody else can have written it.
#[derive(Default)]
pub(crate) struct Brought(BTreeSet<String>);

impl Brought {
    /// Takes down the members of a value, at any depth.
    pub(crate) fn note(&mut self, value: &Value) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    if !self.0.contains(name) {
                        self.0.insert(name.clone());
                    }
                    self.note(value);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.note(item)),
            _ => {}
        }
    }
}

/// Where a value has a member that its schemas don't name and nobody has brought in, as JSON pointer.
///
/// An object whose schemas name no member at all may have any, and so may one of which they say so.
pub(super) fn undeclared(
    document: &Value,
    schemas: &[&Value],
    value: &Value,
    brought: &Brought,
) -> Option<String> {
    let parts: Vec<_> = schemas
        .iter()
        .flat_map(|schema| parts(document, schema))
        .collect();
    let below = |step: &str, schemas: &[&Value], value| {
        let pointer = undeclared(document, schemas, value, brought)?;
        Some(format!("/{step}{pointer}"))
    };
    match value {
        Value::Object(members) => {
            let declared = parts
                .iter()
                .filter_map(|part| part["properties"].as_object());
            let declared: Vec<&Map<_, _>> = declared.collect();
            let is_open = declared.is_empty()
                || parts
                    .iter()
                    .any(|part| part["additionalProperties"] == true);
            members.iter().find_map(|(name, value)| {
                let schemas = declared
                    .iter()
                    .filter_map(|properties| properties.get(name));
                let schemas: Vec<_> = schemas.collect();
                if schemas.is_empty() && !is_open && !brought.0.contains(name) {
                    return Some(format!("/{name}"));
                }
                below(name, &schemas, value)
            })
        }
        Value::Array(items) => {
            let schemas: Vec<_> = parts.iter().filter_map(|part| part.get("items")).collect();
            let mut items = items.iter().enumerate();
            items.find_map(|(index, item)| below(&index.to_string(), &schemas, item))
        }
        _ => None,
    }
}

/// A schema with all that it is put together from.
fn parts<'a>(document: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    let schema = resolve(document, schema);
    let combined = ["allOf", "anyOf", "oneOf"]
        .iter()
        .flat_map(|key| schema[*key].as_array().into_iter().flatten())
        .flat_map(|part| parts(document, part));
    std::iter::once(schema).chain(combined).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_member_that_no_schema_names_is_found_at_any_depth() {
        let document = json!({"components": {"schemas": {
            "Listing": {"type": "object", "properties": {}, "additionalProperties": true},
            "Named": {"type": "object", "properties": {"name": {"type": "string"}}},
            "Tree": {"allOf": [
                {"$ref": "#/components/schemas/Named"},
                {"type": "object", "properties": {
                    "open": {"type": "object"},
                    "listing": {"$ref": "#/components/schemas/Listing"},
                    "children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
                }},
            ]},
        }}});
        let tree = json!({"$ref": "#/components/schemas/Tree"});
        let mut brought = Brought::default();
        brought.note(&json!([{"cusColour": {"cusShade": 1}}]));
        for (value, pointer) in [
            (json!({"name": "a", "open": {"any": 1}}), None),
            (json!({"listing": {"any": 1}}), None),
            (json!({"name": "a", "age": 1}), Some("/age")),
            (
                json!({"children": [{}, {"nme": "b"}]}),
                Some("/children/1/nme"),
            ),
            (json!({"children": [{"cusShade": 1, "name": "b"}]}), None),
        ] {
            let found = undeclared(&document, &[&tree], &value, &brought);
            assert_eq!(found.as_deref(), pointer, "{value}");
        }
    }
}
