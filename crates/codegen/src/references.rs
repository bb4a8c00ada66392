//! References that lead elsewhere than to a component: what they lead to is written in their place, and a schema that
//! has others within becomes a component, since it may lead to itself.

use std::collections::BTreeMap;

use letterhead_document::pointer::unescaped;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

/// How often what is written in the place of a reference may have one itself.
const DEEPEST: usize = 12;

/// How much may be written in all, in values.
const MOST: usize = 2_000_000;

/// Writes what references lead to in their place, where it is no component by itself. One that leads nowhere stays.
pub(crate) fn write_out(root: &mut Value) {
    // Most documents refer to components only, and a large one isn't copied for nothing.
    if ["paths", "components"]
        .iter()
        .all(|section| root.get(section).is_none_or(|it| is_plain(it, root)))
    {
        return;
    }
    let original = root.clone();
    let mut rest =
        Rest { root: &original, left: MOST, names: BTreeMap::new(), schemas: Map::new() };
    if let Some(paths) = root.get_mut("paths").and_then(Value::as_object_mut) {
        paths.values_mut().for_each(|item| rest.path_item(item));
    }
    if let Some(components) = root.get_mut("components") {
        rest.mend(components, Keys::Words, 0);
    }
    if !rest.schemas.is_empty() {
        if root.get("components").is_none() {
            root["components"] = json!({});
        }
        if let Some(components) = root.get_mut("components").and_then(Value::as_object_mut) {
            let schemas = components.entry("schemas").or_insert_with(|| json!({}));
            schemas.as_object_mut().into_iter().for_each(|it| it.append(&mut rest.schemas));
        }
    }
}

/// Whether every reference leads to a component.
fn is_plain(value: &Value, root: &Value) -> bool {
    match value {
        Value::Object(members) => match members.get("$ref").and_then(Value::as_str) {
            Some(reference) => is_component(reference, root),
            None => members.values().all(|member| is_plain(member, root)),
        },
        Value::Array(items) => items.iter().all(|item| is_plain(item, root)),
        _ => true,
    }
}

/// Whether the keys of what stands under a keyword are names, and no keywords.
pub(crate) fn holds_names(keyword: &str) -> bool {
    let known = [
        "callbacks",
        "content",
        "encoding",
        "headers",
        "links",
        "mapping",
        "parameters",
        "paths",
        "properties",
        "requestBodies",
        "responses",
        "schemas",
        "scopes",
        "securitySchemes",
        "variables",
    ];
    known.contains(&keyword)
}

/// Whether what stands under a keyword is an example of data, in which nothing is a keyword.
pub(crate) fn is_example(keyword: &str) -> bool {
    ["default", "enum", "example", "examples"].contains(&keyword)
}

/// What the keys of a mapping are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keys {
    /// Keywords, and it is no schema.
    Words,
    /// Keywords of a schema.
    Schema,
    /// Names of the author's, of schemas or of something else.
    Names { of_schemas: bool },
}

impl Keys {
    /// What those of a member are.
    fn of(self, key: &str) -> Self {
        match self {
            Self::Names { of_schemas: true } => Self::Schema,
            Self::Names { of_schemas: false } => Self::Words,
            _ if ["properties", "schemas"].contains(&key) => Self::Names { of_schemas: true },
            _ if holds_names(key) => Self::Names { of_schemas: false },
            _ if SCHEMAS.contains(&key) => Self::Schema,
            _ => Self::Words,
        }
    }
}

/// The keywords that a schema, or a list of them, stands under.
const SCHEMAS: [&str; 7] =
    ["additionalProperties", "allOf", "anyOf", "items", "not", "oneOf", "schema"];

struct Rest<'v> {
    root: &'v Value,
    /// How much may still be written.
    left: usize,
    /// The components that schemas became, by the ways to them.
    names: BTreeMap<String, String>,
    schemas: Map<String, Value>,
}

