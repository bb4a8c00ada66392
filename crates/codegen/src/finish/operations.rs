//! The generated operation builders: what their calls can differ in, and what they say.

use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{
    ExprStruct, Ident, ImplItem, ImplItemFn, Item, ItemMod, ItemStruct, LitStr, parse_quote,
};

use super::docs::Docs;
use super::owned;
use super::send::send;
use super::setters;
use crate::Refusal;

pub(super) fn finish(module: &mut ItemMod, docs: &Docs) -> Result<(), Refusal> {
    let Some((_, items)) = &mut module.content else {
        return Ok(());
    };
    items.retain(|item| {
        !matches!(item, Item::Use(found) if found.to_token_stream().to_string().contains('{'))
    });
    for item in items {
        match item {
            Item::Struct(item) => {
                owned::finish_struct(item)?;
                add_options(item);
            }
            Item::Impl(item) => {
                let operation = item.self_ty.to_token_stream().to_string();
                let operation = operation.split(' ').next().unwrap_or_default();
                let mut sent = Vec::new();
                for function in &mut item.items {
                    if let ImplItem::Fn(function) = function {
                        sent.extend(finish_function(function, operation, docs)?);
                    }
                }
                owned::finish_methods(item, operation)?;
                let names: Vec<Ident> = item.items.iter().filter_map(name).collect();
                // An argument that has the name of an option goes before it.
                let is_free =
                    |option: &ImplItem| name(option).is_none_or(|name| !names.contains(&name));
                let added = call_options().into_iter().chain(sent);
                item.items.extend(added.filter(is_free));
            }
            _ => {}
        }
    }
    Ok(())
}

fn name(item: &ImplItem) -> Option<Ident> {
    match item {
        ImplItem::Fn(function) => Some(function.sig.ident.clone()),
        _ => None,
    }
}

fn add_options(item: &mut ItemStruct) {
    if let syn::Fields::Named(fields) = &mut item.fields {
        fields
            .named
            .push(parse_quote!(options: crate::layer::Options));
    }
}

fn call_options() -> [ImplItem; 7] {
    [
        parse_quote! {
            pub(crate) fn into_parts(self) -> (super::Client, crate::layer::Options) {
                (self.client, self.options)
            }
        },
        parse_quote! {
            pub(crate) fn options(mut self, options: crate::layer::Options) -> Self {
                self.options = options;
                self
            }
        },
        parse_quote! {
            /// Limits this call, with its repetitions and its waits, to `limit` instead of the client's
            /// time limit.
            #[must_use]
            pub fn timeout(mut self, limit: ::std::time::Duration) -> Self {
                self.options.timeout = Some(limit);
                self
            }
        },
        parse_quote! {
            /// Repeats this call as `policy` has it instead of the client's policy.
            #[must_use]
            pub fn retry(mut self, policy: crate::RetryPolicy) -> Self {
                self.options.retry = Some(policy);
                self
            }
        },
        parse_quote! {
            /// Adds a header that the document doesn't know. Those of the layer and of credentials are
            /// refused.
            #[must_use]
            pub fn extra_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
                self.options.headers.push((name.into(), value.into()));
                self
            }
        },
        parse_quote! {
            /// Makes this call part of the logical operation `id`.
            ///
            /// Without it the call takes the id of the task's scope, or makes one.
            #[must_use]
            pub fn correlation_id(mut self, id: crate::CorrelationId) -> Self {
                self.options.correlation_id = Some(id);
                self
            }
        },
        parse_quote! {
            /// Repeats the call that had this id and whose answer never came.
            ///
            /// Without it the call makes an id of its own.
            #[must_use]
            pub fn request_id(mut self, id: crate::RequestId) -> Self {
                self.options.request_id = Some(id);
                self
            }
        },
    ]
}

/// Finishes a method of a builder. With the one that sends comes what it sends, and where to.
fn finish_function(
    function: &mut ImplItemFn,
    operation: &str,
    docs: &Docs,
) -> Result<Vec<ImplItem>, Refusal> {
    Messages.visit_impl_item_fn_mut(function);
    match function.sig.ident.to_string().as_str() {
        "new" => NewWithOptions.visit_impl_item_fn_mut(function),
        "send" => {
            let (send, beside) = send(function, docs)?;
            *function = send;
            return Ok(beside.into());
        }
        "body_map" => {
            let text = "Changes the body's builder, which starts with what was set so far.";
            function.attrs.push(parse_quote!(#[doc = #text]));
            function.attrs.push(parse_quote!(#[must_use]));
            function.block = parse_quote!({
                self.body = match self.body {
                    Err(fault) if fault == crate::layer::NO_BODY => Ok(f(Default::default())),
                    body => body.map(f),
                };
                self
            });
        }
        argument => {
            if let Some(text) = docs.find(operation, argument) {
                function.attrs.push(parse_quote!(#[doc = #text]));
            }
            function.attrs.push(parse_quote!(#[must_use]));
            setters::take_lists(function);
        }
    }
    Ok(Vec::new())
}

/// Says what is missing in the caller's words.
pub(super) struct Messages;

impl VisitMut for Messages {
    fn visit_lit_str_mut(&mut self, literal: &mut LitStr) {
        let mut text = literal
            .value()
            .replace(" was not initialized", " is required and was not set")
            .replace(":: std :: string :: String", "String");
        if let Some(member) = text.strip_prefix("no value supplied for ") {
            text = format!("{member} is required and was not set");
        }
        if text.starts_with("conversion to `:: std :: vec :: Vec < ") {
            text = text
                .replacen(":: std :: vec :: Vec < ", "Vec<", 1)
                .replacen(" >`", ">`", 1);
        }
        *literal = LitStr::new(&text, literal.span());
    }
}

struct NewWithOptions;

impl VisitMut for NewWithOptions {
    fn visit_expr_struct_mut(&mut self, literal: &mut ExprStruct) {
        for field in &mut literal.fields {
            // A forgotten body would be sent as `{}`, which a PUT takes for a blank resource.
            if field.member.to_token_stream().to_string() == "body" {
                field.expr = parse_quote!(Err(crate::layer::NO_BODY.to_string()));
            }
        }
        literal
            .fields
            .push(parse_quote!(options: ::std::default::Default::default()));
        visit_mut::visit_expr_struct_mut(self, literal);
    }
}
