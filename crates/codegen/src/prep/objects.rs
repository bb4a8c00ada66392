use std::collections::BTreeSet;

use openapiv3::{
    AdditionalProperties, AnySchema, Components, ObjectType, OpenAPI, ReferenceOr, Schema,
    SchemaKind, Type,
};

use super::walk;
use crate::refusal::Refusal;

/// Makes one object of what `allOf` puts together, and of members without `type: object`.
///
/// The generator would copy every type that such an object refers to, and follow one that refers to
/// itself without end. Of two members of one name the later one counts: it says more.
pub(super) fn write_out(model: &mut OpenAPI) -> Result<(), Refusal> {
    let components = model.components.clone().unwrap_or_default();
    walk::schemas_mut(model, &mut |schema| {
        let is_sum = match &schema.schema_kind {
            SchemaKind::AllOf { all_of } => all_of.len() > 1,
            SchemaKind::Any(any) => !any.all_of.is_empty() || !any.properties.is_empty(),
            _ => false,
        };
        if let Some(alternatives) = bare_choice(&schema.schema_kind) {
            schema.schema_kind = SchemaKind::OneOf { one_of: alternatives };
        }
        let mut whole = ObjectType::default();
        if is_sum && add(&components, &schema.schema_kind, &mut whole, &mut 1_000).is_some() {
            schema.schema_kind = SchemaKind::Type(Type::Object(whole));
        }
    });
    let components = model.components.clone().unwrap_or_default();
    for (name, schema) in &components.schemas {
        if schema.as_item().is_some_and(is_left) && contains_itself(&components, name, schema) {
            return Err(Refusal::of_document(format!(
                "`{name}` is put together of schemas that aren't all objects, and refers to itself"
            )));
        }
    }
    Ok(())
}

/// Adds the members of `kind` to `whole`; none where it isn't an object and nothing else, or has more
/// parts than are `left`, as a circle has.
fn add(
    components: &Components,
    kind: &SchemaKind,
    whole: &mut ObjectType,
    left: &mut usize,
) -> Option<()> {
    *left = left.checked_sub(1)?;
    let mut parts: &[ReferenceOr<Schema>] = &[];
    let (properties, required, rest) = match kind {
        SchemaKind::Type(Type::Object(object)) => {
            (&object.properties, &object.required, &object.additional_properties)
        }
        SchemaKind::AllOf { all_of } => {
            return all_of.iter().try_for_each(|part| add_part(components, part, whole, left));
        }
        SchemaKind::Any(any) if is_object(any) => {
            parts = &any.all_of;
            (&any.properties, &any.required, &any.additional_properties)
        }
        _ => return None,
    };
    for part in parts {
        add_part(components, part, whole, left)?;
    }
    if matches!(rest, Some(AdditionalProperties::Schema(_))) {
        whole.additional_properties.clone_from(rest);
    }
    for (name, property) in properties {
        whole.properties.insert(name.clone(), property.clone());
    }
    whole.required.extend(required.iter().cloned());
    Some(())
}

fn add_part(
    components: &Components,
    part: &ReferenceOr<Schema>,
    whole: &mut ObjectType,
    left: &mut usize,
) -> Option<()> {
    let mut part = part;
    for _ in 0..=components.schemas.len() {
        match part {
            ReferenceOr::Item(schema) => {
                return add(components, &schema.schema_kind, whole, left);
            }
            ReferenceOr::Reference { reference } => {
                part = components.schemas.get(walk::schema_name(reference)?)?;
            }
        }
    }
    None
}

/// Whether a schema of no declared type, or of several keywords, can only be an object.
fn is_object(any: &AnySchema) -> bool {
    let mut rest = any.clone();
    rest.properties.clear();
    rest.required.clear();
    rest.all_of.clear();
    rest.additional_properties = None;
    rest.min_properties = None;
    rest.max_properties = None;
    let kind = rest.typ.take();
    kind.is_none_or(|kind| kind == "object") && rest == AnySchema::default()
}

/// The alternatives of a `oneOf` beside which nothing stands but `type: object`.
fn bare_choice(kind: &SchemaKind) -> Option<Vec<ReferenceOr<Schema>>> {
    let SchemaKind::Any(any) = kind else {
        return None;
    };
    let mut rest = any.clone();
    let alternatives = std::mem::take(&mut rest.one_of);
    (!alternatives.is_empty()
        && is_object(&rest)
        && rest.properties.is_empty()
        && rest.all_of.is_empty())
    .then_some(alternatives)
}

/// Whether the generator still has to put the schema together.
fn is_left(schema: &Schema) -> bool {
    match &schema.schema_kind {
        SchemaKind::AllOf { all_of } => all_of.len() > 1,
        SchemaKind::Any(any) => !any.all_of.is_empty(),
        _ => false,
    }
}

fn contains_itself(components: &Components, name: &str, schema: &ReferenceOr<Schema>) -> bool {
    let media =
        openapiv3::MediaType { schema: Some(schema.clone()), ..openapiv3::MediaType::default() };
    let reachable: BTreeSet<String> = walk::reachable(components, std::iter::once(&media));
    reachable.contains(name)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{json, model};
    use serde_json::{Value, json};

    fn after(schemas: &Value) -> Result<Value, super::Refusal> {
        let mut model = model(&json!({"components": {"schemas": schemas}}));
        super::write_out(&mut model)?;
        Ok(json(&model)["components"]["schemas"].clone())
    }

    #[test]
    fn a_sum_of_objects_is_one_object() {
        let left = after(&json!({
            "Base": {"type": "object", "required": ["a"], "properties": {"a": {}, "b": {}}},
            "Sum": {"allOf": [
                {"$ref": "#/components/schemas/Base"},
                {"properties": {"b": {"type": "string"}, "sum": {"$ref": "#/components/schemas/Sum"}}},
            ]},
        }));
        assert_eq!(
            left.unwrap()["Sum"],
            json!({"type": "object", "required": ["a"], "properties": {
                "a": {}, "b": {"type": "string"}, "sum": {"$ref": "#/components/schemas/Sum"},
            }})
        );
    }

    #[test]
    fn what_is_no_object_stays_as_it_is() {
        let sum = json!({"allOf": [{"type": "string"}, {"description": "d"}]});
        assert_eq!(after(&json!({"A": sum})).unwrap()["A"], sum);
        let choice = json!({"oneOf": [{"type": "object", "properties": {
            "a": {"$ref": "#/components/schemas/A"},
        }}]});
        let refusal = after(&json!({"A": {"allOf": [choice, {"type": "object"}]}})).unwrap_err();
        assert!(refusal.reason.contains("refers to itself"));
    }
}
