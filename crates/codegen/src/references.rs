//! References that lead elsewhere than to a component: what they lead to is written in their place.

use percent_encoding::percent_decode_str;
use serde_json::Value;

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
    let mut rest = Rest { root: &original, left: MOST };
    if let Some(paths) = root.get_mut("paths").and_then(Value::as_object_mut) {
        paths.values_mut().for_each(|item| rest.path_item(item));
    }
    if let Some(components) = root.get_mut("components") {
        rest.mend(components, false, 0);
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
    ];
    known.contains(&keyword)
}

/// Whether what stands under a keyword is an example of data, in which nothing is a keyword.
pub(crate) fn is_example(keyword: &str) -> bool {
    ["default", "enum", "example", "examples"].contains(&keyword)
}

/// What may still be written.
struct Rest<'v> {
    root: &'v Value,
    left: usize,
}

impl Rest<'_> {
    /// A path item may have members of its own beside its reference.
    fn path_item(&mut self, item: &mut Value) {
        let own = item.as_object().filter(|own| own.contains_key("$ref")).cloned();
        self.mend(item, false, 0);
        let Value::Object(members) = item else { return };
        if members.contains_key("$ref") {
            return;
        }
        for (key, mut member) in own.unwrap_or_default() {
            if key != "$ref" {
                self.mend(&mut member, false, 0);
                members.insert(key, member);
            }
        }
    }

    fn mend(&mut self, value: &mut Value, is_names: bool, depth: usize) {
        match value {
            Value::Object(members) => {
                if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                    if is_component(reference, self.root) || depth > DEEPEST {
                        return;
                    }
                    let Some(target) = target(reference, self.root) else { return };
                    let size = size(target);
                    if size > self.left {
                        return;
                    }
                    self.left -= size;
                    *value = target.clone();
                    return self.mend(value, is_names, depth + 1);
                }
                for (key, member) in members {
                    if is_names || !is_example(key) {
                        self.mend(member, !is_names && holds_names(key), depth);
                    }
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.mend(item, false, depth);
                }
            }
            _ => {}
        }
    }
}

fn is_component(reference: &str, root: &Value) -> bool {
    let Some(rest) = reference.strip_prefix("#/components/") else { return false };
    // The model has no place for path items.
    let rest = rest.split_once('/').filter(|(section, _)| *section != "pathItems");
    rest.is_some_and(|(section, name)| root["components"][section].get(name).is_some())
}

fn target<'v>(reference: &str, root: &'v Value) -> Option<&'v Value> {
    let pointer = reference.strip_prefix('#')?;
    root.pointer(pointer).or_else(|| root.pointer(&percent_decode_str(pointer).decode_utf8_lossy()))
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
