use openapiv3::{AnySchema, OpenAPI, SchemaKind};

use super::walk::{self, is_null};

/// Gives a schema that stands for another one the form that the generator knows: `allOf` of it alone.
///
/// A document says by `anyOf: [it, {enum: [null]}]` that null may come as well, and may write the `type`
/// beside `allOf`. The generator would make a choice of the first, and a copy of what the second refers to.
pub(super) fn stand_alone(model: &mut OpenAPI) {
    walk::schemas_mut(model, &mut |schema| {
        let alone = match &mut schema.schema_kind {
            SchemaKind::AnyOf { any_of: parts } | SchemaKind::OneOf { one_of: parts } => {
                let [one, other] = parts.as_slice() else { return };
                if is_null(one) == is_null(other) {
                    return;
                }
                schema.schema_data.nullable = true;
                parts.retain(|part| !is_null(part));
                std::mem::take(parts)
            }
            SchemaKind::Any(any) => {
                let rest = AnySchema { typ: None, all_of: Vec::new(), ..any.clone() };
                if any.all_of.len() != 1 || rest != AnySchema::default() {
                    return;
                }
                std::mem::take(&mut any.all_of)
            }
            _ => return,
        };
        schema.schema_kind = SchemaKind::AllOf { all_of: alone };
    });
}

#[cfg(test)]
mod tests {
    use super::super::testing::{json, model};
    use serde_json::{Value, json};

    fn after(schema: &Value) -> Value {
        let mut model = model(&json!({"components": {"schemas": {"A": schema}}}));
        super::stand_alone(&mut model);
        json(&model)["components"]["schemas"]["A"].clone()
    }

    #[test]
    fn a_schema_or_null_is_nullable() {
        let (it, none) = (json!({"$ref": "#/components/schemas/B"}), json!({"enum": [null]}));
        let expected = json!({"description": "d", "nullable": true, "allOf": [it]});
        for parts in [json!([it, none]), json!([none, it])] {
            assert_eq!(after(&json!({"description": "d", "anyOf": parts})), expected);
            assert_eq!(after(&json!({"description": "d", "oneOf": parts})), expected);
        }
        let text = json!({"type": "string"});
        for parts in [json!([it, text]), json!([it, text, none]), json!([none, none]), json!([it])]
        {
            let choice = json!({"anyOf": parts});
            assert_eq!(after(&choice), choice);
        }
    }

    #[test]
    fn a_type_beside_all_of_says_nothing_new() {
        let it = json!({"$ref": "#/components/schemas/B"});
        let written = json!({"type": "object", "nullable": true, "allOf": [it]});
        assert_eq!(after(&written), json!({"nullable": true, "allOf": [it]}));
        for schema in [
            json!({"type": "object", "allOf": [it, it]}),
            json!({"type": "object", "allOf": [it], "properties": {"a": {}}}),
        ] {
            assert_eq!(after(&schema), schema);
        }
    }
}
