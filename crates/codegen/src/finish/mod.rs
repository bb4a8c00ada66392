//! Rewrites what progenitor emits into what letterhead's layer and its types are made of.
//!
//! Of progenitor the types are taken; the operations are the document's. What isn't found as expected is refused, so
//! that a new version of progenitor fails the build instead of changing what is sent.
//!
//! ```text
//! types ─▶ choices, names
//! operations ─▶ several, paging ─▶ docs ─▶ model ─▶ received, headers; examples, rust_type      all ─▶ syntax
//! ```

mod choices;
mod docs;
mod examples;
mod headers;
mod model;
mod names;
mod operations;
mod paging;
mod received;
mod rust_type;
mod several;
mod syntax;
mod types;
mod unread;

use letterhead_document::METHODS;
use openapiv3::OpenAPI;
use proc_macro2::TokenStream;
use syn::{Item, ItemImpl, parse_quote};

use crate::code::Part;
use crate::prep::{LeftOut, Why, take_out};
use crate::refusal::Refusal;

/// Takes the lists out of `prepared` that can't go on as they declare, and says which.
pub(crate) fn leave_out_lists(prepared: &mut OpenAPI) -> Vec<LeftOut> {
    // Hardly any document declares one, and to model all operations of a large one takes long.
    if !prepared.operations().any(|(_, _, it)| it.extensions.contains_key("x-paging")) {
        return Vec::new();
    }
    let builder = syntax::ident("List");
    let places = prepared.operations().map(|(path, method, _)| (path.to_owned(), slot(method)));
    let places: Vec<(String, Option<&'static str>)> = places.collect();
    let operations = model::operations(prepared);
    let mut left_out = Vec::new();
    for ((path, method), operation) in places.into_iter().zip(operations) {
        if let Err(reason) = paging::streams(prepared, &operation, &builder) {
            let why = Why::Paging(reason);
            left_out.push(LeftOut { path, method, why });
        }
    }
    for LeftOut { path, method, .. } in &left_out {
        take_out(prepared, path, method.unwrap_or_default());
    }
    left_out
}

/// The method of an operation, which outlives the model.
fn slot(method: &str) -> Option<&'static str> {
    METHODS.iter().map(|(name, _)| *name).find(|name| *name == method)
}

/// Rewrites the tokens of the client generated from `prepared`, which was made of `model`. `stem` is the
/// document's name.
///
/// # Errors
/// A type that isn't what the document says.
pub(crate) fn finish(
    tokens: TokenStream,
    prepared: &OpenAPI,
    model: &OpenAPI,
    stem: &str,
) -> Result<Vec<Part>, Refusal> {
    let names = names::WireNames::of(prepared);
    let read = unread::leave_out(tokens, &|name| names.has(name));
    let file: syn::File = syn::parse2(read).map_err(|error| {
        Refusal::of_document(format!("the generated code is not Rust: {error}"))
    })?;
    let docs = docs::Docs::of(model, stem);
    // The client itself is hand-written, and without progenitor's there is no way past the layer.
    let mut modules = file.items.into_iter().filter_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => Some(module),
        _ => None,
    });
    let Some(mut module) = modules.next() else {
        return Err(Refusal::of_document("the generated code has no types".to_owned()));
    };
    let items = module.content.as_mut().map(|(_, items)| std::mem::take(items));
    let choices = choices::Choices::of(prepared);
    let items = items.unwrap_or_default();
    let mut of_types = types::finish(items, &choices, &names)?;
    let operations::Finished { methods, builders, types } =
        operations::finish(prepared, &model::operations(prepared), &docs)?;
    of_types.extend(types);
    let mut client: ItemImpl = parse_quote!(impl Client {});
    client.items = methods;
    let builder = parse_quote! {
        /// Builders of the operations' calls.
        #[allow(clippy::all)]
        pub mod builder {
            use super::types;
        }
    };
    Ok(vec![
        Part::Module(module, of_types),
        Part::Item(Item::Impl(client)),
        Part::Module(builder, builders),
    ])
}
