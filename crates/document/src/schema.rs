//! Schemas, as OpenAPI 3.0 has them and as JSON Schema, for validators that don't know the former.

use std::collections::BTreeMap;
use std::ptr;

use serde_json::{Map, Value, json};

use crate::document::Document;
use crate::pointer::unescaped;
use crate::reference::component;
use crate::tree::{Key, Kind, Node, Span};

/// A schema, and where it stands.
///
/// A schema that is composed of others (`allOf`, `anyOf`, `oneOf`) has what its parts have. A part that
/// only null fits has nothing.
#[derive(Clone, Copy, Debug)]
pub struct Schema<'d> {
    document: &'d Document,
    key: Option<&'d Key>,
    /// The schema as written, which may be a reference.
    pub node: &'d Node,
}

impl Document {
    /// The component schema `name`.
    #[must_use]
    pub fn schema(&self, name: &str) -> Option<Schema<'_>> {
        let (key, node) = self.component("schemas", name)?;
        Some(Schema { document: self, key: Some(key), node })
    }
}

impl Node {
    /// Whether it is a schema that nothing but null fits: `enum: [null]`.
    #[must_use]
    pub fn takes_only_null(&self) -> bool {
        self.get("type").is_none()
            && matches!(self.list("enum"), [only] if matches!(only.kind, Kind::Null))
    }
}

impl<'d> Schema<'d> {
    /// The schema that stands under a key.
    pub(crate) fn under(key: &str, holder: &'d Node, document: &'d Document) -> Option<Self> {
        let (key, node) = holder.entry(key)?;
        let key = Some(key);
        Some(Self { document, key, node })
    }

    /// The key that it stands under, or the schema itself.
    #[must_use]
    pub fn span(self) -> Span {
        self.key.map_or(self.node.span, |key| key.span)
    }

    /// What it refers to, through any number of references, or itself.
    #[must_use]
    pub fn resolve(self) -> Self {
        let mut schema = self;
        while let Some(next) = schema.target() {
            // What leads to no end has none.
            if self.document.resolve(next.node).is_none() {
                return schema;
            }
            schema = next;
        }
        schema
    }

    fn target(self) -> Option<Self> {
        let reference = self.node.reference()?;
        let found = component(reference);
        let found = found.and_then(|(section, name)| self.document.component(section, name));
        let (key, node) = match found {
            Some((key, node)) => (Some(key), node),
            None => (None, self.document.target(reference)?),
        };
        Some(Self { key, node, ..self })
    }

    /// The schema and all that it is composed of, resolved.
    #[must_use]
    pub fn parts(self) -> Vec<Self> {
        let mut parts = vec![self.resolve()];
        let mut at = 0;
        while let Some(part) = parts.get(at).copied() {
            let composed = ["allOf", "anyOf", "oneOf"].map(|key| part.node.list(key).iter());
            let composed = composed.into_iter().flatten().filter(|node| !node.takes_only_null());
            for node in composed {
                let part = self.at(node).resolve();
                if !parts.iter().any(|known| ptr::eq(known.node, part.node)) {
                    parts.push(part);
                }
            }
            at += 1;
        }
        parts
    }

    fn at(self, node: &'d Node) -> Self {
        Self { node, key: None, ..self }
    }

