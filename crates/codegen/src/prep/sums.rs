//! What `allOf`, `anyOf` and `oneOf` make together, and schemas that don't say their type.

use std::borrow::Borrow;

use openapiv3::{
    AdditionalProperties, AnySchema, ArrayType, BooleanType, Components, IntegerFormat,
    IntegerType, NumberType, ObjectType, ReferenceOr, Schema, SchemaData, SchemaKind, StringType,
    Type, VariantOrUnknownOrEmpty,
};
use serde_json::Value;

use super::walk;

type Place = ReferenceOr<Schema>;

/// How many parts a sum may have: one that contains itself has no end.
const MOST_PARTS: usize = 2_000;

/// The one schema that another one is nothing but another name of.
pub(super) fn alone(kind: &SchemaKind) -> Option<&Place> {
    match kind {
        SchemaKind::AllOf { all_of: parts }
        | SchemaKind::OneOf { one_of: parts }
        | SchemaKind::AnyOf { any_of: parts } => match parts.as_slice() {
            [alone] => Some(alone),
            _ => None,
        },
        _ => None,
    }
}

/// The one part of an `allOf` that says what it is, and those that only describe it.
pub(super) fn described<'s>(
    components: &Components,
    kind: &'s SchemaKind,
) -> Option<(&'s Place, Vec<&'s SchemaData>)> {
    let SchemaKind::AllOf { all_of: parts } = kind else { return None };
    let describes = |part: &&Place| match part.as_item().map(|part| &part.schema_kind) {
        Some(SchemaKind::Any(any)) => {
            is_bare(any) && any.required.is_empty() && any.enumeration.is_empty()
        }
        Some(SchemaKind::Type(Type::Object(object))) => *object == ObjectType::default(),
        _ => false,
    };
    let (beside, saying): (Vec<&Place>, Vec<&Place>) = parts.iter().partition(describes);
    let is_object = |part: &&Place| matches!(part, ReferenceOr::Item(part) if matches!(part.schema_kind, SchemaKind::Type(_)));
    let [alone] = saying.as_slice() else { return None };
    if beside.iter().any(is_object) && object_of(components, alone).is_none() {
        return None;
    }
    let beside = beside.iter().filter_map(|part| part.as_item());
    Some((alone, beside.map(|part| &part.schema_data).collect()))
}

/// Whether a schema is put together of others.
pub(super) fn is_composed(kind: &SchemaKind) -> bool {
    match kind {
        SchemaKind::AllOf { .. } | SchemaKind::OneOf { .. } | SchemaKind::AnyOf { .. } => true,
        SchemaKind::Any(any) => {
            !(any.one_of.is_empty() && any.all_of.is_empty() && any.any_of.is_empty())
        }
        _ => false,
    }
}

/// The component that a place is, perhaps with a description or null beside it.
pub(super) fn name_of(place: &Place) -> Option<&str> {
    match place {
        ReferenceOr::Reference { reference } => walk::schema_name(reference),
        ReferenceOr::Item(Schema { schema_kind: SchemaKind::AllOf { all_of }, .. }) => {
            match all_of.as_slice() {
                [alone] => name_of(alone),
                _ => None,
            }
        }
        ReferenceOr::Item(_) => None,
    }
}

/// One object with the members of all parts; none where a part is something else.
///
/// Of two members of one name in an `allOf` the later one counts: it says more. Where alternatives differ in a
/// member, it is any JSON.
pub(super) fn object(components: &Components, kind: &SchemaKind) -> Option<ObjectType> {
    let mut sum = Sum { components, whole: ObjectType::default(), left: MOST_PARTS };
    sum.add(kind, false)?;
    (!sum.whole.properties.is_empty() || sum.whole.additional_properties.is_some())
        .then_some(sum.whole)
}

/// The same for a schema in its place.
pub(super) fn object_of(components: &Components, place: &Place) -> Option<ObjectType> {
    object(components, &resolved(components, place)?.schema_kind)
}

struct Sum<'m> {
    components: &'m Components,
    whole: ObjectType,
    left: usize,
}

