//! Rewrites what progenitor emits into calls of letterhead's layer.
//!
//! progenitor's `send` builds a URL from text, hands a response to one of three hooks and decodes it
//! by status. Here it becomes one chain on the layer, which returns letterhead's `Reply` or `Error`;
//! the types decode without losing a member. Whatever doesn't look as expected is refused, so that a
//! new version of progenitor fails the build instead of changing what is sent.

mod operations;
mod types;

use proc_macro2::TokenStream;
use syn::{ImplItem, Item, ItemImpl};

use crate::Refusal;

/// Rewrites the tokens of one generated client.
///
/// # Errors
/// An operation that uses what the layer has no call for, such as a form body.
pub fn finish(tokens: TokenStream) -> Result<syn::File, Refusal> {
    let mut file: syn::File = syn::parse2(tokens).map_err(|error| {
        Refusal::of_document(format!("the generated code is not Rust: {error}"))
    })?;
    // The client itself is hand-written, and without progenitor's there is no way past the layer.
    file.items.retain(|item| match item {
        Item::Mod(module) => module.ident != "prelude",
        Item::Impl(implementation) => is_operations(implementation),
        _ => false,
    });
    for item in &mut file.items {
        match item {
            Item::Mod(module) if module.ident == "types" => types::finish(module)?,
            Item::Mod(module) => operations::finish(module)?,
            _ => {}
        }
    }
    Ok(file)
}

/// Whether this is the block with a method per operation.
fn is_operations(implementation: &ItemImpl) -> bool {
    implementation.trait_.is_none()
        && !implementation.items.iter().any(|item| {
            matches!(item, ImplItem::Fn(function) if function.sig.ident == "new_with_client")
        })
}
