//! What tests go over that have to see everything that was generated.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Item, ItemStruct, Path, Type, parse_quote};

use crate::api::{Received, words};
use crate::code::{Macro, Part};

/// Rust for a module of a test that has the client's `types`, `Arguments`, `Call` and `RoundTrip`, and the
/// macros `outcome!`, `round_trip!` and `built!`.
pub(crate) fn catalog(code: &[Part]) -> String {
    let operations: Vec<&ItemStruct> = structs(code, "builder", Macro::Operation).collect();
    let calls = operations.iter().filter_map(|it| call(it));
    let responses = operations.iter().filter_map(|it| response(it));
    let built = structs(code, "types", Macro::Objects).map(built);
    let catalog: syn::File = parse_quote! {
        pub(crate) const CALLS: &[(&str, Call<Client>)] = &[#(#calls),*];
        pub(crate) const RESPONSES: &[(&str, RoundTrip)] = &[#(#responses),*];
        pub(crate) const BUILT: &[(&str, RoundTrip)] = &[#(#built),*];
    };
    prettyplease::unparse(&catalog)
}

/// The structs that one of the library's macros makes in a module.
fn structs<'c>(code: &'c [Part], module: &str, by: Macro) -> impl Iterator<Item = &'c ItemStruct> {
    let taken = Part::of_module(code, module).iter().flat_map(move |part| part.taken_by(by));
    taken.filter_map(|item| match item {
        Item::Struct(item) => Some(item),
        _ => None,
    })
}

/// A call of an operation: each setter that its arguments have a value for, and `send`.
fn call(operation: &ItemStruct) -> Option<TokenStream> {
    let name = name(&operation.attrs)?;
    let method = Ident::new(&name, operation.ident.span());
    let setters = operation.fields.iter().filter_map(|field| {
        let setter = field.ident.as_ref()?;
        let argument = words(&field.attrs, "argument");
        let mut behind = argument.iter().skip_while(|word| *word != "built").skip(1);
        let mut ty = match behind.next() {
            Some(built) => parse_quote!(types::#built),
            None => field.ty.clone(),
        };
        Outside.visit_type_mut(&mut ty);
        let name = setter.to_string();
        Some(quote! {
            if let Some(value) = arguments.take::<#ty>(#name) {
                call = call.#setter(value);
            }
        })
    });
    Some(quote! {
        (#name, |client, mut arguments| {
            let mut call = client.#method();
            #(#setters)*
            arguments.assert_taken();
            outcome!(call)
        })
    })
}

/// What an operation's response is decoded as.
fn response(operation: &ItemStruct) -> Option<TokenStream> {
    let name = name(&operation.attrs)?;
    let mut attributes = operation.attrs.iter();
    let received = attributes.find(|it| it.path().is_ident("receives"))?;
    let Received { ty, is_value } = received.parse_args().ok()?;
    let mut ty: Type = ty.filter(|_| is_value)?;
    Outside.visit_type_mut(&mut ty);
    Some(quote!((#name, round_trip!(#ty))))
}

/// An object, built with all its setters.
fn built(object: &ItemStruct) -> TokenStream {
    let (ident, name) = (&object.ident, object.ident.to_string());
    let members = object.fields.iter().filter_map(|field| field.ident.as_ref());
    quote!((#name, built!(#ident { #(#members,)* extra })))
}

/// The operation's name, with which `sends` begins.
fn name(attributes: &[Attribute]) -> Option<String> {
    let sends = attributes.iter().find(|it| it.path().is_ident("sends"))?;
    let tokens = sends.meta.require_list().ok()?.tokens.clone();
    match tokens.into_iter().next()? {
        TokenTree::Literal(name) => {
            let name: syn::LitStr = syn::parse2(name.to_token_stream()).ok()?;
            Some(name.value())
        }
        _ => None,
    }
}

/// From outside, the crate goes by its name.
struct Outside;

impl VisitMut for Outside {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        if let Some(first) = path.segments.first_mut()
            && first.ident == "crate"
        {
            first.ident = Ident::new("letterhead", first.ident.span());
        }
    }
}