impl Sum<'_> {
    fn add(&mut self, kind: &SchemaKind, is_alternative: bool) -> Option<()> {
        self.left = self.left.checked_sub(1)?;
        match kind {
            SchemaKind::Type(Type::Object(object)) => {
                self.members(
                    &object.properties,
                    &object.required,
                    object.additional_properties.as_ref(),
                    is_alternative,
                );
                Some(())
            }
            SchemaKind::AllOf { all_of: parts } => self.parts(parts, is_alternative),
            SchemaKind::OneOf { one_of: parts } | SchemaKind::AnyOf { any_of: parts } => {
                self.parts(parts, true)
            }
            SchemaKind::Any(any) => {
                if any.typ.as_ref().is_some_and(|typ| typ != "object")
                    || !any.enumeration.is_empty()
                {
                    return None;
                }
                self.parts(&any.all_of, is_alternative)?;
                self.parts(&any.one_of, true)?;
                self.parts(&any.any_of, true)?;
                self.members(
                    &any.properties,
                    &any.required,
                    any.additional_properties.as_ref(),
                    is_alternative,
                );
                Some(())
            }
            SchemaKind::Not { .. } => Some(()),
            SchemaKind::Type(_) => None,
        }
    }

    fn parts(&mut self, parts: &[Place], is_alternative: bool) -> Option<()> {
        for part in parts.iter().filter(|part| !walk::is_null(part)) {
            let components = self.components;
            self.add(&resolved(components, part)?.schema_kind, is_alternative)?;
        }
        Some(())
    }

    fn members<'a>(
        &mut self,
        properties: impl IntoIterator<Item = (&'a String, &'a ReferenceOr<Box<Schema>>)>,
        required: &[String],
        rest: Option<&AdditionalProperties>,
        is_alternative: bool,
    ) {
        for (name, property) in properties {
            let known = self.whole.properties.get(name);
            let is_other = is_alternative && known.is_some_and(|known| known != property);
            let property = if is_other {
                let kind = SchemaKind::Any(AnySchema::default());
                ReferenceOr::Item(Box::new(Schema {
                    schema_data: SchemaData::default(),
                    schema_kind: kind,
                }))
            } else {
                property.clone()
            };
            self.whole.properties.insert(name.clone(), property);
        }
        if !is_alternative {
            self.whole.required.extend(required.iter().cloned());
        }
        if let Some(rest @ AdditionalProperties::Schema(_)) = rest {
            self.whole.additional_properties = Some(rest.clone());
        }
    }
}

/// The one part of an `allOf` that says what it is, where the others say nothing of types.
pub(super) fn only_part(components: &Components, kind: &SchemaKind) -> Option<Place> {
    let (SchemaKind::AllOf { all_of: parts } | SchemaKind::Any(AnySchema { all_of: parts, .. })) =
        kind
    else {
        return None;
    };
    let says_nothing = |part: &&Place| {
        let schema = resolved(components, part);
        !schema.is_some_and(
            |schema| matches!(&schema.schema_kind, SchemaKind::Any(any) if is_bare(any)),
        )
    };
    let mut saying = parts.iter().filter(says_nothing);
    let only = saying.next()?;
    let plain = |part: &Place| {
        let schema = resolved(components, part)?;
        match &schema.schema_kind {
            SchemaKind::Type(kind) => Some(std::mem::discriminant(kind)),
            _ => None,
        }
    };
    let is_same =
        |part: &Place| part == only || plain(part).is_some() && plain(part) == plain(only);
    saying.all(is_same).then(|| only.clone())
}

/// The values of alternatives that are all texts; empty where any text may come.
pub(super) fn texts(components: &Components, parts: &[Place]) -> Option<Vec<String>> {
    let mut values: Vec<String> = Vec::new();
    for part in parts {
        let schema = resolved(components, part)?;
        let kind = match &schema.schema_kind {
            SchemaKind::Any(any) => &bare_kind(any)?,
            kind => kind,
        };
        let SchemaKind::Type(Type::String(string)) = kind else {
            return None;
        };
        for value in string.enumeration.iter().flatten() {
            if !values.contains(value) {
                values.push(value.clone());
            }
        }
    }
    (!parts.is_empty()).then_some(values)
}

/// What a schema is that doesn't say its type, or has keywords of another one, by what else it says.
pub(super) fn bare_kind(any: &AnySchema) -> Option<SchemaKind> {
    let is_composed = !(any.one_of.is_empty() && any.all_of.is_empty() && any.any_of.is_empty());
    if any.not.is_some() && !is_composed && any.properties.is_empty() && any.typ.is_none() {
        return any.not.clone().map(|not| SchemaKind::Not { not });
    }
    if is_composed {
        let is_object = any.typ.as_ref().is_none_or(|typ| typ == "object");
        let has_more = !any.properties.is_empty() || any.additional_properties.is_some();
        return match (any.one_of.as_slice(), any.any_of.as_slice(), any.all_of.as_slice()) {
            (one_of, [], []) if !has_more => Some(SchemaKind::OneOf { one_of: one_of.to_vec() }),
            ([], any_of, []) if !has_more => Some(SchemaKind::AnyOf { any_of: any_of.to_vec() }),
            ([], [], all_of) if !has_more && any.required.is_empty() => {
                Some(SchemaKind::AllOf { all_of: all_of.to_vec() })
            }
            _ if is_object => None,
            _ => bare_kind(&AnySchema {
                one_of: vec![],
                any_of: vec![],
                all_of: vec![],
                ..any.clone()
            }),
        };
    }
    let values = any.enumeration.iter().filter(|value| !value.is_null());
    let values: Vec<&Value> = values.collect();
    let all = |is: fn(&Value) -> bool| !values.is_empty() && values.iter().all(|value| is(value));
    let word = any.typ.as_deref();
    let kind = match word {
        Some("string") => text(&values),
        Some("integer") => integer(any),
        Some("number") => Type::Number(NumberType::default()),
        Some("boolean") => Type::Boolean(BooleanType::default()),
        Some("array") => array(any),
        None if all(Value::is_string) => text(&values),
        None if all(Value::is_i64) => Type::Integer(IntegerType::default()),
        None if all(Value::is_number) => Type::Number(NumberType::default()),
        None if all(Value::is_boolean) => Type::Boolean(BooleanType::default()),
        None if any.items.is_some() => array(any),
        Some("object") => members(any),
        None if !any.properties.is_empty() || any.additional_properties.is_some() => members(any),
        _ => return None,
    };
    Some(SchemaKind::Type(kind))
}

