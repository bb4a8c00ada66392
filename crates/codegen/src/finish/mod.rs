//! Rewrites what progenitor emits into what letterhead's layer and its types are made of.
//!
//! Of progenitor's client the types of arguments and of what is received are taken, and the order of the
//! arguments; all else is the document's. What isn't found as expected is refused, so that a new version of
//! progenitor fails the build instead of changing what is sent.
//!
//! ```text
//! types ─▶ choices
//! operations ─▶ docs ─▶ model, examples      all ─▶ syntax
//! ```

mod choices;
mod docs;
mod examples;
mod model;
mod operations;
mod syntax;
mod types;
mod unread;

use openapiv3::OpenAPI;
use proc_macro2::TokenStream;
use syn::{Item, parse_quote};

use model::Operation;
pub(crate) use model::operations;
pub(crate) use syntax::plain;

use crate::refusal::Refusal;

/// Rewrites the tokens of the client generated from `prepared`, which was made of `model` and has these
/// `operations`. `stem` is the document's name.
///
/// # Errors
/// An operation that isn't found in the tokens as expected.
pub(crate) fn finish(
    tokens: TokenStream,
    operations: &[Operation],
    prepared: &OpenAPI,
    model: &OpenAPI,
    stem: &str,
) -> Result<syn::File, Refusal> {
    let file: syn::File = syn::parse2(unread::leave_out(tokens)).map_err(|error| {
        Refusal::of_document(format!("the generated code is not Rust: {error}"))
    })?;
    let docs = docs::Docs::of(model, stem);
    let mut items: Vec<Item> = Vec::new();
    let mut emitted = operations::Emitted::default();
    for item in file.items {
        match item {
            Item::Mod(mut module) if module.ident == "types" => {
                types::finish(&mut module, &choices::Choices::of(prepared))?;
                items.push(Item::Mod(module));
            }
            Item::Mod(module) if module.ident == "builder" => emitted.builders(module),
            Item::Impl(methods) => emitted.methods(&methods),
            // The client itself is hand-written, and without progenitor's there is no way past the layer.
            _ => {}
        }
    }
    let self::operations::Finished { methods, builders } =
        operations::finish(&emitted, operations, &docs)?;
    items.push(parse_quote!(impl Client { #(#methods)* }));
    items.push(parse_quote! {
        /// Builders of the operations' calls.
        #[allow(clippy::all)]
        pub mod builder {
            use super::types;
            #(#builders)*
        }
    });
    Ok(parse_quote!(#(#items)*))
}
