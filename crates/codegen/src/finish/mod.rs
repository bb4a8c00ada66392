//! Rewrites what progenitor emits into calls of letterhead's layer.
//!
//! progenitor's `send` builds a URL from text, hands a response to one of three hooks and decodes it
//! by status. Here it becomes one chain on the layer, which returns letterhead's `Reply` or `Error`;
//! the types decode without losing a member. Whatever doesn't look as expected is refused, so that a
//! new version of progenitor fails the build instead of changing what is sent.

mod choices;
mod docs;
mod operations;
mod owned;
mod send;
mod setters;
mod types;

use openapiv3::OpenAPI;
use proc_macro2::TokenStream;
use syn::visit_mut::VisitMut;
use syn::{ImplItem, Item, ItemImpl, LitStr};

pub(crate) use docs::plain;

use crate::Refusal;

/// Rewrites the tokens of the client generated from `model`.
///
/// # Errors
/// An operation that uses what the layer has no call for, such as a form body.
pub fn finish(tokens: TokenStream, model: &OpenAPI) -> Result<syn::File, Refusal> {
    let mut file: syn::File = syn::parse2(tokens).map_err(|error| {
        Refusal::of_document(format!("the generated code is not Rust: {error}"))
    })?;
    // The client itself is hand-written, and without progenitor's there is no way past the layer.
    file.items.retain(|item| match item {
        Item::Mod(module) => module.ident != "prelude",
        Item::Impl(implementation) => is_operations(implementation),
        _ => false,
    });
    let docs = docs::Docs::of(model);
    let choices = choices::Choices::of(model);
    for item in &mut file.items {
        match item {
            Item::Mod(module) if module.ident == "types" => types::finish(module, &choices)?,
            Item::Mod(module) => operations::finish(module, &docs)?,
            Item::Impl(implementation) => {
                owned::finish_operations(implementation)?;
                UntestedExamples.visit_item_impl_mut(implementation);
            }
            _ => {}
        }
    }
    Ok(file)
}

/// progenitor's examples don't compile by themselves; as plain text they aren't counted as skipped
/// tests.
struct UntestedExamples;

impl VisitMut for UntestedExamples {
    fn visit_lit_str_mut(&mut self, literal: &mut LitStr) {
        let text = literal.value().replace("```ignore", "```text");
        *literal = LitStr::new(&text, literal.span());
    }
}

/// Whether this is the block with a method per operation.
fn is_operations(implementation: &ItemImpl) -> bool {
    implementation.trait_.is_none()
        && !implementation.items.iter().any(|item| {
            matches!(item, ImplItem::Fn(function) if function.sig.ident == "new_with_client")
        })
}
