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

use openapiv3::OpenAPI;
use proc_macro2::TokenStream;
use syn::{Item, parse_quote};

pub(crate) use syntax::plain;

use crate::refusal::Refusal;

/// Rewrites the tokens of the client generated from `prepared`, which was made of `model`. `stem` is the
/// document's name.
///
/// # Errors
/// An operation that uses what the layer has no call for, such as a form body.
pub(crate) fn finish(
    tokens: TokenStream,
    prepared: &OpenAPI,
    model: &OpenAPI,
    stem: &str,
) -> Result<syn::File, Refusal> {
    let file: syn::File = syn::parse2(tokens).map_err(|error| {
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
    let operations::Finished { methods, builders } =
        operations::finish(&emitted, &model::operations(prepared)?, &docs)?;
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
