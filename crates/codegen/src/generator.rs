//! progenitor with letterhead's settings, its panics turned into reasons.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use openapiv3::{OpenAPI, PathItem, ReferenceOr};
use proc_macro2::TokenStream;
use progenitor::{CrateVers, GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle};
use serde_json::json;

/// The panic hook belongs to the whole process, so only one generation may replace it at a time.
static PANIC_HOOK: Mutex<()> = Mutex::new(());

/// Whether progenitor has a type for each schema. It writes nothing: once it has the types, it meets an operation
/// that it refuses.
pub(crate) fn try_types(mut model: OpenAPI) -> Result<(), String> {
    let end: PathItem = serde_json::from_value(json!({"get": {
        "operationId": "end",
        "parameters": [{"name": "end", "in": "cookie", "schema": {"type": "string"}}],
        "responses": {},
    }}))
    .map_err(|error| error.to_string())?;
    model.paths.paths.insert("/".to_owned(), ReferenceOr::Item(end));
    match run(&model) {
        Err(reason) if reason.contains("cookie parameters are not supported") => Ok(()),
        Err(reason) => Err(reason),
        Ok(_) => Err("the generator takes what it was to refuse".to_owned()),
    }
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
    fn what_is_tried_is_what_is_generated() {
        let (tried_it, generated) = tried(&json!({"type": "string"}));
        assert_eq!((tried_it, generated), (Ok(()), None));
        let (tried_it, generated) = tried(&json!({"type": "integer", "default": "x"}));
        assert!(generated.is_some());
        assert_eq!(tried_it.err(), generated);
    }
}
