//! OpenAPI 3.0 schemas as JSON Schema, for validators that don't know the former.

use serde_json::{Map, Value, json};

/// A self-contained JSON Schema (draft 2020-12) of `schema`, which belongs to `document`.
///
/// `nullable` becomes a union with `null`, boolean `exclusiveMinimum` and `exclusiveMaximum` become
/// bounds, and the document's components come along for `$ref`.
#[must_use]
pub fn json_schema(document: &Value, schema: &Value) -> Value {
    let components: Map<String, Value> = document["components"]["schemas"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, schema)| (name.clone(), convert(schema)))
        .collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "allOf": [convert(schema)],
        "components": {"schemas": components},
    })
}

fn convert(schema: &Value) -> Value {
    let Some(members) = schema.as_object() else {
        return schema.clone();
    };
    if let Some(reference) = members.get("$ref") {
        return json!({ "$ref": reference });
    }
    let mut out: Map<String, Value> = members
        .iter()
        .filter(|(key, _)| !matches!(key.as_str(), "nullable" | "example"))
        .map(|(key, value)| (key.clone(), convert_member(key, value)))
        .collect();
    exclusive(&mut out, "exclusiveMinimum", "minimum");
    exclusive(&mut out, "exclusiveMaximum", "maximum");
    if members.get("nullable") == Some(&Value::Bool(true)) {
        return json!({"anyOf": [{"type": "null"}, out]});
    }
    Value::Object(out)
}

fn convert_member(key: &str, value: &Value) -> Value {
    match key {
        "properties" => value
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, schema)| (name.clone(), convert(schema)))
            .collect::<Map<_, _>>()
            .into(),
        "allOf" | "anyOf" | "oneOf" => value
            .as_array()
            .into_iter()
            .flatten()
            .map(convert)
            .collect(),
        "items" | "not" | "additionalProperties" => convert(value),
        _ => value.clone(),
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

    #[test]
    fn nullable_and_exclusive_bounds_become_json_schema() {
        let document = json!({"components": {"schemas": {
            "A": {"type": "object", "properties": {
                "n": {"type": "integer", "minimum": 1, "exclusiveMinimum": true},
                "b": {"nullable": true, "allOf": [{"$ref": "#/components/schemas/B"}]},
            }},
            "B": {"type": "string", "nullable": true, "enum": ["x"]},
        }}});
        assert_eq!(
            json_schema(&document, &json!({"$ref": "#/components/schemas/A"})),
            json!({
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "allOf": [{"$ref": "#/components/schemas/A"}],
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
            })
        );
    }
}
