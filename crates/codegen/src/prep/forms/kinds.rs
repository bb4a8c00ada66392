//! The form of a schema by its kind.

use std::collections::BTreeSet;

use heck::ToPascalCase;
use openapiv3::{
    AdditionalProperties, AnySchema, ArrayType, BooleanType, Components, Discriminator,
    IntegerType, NumberType, ObjectType, ReferenceOr, Schema, SchemaData, SchemaKind, StringType,
    Type,
};

use super::{Form, Forms};
use crate::choices::Choice;
use crate::prep::names::rust_name;
use crate::prep::places::{Place, anything, boxed, note, take_null, to};
use crate::prep::{integers, sums, walk};

impl Forms {
    /// The form of a schema; `name` is what types within get, and `data` is what is said of it.
    pub(super) fn form(
        &mut self,
        schema: &Schema,
        name: &str,
        is_received: bool,
        data: &mut SchemaData,
    ) -> Form {
        match &schema.schema_kind {
            SchemaKind::Type(kind) => self.typed(kind, name, is_received, data),
            SchemaKind::OneOf { one_of: parts } => {
                self.choice(schema, parts, name, is_received, data)
            }
            SchemaKind::AnyOf { any_of: parts } => {
                let one = SchemaKind::OneOf { one_of: parts.clone() };
                let schema = as_kind(schema, one);
                self.choice(&schema, parts, name, is_received, data)
            }
            SchemaKind::AllOf { .. } => self.sum(schema, name, is_received, data),
            SchemaKind::Not { .. } => json(data, "the document says by `not` what it isn't"),
            SchemaKind::Any(any) => match sums::bare_kind(any) {
                Some(kind) => {
                    let schema = as_kind(schema, kind);
                    self.form(&schema, name, is_received, data)
                }
                None if sums::is_bare(any) => Form::Plain(SchemaKind::Any(AnySchema::default())),
                None => self.sum(schema, name, is_received, data),
            },
        }
    }

    fn typed(&mut self, kind: &Type, name: &str, is_received: bool, data: &mut SchemaData) -> Form {
        let plain = |kind| Form::Plain(SchemaKind::Type(kind));
        match kind {
            Type::String(string) => {
                let mut seen = BTreeSet::new();
                let values = string.enumeration.iter().flatten();
                let values: Vec<_> = values.filter(|value| seen.insert(*value)).cloned().collect();
                text(values)
            }
            Type::Integer(integer) if integers::is_beyond(integer) => {
                json(data, "a whole number that may be too large for a type of Rust")
            }
            Type::Integer(integer) => plain(Type::Integer(IntegerType {
                format: integers::known(&integer.format),
                ..IntegerType::default()
            })),
            Type::Number(_) => plain(Type::Number(NumberType::default())),
            Type::Boolean(_) => plain(Type::Boolean(BooleanType::default())),
            Type::Array(array) => {
                let name = format!("{name}Item");
                let items = array.items.as_ref().map(|it| self.place(it, &name, is_received));
                let items = items.unwrap_or_else(|| ReferenceOr::Item(anything(None)));
                plain(Type::Array(ArrayType {
                    items: Some(boxed(items)),
                    min_items: None,
                    max_items: None,
                    unique_items: false,
                }))
            }
            Type::Object(object) => self.object(object, name, is_received, data),
        }
    }

