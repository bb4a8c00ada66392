//! progenitor with letterhead's settings, its panics turned into reasons.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use openapiv3::{Components, OpenAPI, PathItem, ReferenceOr};
use proc_macro2::TokenStream;
use progenitor::{CrateVers, GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle};
use serde_json::json;

use crate::prep::refers;

/// The panic hook belongs to the whole process, so only one generation may replace it at a time.
static PANIC_HOOK: Mutex<()> = Mutex::new(());

/// So many schemas are tried together, and those that they lead to.
const TOGETHER: usize = 500;

/// How often schemas may be tried on average. Where each leads to most others, the rest is tried together: it takes memory,
/// but time in proportion to the document.
const REPEATS: usize = 4;

/// Whether progenitor has a type for each schema. It writes nothing: once it has the types, it meets an operation
/// that it refuses.
///
/// It takes the schemas in parts: of all together it would make several times what they are themselves. A type depends
/// on what its schema leads to, and is there with it.
pub(crate) fn try_types(mut model: OpenAPI) -> Result<(), String> {
    let mut components = model.components.take().unwrap_or_default();
    let schemas = std::mem::take(&mut components.schemas);
    let end: PathItem = serde_json::from_value(json!({"get": {
        "operationId": "end",
        "parameters": [{"name": "end", "in": "cookie", "schema": {"type": "string"}}],
        "responses": {},
    }}))
    .map_err(|error| error.to_string())?;
    model.paths.paths.insert("/".to_owned(), ReferenceOr::Item(end));
    let try_part = |part: &BTreeSet<&str>| {
        let part = schemas.iter().filter(|(name, _)| part.contains(name.as_str()));
        let part = part.map(|(name, schema)| (name.clone(), schema.clone())).collect();
        let components = Components { schemas: part, ..components.clone() };
        match run(&OpenAPI { components: Some(components), ..model.clone() }) {
            Err(reason) if reason.contains("cookie parameters are not supported") => Ok(()),
            Err(reason) => Err(reason),
            Ok(_) => Err("the generator takes what it was to refuse".to_owned()),
        }
    };
    let mut tried: BTreeSet<&str> = BTreeSet::new();
    let mut part: BTreeSet<&str> = BTreeSet::new();
    let (mut new, mut left) = (0, REPEATS * schemas.len());
    for name in schemas.keys().map(String::as_str) {
        let mut open = if tried.contains(name) { vec![] } else { vec![name] };
        while let Some(name) = open.pop() {
            if let Some(schema) = schemas.get(name)
                && part.insert(name)
            {
                new += usize::from(!tried.contains(name));
                open.extend(refers::names(schema));
            }
        }
        if new >= TOGETHER && left > 0 {
            try_part(&part)?;
            left = left.saturating_sub(part.len());
            new = 0;
            tried.append(&mut part);
        }
    }
    if part.is_empty() && !tried.is_empty() { Ok(()) } else { try_part(&part) }
}

pub(crate) fn run(model: &OpenAPI) -> Result<TokenStream, String> {
    let _guard = PANIC_HOOK.lock().unwrap_or_else(PoisonError::into_inner);
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let outcome =
        catch_unwind(AssertUnwindSafe(|| Generator::new(&settings()).generate_tokens(model)));
    std::panic::set_hook(hook);
    match outcome {
        Ok(Ok(tokens)) => Ok(tokens),
        Ok(Err(error)) => {
            Err(format!("the generator refuses it: {}", first_line(&error.to_string())))
        }
        Err(payload) => {
            let reason = payload
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| payload.downcast_ref::<&str>().copied())
                .unwrap_or("it says no more");
            Err(format!("the generator gave up: {}", first_line(reason)))
        }
    }
}

/// Some reasons are the whole model, printed.
fn first_line(reason: &str) -> String {
    let line = reason.lines().next().unwrap_or_default();
    line.chars().take(300).collect()
}

fn settings() -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings
        // Without builders of the types, which are most of what it would write: the library's macros have their own.
        .with_interface(InterfaceStyle::Positional)
        .with_tag(TagStyle::Merged)
        // An emitted `send` that were kept must not compile, rather than go out without credentials.
        .with_hooks(HooksMode::Expected)
        .with_map_type("::std::collections::BTreeMap")
        .with_derive("PartialEq")
        .with_derive("::schemars::JsonSchema")
        // `prep` names the library's own types through `x-rust-type`.
        .with_crate("letterhead", CrateVers::Any, None);
    settings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tried(schema: &serde_json::Value) -> (Result<(), String>, Option<String>) {
        let model: OpenAPI = serde_json::from_value(json!({
            "openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": {},
            "components": {"schemas": {"Cookie": schema}},
        }))
        .unwrap();
        (try_types(model.clone()), run(&model).err())
    }

    #[test]
    fn every_schema_is_tried_however_many_there_are() {
        let count = 2 * TOGETHER + 10;
        let model = |bad: Option<usize>| -> OpenAPI {
            let schema = |number| {
                let next = format!("#/components/schemas/S{:04}", (number + 1) % count);
                // Each ten lead to each other.
                match number % 10 {
                    _ if bad == Some(number) => json!({"type": "integer", "default": "x"}),
                    9 => json!({"type": "string"}),
                    8 => json!({"x-rust-type": {
                        "crate": "letterhead", "version": "*", "path": "letterhead::Patch",
                        "parameters": [{"$ref": next}],
                    }}),
                    _ => json!({"type": "object", "properties": {"next": {"$ref": next}}}),
                }
            };
            let schemas = (0..count).map(|number| (format!("S{number:04}"), schema(number)));
            let schemas: serde_json::Map<_, _> = schemas.collect();
            serde_json::from_value(json!({
                "openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": {},
                "components": {"schemas": schemas},
            }))
            .unwrap()
        };
        assert_eq!(try_types(model(None)), Ok(()));
        for bad in [0, 9, TOGETHER, TOGETHER + 5, count - 1] {
            assert_eq!(try_types(model(Some(bad))).err(), run(&model(Some(bad))).err());
        }
    }

    #[test]
    fn what_is_tried_is_what_is_generated() {
        let (tried_it, generated) = tried(&json!({"type": "string"}));
        assert_eq!((tried_it, generated), (Ok(()), None));
        let (tried_it, generated) = tried(&json!({"type": "integer", "default": "x"}));
        assert!(generated.is_some());
        assert_eq!(tried_it.err(), generated);
    }
}
