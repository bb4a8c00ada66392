//! The JSON Schema of a generated object, member by member.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value};

/// The members of an object, as its schema lists them.
pub(crate) struct Properties<'g> {
    generator: &'g mut SchemaGenerator,
    members: Map<String, Value>,
    required: Vec<Value>,
}

impl<'g> Properties<'g> {
    pub(crate) fn new(generator: &'g mut SchemaGenerator) -> Self {
        Self { generator, members: Map::new(), required: Vec::new() }
    }

    /// Adds a member; `docs` are the lines of its documentation.
    pub(crate) fn add<T: JsonSchema>(&mut self, name: &str, docs: &[&str], is_required: bool) {
        let mut schema = self.generator.subschema_for::<T>();
        describe(&mut schema, docs);
        self.members.insert(name.to_owned(), schema.into());
        if is_required {
            self.required.push(name.into());
        }
    }

    /// The schema of the object, which takes members that the document doesn't know.
    pub(crate) fn finish(self, docs: &[&str]) -> Schema {
        let mut schema = schemars::json_schema!({"type": "object", "additionalProperties": true});
        describe(&mut schema, docs);
        schema.insert("properties".to_owned(), self.members.into());
        if !self.required.is_empty() {
            schema.insert("required".to_owned(), self.required.into());
        }
        schema
    }
}

fn describe(schema: &mut Schema, docs: &[&str]) {
    let lines: Vec<&str> = docs.iter().map(|line| line.trim()).collect();
    if !lines.is_empty() {
        schema.insert("description".to_owned(), lines.join("\n").into());
    }
}