    fn object(
        &mut self,
        object: &ObjectType,
        name: &str,
        is_received: bool,
        data: &mut SchemaData,
    ) -> Form {
        let mut made = ObjectType::default();
        if object.properties.is_empty() {
            if let Some(AdditionalProperties::Schema(rest)) = &object.additional_properties {
                let rest = self.place(rest.as_ref(), &format!("{name}Value"), is_received);
                made.additional_properties = Some(AdditionalProperties::Schema(Box::new(rest)));
            }
            return Form::Plain(SchemaKind::Type(Type::Object(made)));
        }
        if let Some(AdditionalProperties::Schema(rest)) = &object.additional_properties
            && rest.as_item().is_none_or(|rest| !walk::is_anything(rest))
        {
            note(
                data,
                "The members that it doesn't name have a type in the document; `extra` has them as JSON.",
            );
        }
        for (member, schema) in &object.properties {
            let name = format!("{name}{}", rust_name(member).to_pascal_case());
            let schema = self.place(schema, &name, is_received);
            made.properties.insert(member.clone(), boxed(schema));
        }
        let is_member = |name: &&String| object.properties.contains_key(*name);
        made.required = object.required.iter().filter(is_member).cloned().collect();
        // `true` would drop them; an empty schema keeps them.
        made.additional_properties =
            Some(AdditionalProperties::Schema(Box::new(ReferenceOr::Item(anything(None)))));
        Form::Named(SchemaKind::Type(Type::Object(made)))
    }

    /// One object of what is put together, or the one part that says what it is.
    fn sum(
        &mut self,
        schema: &Schema,
        name: &str,
        is_received: bool,
        data: &mut SchemaData,
    ) -> Form {
        if let Some((place, beside)) = sums::described(&self.old, &schema.schema_kind) {
            data.nullable |= beside.iter().any(|it| it.nullable);
            let said = beside.iter().find_map(|it| it.description.clone());
            data.description = data.description.take().or(said);
            return Form::Same(place.clone());
        }
        if let Some(object) = sums::object(&self.old, &schema.schema_kind) {
            return self.object(&object, name, is_received, data);
        }
        match sums::only_part(&self.old, &schema.schema_kind) {
            Some(place) => Form::Same(place),
            None => json(data, "the document puts it together of schemas that aren't all objects"),
        }
    }

    fn choice(
        &mut self,
        schema: &Schema,
        parts: &[Place],
        name: &str,
        is_received: bool,
        data: &mut SchemaData,
    ) -> Form {
        data.nullable |= parts.iter().any(walk::is_null);
        let mut parts: Vec<Place> = parts.iter().filter(|it| !walk::is_null(it)).cloned().collect();
        let mut seen: Vec<Place> = Vec::new();
        parts.retain(|part| {
            let is_new = !seen.contains(part);
            seen.push(part.clone());
            is_new
        });
        if let [alone] = parts.as_slice() {
            return Form::Same(alone.clone());
        }
        if let Some(values) = sums::texts(&self.old, &parts) {
            return text(values);
        }
        let is_object = |part: &Place| sums::object_of(&self.old, part).is_some();
        let (objects, others): (Vec<Place>, Vec<Place>) = parts.into_iter().partition(is_object);
        let choice = {
            let named =
                objects.iter().enumerate().map(|(place, part)| self.named(part, place, name));
            let named: Vec<Option<(String, ObjectType)>> = named.collect();
            let known: Option<Vec<_>> = named.into_iter().collect();
            known.and_then(|known| {
                let components = components_of(&known);
                let one_of = known.iter().map(|(name, _)| to(name)).collect();
                let kind = SchemaKind::OneOf { one_of };
                Choice::of(&components, &as_kind(schema, kind))
            })
        };
        let mut places: Vec<Place> = Vec::new();
        if objects.len() > 1 && others.is_empty() && choice.is_some() || !is_received {
            for (index, part) in objects.iter().enumerate() {
                let name = format!("{name}Variant{index}");
                places.push(self.place(part, &name, is_received));
            }
            // By the names of the document, which the types don't have.
            data.discriminator = choice.map(|choice| {
                let types = places.iter().map(|place| sums::name_of(place).unwrap_or_default());
                let mapping =
                    choice.members.into_iter().zip(types).flat_map(|((_, values), ty)| {
                        values.into_iter().map(move |value| (value, ty.to_owned()))
                    });
                Discriminator {
                    property_name: choice.tag,
                    mapping: mapping.collect(),
                    ..Discriminator::default()
                }
            });
        } else if !objects.is_empty() {
            let kind = SchemaKind::OneOf { one_of: objects.clone() };
            match sums::object(&self.old, &kind) {
                Some(whole) if others.is_empty() => {
                    note(
                        data,
                        "One of several objects, which nothing distinguishes: it has the members of all of them.",
                    );
                    return self.object(&whole, name, is_received, data);
                }
                Some(_) if objects.len() == 1 => {
                    places.push(self.place(&objects[0], &format!("{name}Object"), is_received));
                }
                Some(whole) => {
                    let whole = Schema {
                        schema_data: SchemaData::default(),
                        schema_kind: SchemaKind::Type(Type::Object(whole)),
                    };
                    let name = format!("{name}Object");
                    places.push(self.place(&ReferenceOr::Item(whole), &name, is_received));
                }
                None => return json(data, "the document lets it be one of several objects"),
            }
        }
        for (index, part) in others.iter().enumerate() {
            let place = self.place(part, &format!("{name}Other{index}"), is_received);
            if matches!(&place, ReferenceOr::Item(schema) if walk::is_anything(schema)) {
                return json(data, "the document lets it be one of several things, or anything");
            }
            places.push(place);
        }
        // A null among them would hide that all may be null.
        for place in &mut places {
            data.nullable |= take_null(place);
        }
        let mut kept: Vec<Place> = Vec::new();
        for place in places {
            if !kept.contains(&place) {
                kept.push(place);
            }
        }
        // What is whole before what is broken: `1` is an integer, and a number would take it as well.
        kept.sort_by_key(|place| matches!(place, ReferenceOr::Item(schema) if matches!(schema.schema_kind, SchemaKind::Type(Type::Number(_)))));
        match kept.len() {
            0 => json(data, "the document lets it be one of nothing"),
            1 => Form::Made(kept.remove(0)),
            _ => Form::Named(SchemaKind::OneOf { one_of: kept }),
        }
    }

