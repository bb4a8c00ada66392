//! progenitor with letterhead's settings, its panics turned into reasons.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use openapiv3::OpenAPI;
use proc_macro2::TokenStream;
use progenitor::{CrateVers, GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle};

/// The panic hook belongs to the whole process, so only one generation may replace it at a time.
static PANIC_HOOK: Mutex<()> = Mutex::new(());

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
        // The generated client is the public API: an added parameter must not break a caller.
        .with_interface(InterfaceStyle::Builder)
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