    /// What one of its parts says, the first that does.
    pub fn find<T>(self, say: impl FnMut(&'d Node) -> Option<T>) -> Option<T> {
        self.parts().into_iter().map(|part| part.node).find_map(say)
    }

    /// The properties that it names.
    #[must_use]
    pub fn properties(self) -> Vec<(&'d str, Self)> {
        let parts = self.parts().into_iter();
        let named = parts.flat_map(|part| part.node.map("properties"));
        named.map(|(name, node)| (name.text.as_str(), self.at(node))).collect()
    }

    /// The property `name`, as each of its parts declares it.
    pub fn property(self, name: &str) -> impl Iterator<Item = Self> {
        let parts = self.parts().into_iter();
        parts.filter_map(move |part| Some(self.at(part.node.get("properties")?.get(name)?)))
    }

    /// What the items of a list are, as each of its parts declares them.
    pub fn items(self) -> impl Iterator<Item = Self> {
        let parts = self.parts().into_iter();
        parts.filter_map(move |part| Some(self.at(part.node.get("items")?)))
    }

    /// Whether it says that there may be further properties, of any kind or of one.
    #[must_use]
    pub fn is_open(self) -> bool {
        self.has_further(|kind| matches!(kind, Kind::Bool(true) | Kind::Object(_)))
    }

    /// Whether it says that there may be further properties of any kind.
    #[must_use]
    pub fn takes_anything(self) -> bool {
        self.has_further(|kind| matches!(kind, Kind::Bool(true)))
    }

    fn has_further(self, fits: impl Fn(&Kind) -> bool) -> bool {
        let further = self.find(|part| {
            let further = part.get("additionalProperties")?;
            fits(&further.kind).then_some(())
        });
        further.is_some()
    }

    /// A self-contained JSON Schema (draft 2020-12).
    ///
    /// `nullable` and `enum: [null]` become a union with `null`, boolean `exclusiveMinimum` and `exclusiveMaximum` become
    /// bounds, and the components that it refers to come along.
    #[must_use]
    pub fn to_json_schema(self) -> Value {
        self.convert(true)
    }

    /// The same, but null is nowhere allowed for.
    #[must_use]
    pub fn to_json_schema_without_null(self) -> Value {
        self.convert(false)
    }

    fn convert(self, allows_null: bool) -> Value {
        let schemas = "#/components/schemas/";
        let reached = self.document.reached([self.node]);
        let names = reached.into_iter().filter_map(|it| it.strip_prefix(schemas));
        let components = names.filter_map(|name| {
            // A reference may lead to a part of a component.
            let name = unescaped(name.split('/').next()?);
            let (key, schema) = self.document.component("schemas", &name)?;
            Some((key.text.to_string(), convert(schema, allows_null)))
        });
        json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "allOf": [convert(self.node, allows_null)],
            "components": {"schemas": components.collect::<BTreeMap<_, _>>()},
        })
    }
}

fn convert(schema: &Node, allows_null: bool) -> Value {
    if !matches!(schema.kind, Kind::Object(_)) {
        return schema.to_json();
    }
    if let Some(reference) = schema.get("$ref") {
        return json!({ "$ref": reference.to_json() });
    }
    let members = schema.members();
    let members = members.filter(|(key, _)| !matches!(key.text.as_str(), "nullable" | "example"));
    let mut out: Map<String, Value> = members
        .map(|(key, value)| {
            let parts = member(&key.text, value, allows_null);
            // What is left when null isn't a choice: what is wrong is then wrong with a part, and not with all.
            let is_no_choice = !allows_null
                && matches!(key.text.as_str(), "anyOf" | "oneOf")
                && parts.as_array().is_some_and(|parts| parts.len() == 1)
                && schema.get("allOf").is_none();
            (if is_no_choice { "allOf".to_owned() } else { key.text.to_string() }, parts)
        })
        .collect();
    exclusive(&mut out, "exclusiveMinimum", "minimum");
    exclusive(&mut out, "exclusiveMaximum", "maximum");
    if allows_null && schema.get("nullable").is_some_and(Node::is_true) {
        return json!({"anyOf": [{"type": "null"}, out]});
    }
    Value::Object(out)
}

fn member(key: &str, value: &Node, allows_null: bool) -> Value {
    match key {
        "properties" => value
            .members()
            .map(|(name, schema)| (name.text.to_string(), convert(schema, allows_null)))
            .collect::<Map<_, _>>()
            .into(),
        // Null comes first: the last branch that fails is the one to explain.
        "anyOf" | "oneOf" => {
            let (null, parts): (Vec<_>, Vec<_>) =
                value.items().iter().partition(|schema| schema.takes_only_null());
            let null = null.first().filter(|_| allows_null).map(|_| json!({"type": "null"}));
            null.into_iter().chain(parts.into_iter().map(|it| convert(it, allows_null))).collect()
        }
        "allOf" => value.items().iter().map(|schema| convert(schema, allows_null)).collect(),
        "items" | "not" | "additionalProperties" => convert(value, allows_null),
        _ => value.to_json(),
    }
}