/// Whether a schema says nothing of what it is.
pub(super) fn is_bare(any: &AnySchema) -> bool {
    bare_kind(any).is_none()
        && any.all_of.is_empty()
        && any.one_of.is_empty()
        && any.any_of.is_empty()
}

fn text(values: &[&Value]) -> Type {
    let values = values.iter().filter_map(|value| Some(Some(value.as_str()?.to_owned())));
    Type::String(StringType { enumeration: values.collect(), ..StringType::default() })
}

/// An integer whose bounds the model has no place for, since they are beyond 64 bits with a sign.
fn integer(any: &AnySchema) -> Type {
    const LARGEST: f64 = 9_223_372_036_854_775_807.0;
    const LARGEST_UNSIGNED: f64 = 18_446_744_073_709_551_615.0;
    let format = any.format.as_deref();
    let is_unsigned = any.minimum.is_some_and(|least| least >= 0.0)
        || format.is_some_and(|format| format.starts_with("uint"));
    let is_beyond = any.minimum.is_some_and(|least| least < -LARGEST)
        || any.maximum.is_some_and(|most| most > LARGEST);
    let format = match format {
        _ if is_beyond && is_unsigned && any.maximum.is_some_and(|it| it <= LARGEST_UNSIGNED) => {
            VariantOrUnknownOrEmpty::Unknown("uint64".to_owned())
        }
        _ if is_beyond => VariantOrUnknownOrEmpty::Unknown("bigint".to_owned()),
        Some("int32") => VariantOrUnknownOrEmpty::Item(IntegerFormat::Int32),
        Some("int64") => VariantOrUnknownOrEmpty::Item(IntegerFormat::Int64),
        Some(format) => VariantOrUnknownOrEmpty::Unknown(format.to_owned()),
        None => VariantOrUnknownOrEmpty::Empty,
    };
    Type::Integer(IntegerType { format, ..IntegerType::default() })
}

fn array(any: &AnySchema) -> Type {
    let items = any.items.clone();
    Type::Array(ArrayType { items, min_items: None, max_items: None, unique_items: false })
}

fn members(any: &AnySchema) -> Type {
    Type::Object(ObjectType {
        properties: any.properties.clone(),
        required: any.required.clone(),
        additional_properties: any.additional_properties.clone(),
        ..ObjectType::default()
    })
}

/// The schema behind any number of references; none where they lead nowhere.
pub(super) fn resolved<'a>(
    components: &'a Components,
    place: &'a ReferenceOr<impl Borrow<Schema>>,
) -> Option<&'a Schema> {
    let mut reference = match place {
        ReferenceOr::Item(schema) => return Some(schema.borrow()),
        ReferenceOr::Reference { reference } => reference,
    };
    for _ in 0..=components.schemas.len() {
        match components.schemas.get(walk::schema_name(reference)?)? {
            ReferenceOr::Item(schema) => return Some(schema),
            ReferenceOr::Reference { reference: next } => reference = next,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn integers_beyond_64_bits_with_a_sign_say_so() {
        for (schema, expected) in [
            (json!({"type": "integer", "minimum": 0, "maximum": u64::MAX}), "uint64"),
            (json!({"type": "integer", "format": "uint64", "maximum": u64::MAX}), "uint64"),
            (json!({"type": "integer", "maximum": u64::MAX}), "bigint"),
            (json!({"type": "integer", "minimum": 0, "maximum": 1e30}), "bigint"),
        ] {
            let read: Schema = serde_json::from_value(schema.clone()).unwrap();
            let SchemaKind::Any(any) = &read.schema_kind else { panic!("{schema}") };
            let Some(SchemaKind::Type(Type::Integer(integer))) = bare_kind(any) else {
                panic!("{schema}")
            };
            assert_eq!(integer.format, VariantOrUnknownOrEmpty::Unknown(expected.to_owned()));
        }
    }
}
