//! What progenitor is fed: the component schemas alone, with members and values that have their names in Rust.
//!
//! The operations are written from the model, so progenitor sees none, and each form of a schema is one that it has a
//! type for: that is how its limits can't be met.

use openapiv3::{Components, Info, OpenAPI, ReferenceOr, SchemaKind, Type};

use crate::prep::{names, patches, walk};

/// The document for progenitor.
pub(crate) fn of(info: Info, components: Option<Components>) -> OpenAPI {
    let mut feed = OpenAPI { openapi: "3.0.3".to_owned(), info, components, ..OpenAPI::default() };
    if let Some(components) = &mut feed.components {
        components.parameters.clear();
        components.request_bodies.clear();
        components.responses.clear();
        for schema in components.schemas.values_mut() {
            let ReferenceOr::Item(schema) = schema else { continue };
            match &mut schema.schema_kind {
                SchemaKind::Type(Type::Object(object)) => {
                    let wire: Vec<String> = object.properties.keys().cloned().collect();
                    let fields = names::members(&wire.iter());
                    let field = |wire: &String| fields[wire.as_str()].clone();
                    object.properties = object
                        .properties
                        .drain(..)
                        .map(|(wire, member)| (field(&wire), member))
                        .collect();
                    object.required = object.required.iter().map(field).collect();
                }
                SchemaKind::Type(Type::String(string)) => {
                    let wire: Vec<String> = string.enumeration.iter().flatten().cloned().collect();
                    let variants = names::variants(&wire.iter());
                    let variant = |wire: &String| Some(variants[wire.as_str()].clone());
                    string.enumeration = wire.iter().map(variant).collect();
                }
                _ => {}
            }
        }
    }
    walk::schemas_mut(&mut feed, &mut |schema| {
        schema.schema_data.discriminator = None;
        schema.schema_data.extensions.shift_remove(patches::OF_BODY);
    });
    feed
}
