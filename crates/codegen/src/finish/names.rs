//! What the members and the values of types are called on the wire.

use std::collections::BTreeMap;

use openapiv3::{OpenAPI, ReferenceOr, SchemaKind, Type};

use crate::prep::names;
use crate::refusal::Refusal;

/// For each type the wire's name of what progenitor was fed.
pub(super) struct WireNames(BTreeMap<String, BTreeMap<String, String>>);

impl WireNames {
    pub(super) fn of(model: &OpenAPI) -> Self {
        let schemas = model.components.iter().flat_map(|components| &components.schemas);
        let types = schemas.filter_map(|(name, schema)| {
            let ReferenceOr::Item(schema) = schema else { return None };
            let wire: Vec<String> = match &schema.schema_kind {
                SchemaKind::Type(Type::Object(object)) => {
                    object.properties.keys().cloned().collect()
                }
                SchemaKind::Type(Type::String(string)) => {
                    string.enumeration.iter().flatten().cloned().collect()
                }
                _ => return None,
            };
            let in_rust = match &schema.schema_kind {
                SchemaKind::Type(Type::Object(_)) => names::members(&wire.iter()),
                _ => names::variants(&wire.iter()),
            };
            let wire = in_rust.into_iter().map(|(wire, rust)| (rust, wire.to_owned()));
            Some((name.clone(), wire.collect()))
        });
        Self(types.collect())
    }

    /// Whether a type is an object with members, or an enum of texts: the library's macros write these.
    pub(super) fn has(&self, ty: &str) -> bool {
        self.0.get(ty).is_some_and(|names| !names.is_empty())
    }

    pub(super) fn get(&self, ty: &str, fed: &str) -> Result<&str, Refusal> {
        let found = self.0.get(ty).and_then(|names| names.get(fed));
        found.map(String::as_str).ok_or_else(|| {
            Refusal::of_document(format!(
                "type `{ty}` has `{fed}`, which the document doesn't have"
            ))
        })
    }
}
