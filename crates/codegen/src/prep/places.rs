//! A place in a document that has a schema: how one is made, and what is said of it.

use openapiv3::{AnySchema, ReferenceOr, Schema, SchemaData, SchemaKind};

/// A schema, or a reference to a component.
pub(super) type Place = ReferenceOr<Schema>;

/// What of a schema's data a form keeps.
pub(super) fn kept(data: &SchemaData) -> SchemaData {
    SchemaData {
        nullable: data.nullable,
        description: data.description.clone(),
        ..SchemaData::default()
    }
}

/// The component of a name.
pub(super) fn to(name: &str) -> Place {
    ReferenceOr::Reference { reference: format!("#/components/schemas/{name}") }
}

/// A schema that stands where it is.
pub(super) fn item(schema_data: SchemaData, schema_kind: SchemaKind) -> Place {
    ReferenceOr::Item(Schema { schema_data, schema_kind })
}

/// A place with more data, which a reference can't have.
pub(super) fn with(place: Place, data: SchemaData) -> Place {
    match place {
        place @ ReferenceOr::Reference { .. } if data == SchemaData::default() => place,
        ReferenceOr::Item(mut schema)
            if !matches!(schema.schema_kind, SchemaKind::AllOf { .. }) =>
        {
            schema.schema_data.nullable |= data.nullable;
            if data.description.is_some() {
                schema.schema_data.description = data.description;
            }
            ReferenceOr::Item(schema)
        }
        ReferenceOr::Item(Schema { schema_data, schema_kind }) => {
            let nullable = data.nullable || schema_data.nullable;
            let description = data.description.or(schema_data.description);
            let data = SchemaData { nullable, description, ..SchemaData::default() };
            item(data, schema_kind)
        }
        place @ ReferenceOr::Reference { .. } => {
            let kind = SchemaKind::AllOf { all_of: vec![place] };
            item(data, kind)
        }
    }
}

/// Takes null away from a place; whether it had it.
pub(super) fn take_null(place: &mut Place) -> bool {
    let ReferenceOr::Item(schema) = place else { return false };
    let had = std::mem::take(&mut schema.schema_data.nullable);
    if let SchemaKind::AllOf { all_of } = &mut schema.schema_kind
        && all_of.len() == 1
    {
        *place = all_of.remove(0);
    }
    had
}

/// The same place, as members and items have it.
pub(super) fn boxed(place: Place) -> ReferenceOr<Box<Schema>> {
    match place {
        ReferenceOr::Item(schema) => ReferenceOr::Item(Box::new(schema)),
        ReferenceOr::Reference { reference } => ReferenceOr::Reference { reference },
    }
}

/// Any JSON, and why it is no more than that.
pub(super) fn anything(why: Option<&str>) -> Schema {
    let mut data = SchemaData::default();
    if let Some(why) = why {
        note(&mut data, &format!("Any JSON: {why}."));
    }
    Schema { schema_data: data, schema_kind: SchemaKind::Any(AnySchema::default()) }
}

/// Adds a sentence to what is said of a schema.
pub(super) fn note(data: &mut SchemaData, sentence: &str) {
    data.description = Some(match data.description.take() {
        Some(text) if !text.trim().is_empty() => format!("{}\n\n{sentence}", text.trim_end()),
        _ => sentence.to_owned(),
    });
}
