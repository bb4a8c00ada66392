//! The members of a response against those that its document names.

use std::collections::BTreeSet;

use letterhead_document::Schema;
use serde_json::Value;

/// The names of the members that requests and tests have introduced.
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

/// Where a value has a member that its schemas don't name and nobody has introduced, as JSON pointer.
///
/// An object whose schemas name no member at all may have any, and so may one of which they say so.
pub(super) fn undeclared(
    schemas: &[Schema<'_>],
    value: &Value,
    brought: &Brought,
) -> Option<String> {
    let below = |step: &str, schemas: &[Schema<'_>], value| {
        let pointer = undeclared(schemas, value, brought)?;
        Some(format!("/{step}{pointer}"))
    };
    match value {
        Value::Object(members) => {
            let is_open = schemas.iter().any(|schema| schema.takes_anything())
                || schemas.iter().all(|schema| schema.properties().is_empty());
            members.iter().find_map(|(name, value)| {
                let declared = schemas.iter().flat_map(|schema| schema.property(name));
                let declared: Vec<_> = declared.collect();
                if declared.is_empty() && !is_open && !brought.0.contains(name) {
                    return Some(format!("/{name}"));
                }
                below(name, &declared, value)
            })
        }
        Value::Array(items) => {
            let schemas: Vec<_> = schemas.iter().flat_map(|schema| schema.items()).collect();
            let mut items = items.iter().enumerate();
            items.find_map(|(index, item)| below(&index.to_string(), &schemas, item))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use letterhead_document::Document;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_member_that_no_schema_names_is_found_at_any_depth() {
        let text = json!({"components": {"schemas": {
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
        let document = Document::parse("t.json", &text.to_string()).expect("a document");
        let tree = document.schema("Tree").expect("a schema");
        let mut brought = Brought::default();
        brought.note(&json!([{"cusColour": {"cusShade": 1}}]));
        for (value, pointer) in [
            (json!({"name": "a", "open": {"any": 1}}), None),
            (json!({"listing": {"any": 1}}), None),
            (json!({"name": "a", "age": 1}), Some("/age")),
            (json!({"children": [{}, {"nme": "b"}]}), Some("/children/1/nme")),
            (json!({"children": [{"cusShade": 1, "name": "b"}]}), None),
        ] {
            let found = undeclared(&[tree], &value, &brought);
            assert_eq!(found.as_deref(), pointer, "{value}");
        }
    }
}