impl Rest<'_> {
    /// A path item may have members of its own beside its reference.
    fn path_item(&mut self, item: &mut Value) {
        let own = item.as_object().filter(|own| own.contains_key("$ref")).cloned();
        self.mend(item, Keys::Words, 0);
        let Value::Object(members) = item else { return };
        if members.contains_key("$ref") {
            return;
        }
        for (key, mut member) in own.unwrap_or_default() {
            if key != "$ref" {
                self.mend(&mut member, Keys::Words.of(&key), 0);
                members.insert(key, member);
            }
        }
    }

    fn mend(&mut self, value: &mut Value, keys: Keys, depth: usize) {
        match value {
            Value::Object(members) => {
                if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                    if is_component(reference, self.root) || depth > DEEPEST {
                        return;
                    }
                    let Some((way, target)) = target(reference, self.root) else { return };
                    if keys == Keys::Schema && has_others(target) {
                        let name = self.component(&way, target);
                        *value = json!({"$ref": format!("#/components/schemas/{name}")});
                        return;
                    }
                    let size = size(target);
                    if size > self.left {
                        return;
                    }
                    self.left -= size;
                    *value = target.clone();
                    return self.mend(value, keys, depth + 1);
                }
                for (key, member) in members {
                    if matches!(keys, Keys::Names { .. }) || !is_example(key) {
                        self.mend(member, keys.of(key), depth);
                    }
                }
            }
            Value::Array(items) => {
                let keys = if matches!(keys, Keys::Names { .. }) { Keys::Words } else { keys };
                for item in items {
                    self.mend(item, keys, depth);
                }
            }
            _ => {}
        }
    }

    /// The name of the component that the schema at `way` is, or becomes.
    fn component(&mut self, way: &str, target: &Value) -> String {
        let known = &self.root["components"]["schemas"];
        let own = way.strip_prefix("/components/schemas/").filter(|own| !own.contains('/'));
        if let Some(own) = own.map(unescaped).filter(|own| known.get(&**own).is_some()) {
            return own.into_owned();
        }
        if let Some(name) = self.names.get(way) {
            return name.clone();
        }
        let words = way.split('/').filter(|word| !UNSAID.contains(word));
        let words: Vec<String> = words
            .map(|word| unescaped(word).replace(|c: char| !c.is_alphanumeric(), "-"))
            .collect();
        let wanted = words.join("-");
        let is_taken = |name: &String| {
            known.get(name).is_some() || self.names.values().any(|taken| taken == name)
        };
        let numbered = (2..).map(|number| format!("{wanted}-{number}"));
        let mut names = std::iter::once(wanted.clone()).chain(numbered);
        let name = names.find(|name| !is_taken(name)).unwrap_or(wanted);
        self.names.insert(way.to_owned(), name.clone());
        let mut schema = target.clone();
        self.mend(&mut schema, Keys::Schema, 0);
        self.schemas.insert(name.clone(), schema);
        name
    }
}

/// The words of a way to a schema that its name goes without.
const UNSAID: [&str; 8] =
    ["", "components", "content", "paths", "properties", "responses", "schema", "schemas"];

/// Whether a schema has others within.
fn has_others(schema: &Value) -> bool {
    let mut members = schema.as_object().into_iter().flatten();
    let is_within = |key: &str| key == "properties" || SCHEMAS.contains(&key);
    members.any(|(key, member)| is_within(key) && (member.is_object() || member.is_array()))
}

fn is_component(reference: &str, root: &Value) -> bool {
    let Some(rest) = reference.strip_prefix("#/components/") else { return false };
    // The model has no place for path items.
    let rest = rest.split_once('/').filter(|(section, _)| *section != "pathItems");
    rest.is_some_and(|(section, name)| root["components"][section].get(name).is_some())
}