    /// The name of an object among several, and the object with its members, of which texts are written out.
    fn named(&self, part: &Place, index: usize, name: &str) -> Option<(String, ObjectType)> {
        let mut object = sums::object_of(&self.old, part)?;
        for member in object.properties.values_mut() {
            let found = sums::resolved(&self.old, member);
            if let Some(found) =
                found.filter(|it| matches!(it.schema_kind, SchemaKind::Type(Type::String(_))))
            {
                *member = ReferenceOr::Item(Box::new(found.clone()));
            }
        }
        let name = match part {
            ReferenceOr::Reference { reference } => walk::schema_name(reference)?.to_owned(),
            ReferenceOr::Item(_) => format!("{name}Variant{index}"),
        };
        Some((name, object))
    }
}

/// What is said of a schema, with another kind.
fn as_kind(schema: &Schema, schema_kind: SchemaKind) -> Schema {
    Schema { schema_data: schema.schema_data.clone(), schema_kind }
}

fn components_of(objects: &[(String, ObjectType)]) -> Components {
    let schemas = objects.iter().map(|(name, object)| {
        let kind = SchemaKind::Type(Type::Object(object.clone()));
        let schema = Schema { schema_data: SchemaData::default(), schema_kind: kind };
        (name.clone(), ReferenceOr::Item(schema))
    });
    Components { schemas: schemas.collect(), ..Components::default() }
}

fn text(values: Vec<String>) -> Form {
    let is_enum = !values.is_empty();
    let kind = SchemaKind::Type(Type::String(StringType {
        enumeration: values.into_iter().map(Some).collect(),
        ..StringType::default()
    }));
    if is_enum { Form::Named(kind) } else { Form::Plain(kind) }
}

fn json(data: &mut SchemaData, why: &str) -> Form {
    note(data, &format!("Any JSON: {why}."));
    Form::Plain(SchemaKind::Any(AnySchema::default()))
}