fn exclusive(schema: &mut Map<String, Value>, flag: &str, bound: &str) {
    if schema.get(flag).is_some_and(Value::is_boolean)
        && schema.remove(flag) == Some(Value::Bool(true))
        && let Some(limit) = schema.remove(bound)
    {
        schema.insert(flag.to_owned(), limit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMAS: &str = r##"
components:
  parameters:
    P:
      schema:
        allOf: [{$ref: "#/components/schemas/A"}, {properties: {c: {items: {type: string}}}}]
  schemas:
    A:
      type: object
      properties:
        n: {type: integer, minimum: 1, exclusiveMinimum: true}
        b: {nullable: true, allOf: [{$ref: "#/components/schemas/B"}]}
    B: {type: string, nullable: true, enum: [x]}
    C: {anyOf: [{$ref: "#/components/schemas/B"}, {enum: [null]}]}
    Circle: {allOf: [{$ref: "#/components/schemas/Circle"}], additionalProperties: {}}
    Unused: {type: string}
"##;

    fn schema<'d>(document: &'d Document, pointer: &str) -> Schema<'d> {
        let (holder, key) = pointer.rsplit_once('/').unwrap();
        Schema::under(key, document.root().at(holder), document).unwrap()
    }

    #[test]
    fn nullable_and_exclusive_bounds_become_json_schema() {
        let document = Document::parse("t.yaml", SCHEMAS).unwrap();
        let parameter = schema(&document, "/components/parameters/P/schema");
        let mut expected = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "allOf": [{"allOf": [
                {"$ref": "#/components/schemas/A"},
                {"properties": {"c": {"items": {"type": "string"}}}},
            ]}],
            "components": {"schemas": {
                "A": {"type": "object", "properties": {
                    "n": {"type": "integer", "exclusiveMinimum": 1},
                    "b": {"anyOf": [
                        {"type": "null"},
                        {"allOf": [{"$ref": "#/components/schemas/B"}]},
                    ]},
                }},
                "B": {"anyOf": [{"type": "null"}, {"type": "string", "enum": ["x"]}]},
            }},
        });
        assert_eq!(parameter.to_json_schema(), expected);
        let schemas = &mut expected["components"]["schemas"];
        schemas["A"]["properties"]["b"] = json!({"allOf": [{"$ref": "#/components/schemas/B"}]});
        schemas["B"] = json!({"type": "string", "enum": ["x"]});
        assert_eq!(parameter.to_json_schema_without_null(), expected);
    }

    #[test]
    fn a_part_that_only_null_fits_is_left_out() {
        let document = Document::parse("t.yaml", SCHEMAS).unwrap();
        let choice = document.schema("C").unwrap();
        assert_eq!(choice.parts().len(), 2);
        let b = json!({"$ref": "#/components/schemas/B"});
        let nothing = json!({"type": "null"});
        assert_eq!(choice.to_json_schema()["allOf"][0]["anyOf"], json!([nothing, b]));
        assert_eq!(choice.to_json_schema_without_null()["allOf"][0]["allOf"], json!([b]));
    }

    #[test]
    fn a_composed_schema_has_what_its_parts_have() {
        let document = Document::parse("t.yaml", SCHEMAS).unwrap();
        let composed = schema(&document, "/components/parameters/P/schema");
        let names: Vec<_> = composed.properties().iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["n", "b", "c"]);
        assert_eq!(composed.find(|part| part.text("type")), Some("object"));
        let list = composed.property("c").next().unwrap();
        assert_eq!(list.items().count(), 1);
        assert!(!composed.is_open());
        let circle = document.schema("Circle").unwrap();
        assert_eq!(circle.parts().len(), 1);
        assert!(circle.is_open());
    }
}