/// What a reference leads to, and the way there.
fn target<'v>(reference: &str, root: &'v Value) -> Option<(String, &'v Value)> {
    let way = reference.strip_prefix('#')?;
    let decoded = percent_decode_str(way).decode_utf8_lossy();
    [way, &decoded].into_iter().find_map(|way| Some((way.to_owned(), root.pointer(way)?)))
}

fn size(value: &Value) -> usize {
    match value {
        Value::Object(members) => 1 + members.values().map(size).sum::<usize>(),
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn what_is_no_component_is_written_in_place() {
        let to = |place: &str| json!({"$ref": place});
        let mut root = json!({
            "paths": {"/a": to("#/paths/~1b~1%7Bc%7D"), "/b/{c}": {"get": to("#/components/schemas/A")}},
            "components": {"schemas": {
                "A": {"properties": {"n": {"type": "string"}, "o": to("#/components/schemas/A/properties/n")}},
                "B": {"example": to("#/paths"), "p": to("#/nowhere"), "q": to("other.yaml#/A")},
            }},
        });
        super::write_out(&mut root);
        assert_eq!(root["paths"]["/a"], root["paths"]["/b/{c}"]);
        assert_eq!(root["paths"]["/a"]["get"], to("#/components/schemas/A"));
        let schemas = &root["components"]["schemas"];
        assert_eq!(schemas["A"]["properties"]["o"], json!({"type": "string"}));
        assert_eq!(
            schemas["B"],
            json!({"example": to("#/paths"), "p": to("#/nowhere"), "q": to("other.yaml#/A")})
        );
    }

    #[test]
    fn a_schema_with_others_within_becomes_a_component() {
        let to = |place: &str| json!({"$ref": place});
        let schema = "#/paths/~1a/get/responses/200/content/application~1json/schema";
        let circle =
            json!({"properties": {"next": to(schema), "odd": to("#/components/schemas/A%3C1%3E")}});
        let content = json!({"application/json": {"schema": circle}});
        let again = json!({"application/json": {"schema": to(schema)}});
        let mut root = json!({
            "paths": {
                "/a": {"get": {"responses": {"200": {"content": content}}}},
                "/b": {"get": {"responses": {"200": {"content": again}}}},
            },
            "components": {"schemas": {"A<1>": {"properties": {"b": {"type": "string"}}}, "-a-get-200-application-json": {}}},
        });
        super::write_out(&mut root);
        let name = "-a-get-200-application-json-2";
        let made = to(&format!("#/components/schemas/{name}"));
        let expected =
            json!({"properties": {"next": made, "odd": to("#/components/schemas/A<1>")}});
        assert_eq!(root["components"]["schemas"][name], expected);
        for path in ["/a", "/b"] {
            let schema = &root["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
                ["schema"];
            assert_eq!(*schema, if path == "/a" { expected.clone() } else { made.clone() });
        }
    }

    #[test]
    fn a_path_item_keeps_its_own_and_names_are_no_keywords() {
        let to = |place: &str| json!({"$ref": place});
        let mut root = json!({
            "paths": {
                "/a": {"$ref": "#/components/pathItems/A", "get": {"operationId": "own"}},
                "/b": {"post": {"responses": {"default": to("#/paths/~1b/x-it")}}, "x-it": {"description": "d"}},
                "/c": {"$ref": "other.yaml#/c", "get": {}},
            },
            "components": {
                "pathItems": {"A": {"get": {"operationId": "its"}, "put": {}}},
                "schemas": {"A": {"properties": {"default": to("#/components/schemas/A/properties/n"), "n": {}}}},
            },
        });
        super::write_out(&mut root);
        assert_eq!(root["paths"]["/a"], json!({"get": {"operationId": "own"}, "put": {}}));
        assert_eq!(
            root["paths"]["/b"]["post"]["responses"]["default"],
            json!({"description": "d"})
        );
        assert_eq!(root["paths"]["/c"]["$ref"], json!("other.yaml#/c"));
        assert_eq!(root["components"]["schemas"]["A"]["properties"]["default"], json!({}));
    }
}
