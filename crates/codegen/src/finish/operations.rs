//! The client's methods and the builders that they return: `layer::operation!` with what the document says
//! and the types that progenitor has for it.

use std::collections::BTreeMap;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::{
    Fields, Ident, ImplItem, ImplItemFn, Item, ItemImpl, ItemMod, ItemStruct, LitStr, ReturnType,
    Type, parse_quote,
};

use super::docs::Docs;
use super::model::{Argument, List, Operation, Place, Retried};
use super::syntax::{document, first_argument, inner_of, plain};
use crate::prep::rust_name;
use crate::refusal::Refusal;

/// What progenitor emits of the operations, by their [`plain`] names.
#[derive(Default)]
pub(super) struct Emitted {
    builders: BTreeMap<String, ItemStruct>,
    /// What the builders send.
    sends: BTreeMap<String, ImplItemFn>,
    /// The client's methods.
    methods: BTreeMap<String, Ident>,
}

impl Emitted {
    /// Takes what is in the module of the builders.
    pub(super) fn builders(&mut self, module: ItemMod) {
        let items = module.content.into_iter().flat_map(|(_, items)| items);
        for item in items {
            match item {
                Item::Struct(item) => {
                    self.builders.insert(plain(&item.ident.to_string()), item);
                }
                Item::Impl(item) => {
                    let Type::Path(of) = &*item.self_ty else {
                        continue;
                    };
                    let Some(of) = of.path.segments.last() else {
                        continue;
                    };
                    let name = plain(&of.ident.to_string());
                    let send = item.items.into_iter().find_map(|item| match item {
                        ImplItem::Fn(function) if function.sig.ident == "send" => Some(function),
                        _ => None,
                    });
                    self.sends.extend(send.map(|send| (name, send)));
                }
                _ => {}
            }
        }
    }

    /// Takes the methods of a block.
    pub(super) fn methods(&mut self, block: &ItemImpl) {
        for item in &block.items {
            if let ImplItem::Fn(function) = item {
                let name = &function.sig.ident;
                self.methods.insert(plain(&name.to_string()), name.clone());
            }
        }
    }
}

/// What is written for all operations.
pub(super) struct Finished {
    pub(super) methods: Vec<ImplItem>,
    pub(super) builders: Vec<Item>,
}

pub(super) fn finish(
    emitted: &Emitted,
    operations: &[Operation],
    docs: &Docs,
) -> Result<Finished, Refusal> {
    let mut finished = Finished { methods: Vec::new(), builders: Vec::new() };
    for operation in operations {
        let name = plain(&operation.id);
        let refuse = |reason: &str| Refusal::of_operation(&operation.id, reason);
        let parts =
            (emitted.methods.get(&name), emitted.builders.get(&name), emitted.sends.get(&name));
        let (Some(method), Some(builder), Some(send)) = parts else {
            return Err(refuse("its method or its builder could not be found"));
        };
        let success = success_type(&send.sig.output)
            .ok_or_else(|| refuse("its `send` has no type that the layer knows"))?;
        let arguments = arguments(operation, builder)?;
        let call = Call { operation, method, builder: &builder.ident, success, arguments };
        finished.methods.push(call.method(docs));
        finished.builders.push(call.builder(docs));
    }
    Ok(finished)
}

/// An operation with all that is written of it.
struct Call<'a> {
    operation: &'a Operation,
    method: &'a Ident,
    builder: &'a Ident,
    success: &'a Type,
    arguments: Vec<Typed<'a>>,
}

/// An argument with progenitor's name and type.
struct Typed<'a> {
    argument: &'a Argument,
    name: &'a Ident,
    ty: &'a Type,
    form: &'static str,
}

impl Call<'_> {
    fn method(&self, docs: &Docs) -> ImplItem {
        let required = self.arguments.iter().filter_map(|it| {
            let is_shown = it.argument.is_required && it.argument.place != Place::Body;
            is_shown.then(|| (it.name.to_string(), it.argument.wire.as_str()))
        });
        let body = self.arguments.iter().find(|it| it.form == "built");
        let body = body.and_then(|it| last(it.ty)).map(ToString::to_string);
        let has_other_body = body.is_none() && self.has_body();
        let sample =
            docs.sample(self.operation, &self.method.to_string(), required, body.as_deref());
        let sample = if has_other_body { None } else { Some(sample) };
        let docs = document(&docs.of_method(self.operation, sample.as_deref()));
        let (method, builder) = (self.method, self.builder);
        parse_quote! {
            #docs
            pub fn #method(&self) -> builder::#builder {
                builder::#builder::new(self)
            }
        }
    }

    fn has_body(&self) -> bool {
        let mut arguments = self.arguments.iter();
        arguments.any(|it| it.argument.place == Place::Body)
    }

    fn builder(&self, docs: &Docs) -> Item {
        let docs = document(&docs.of_builder(self.operation, &self.method.to_string()));
        let name = self.method.unraw().to_string();
        let (builder, path, clouds) = (self.builder, &self.operation.path, &self.operation.clouds);
        let method = Ident::new(&self.operation.method, Span::call_site());
        let retried = match self.operation.retried {
            Retried::Always => quote!(Always),
            Retried::SameRequestId => quote!(SameRequestId),
            Retried::Never => quote!(Never),
        };
        let options = self.options();
        let received = self.received();
        let arguments = self.arguments.iter().map(Typed::written);
        parse_quote! {
            crate::layer::operation! {
                #docs
                #options
                #[sends(#name, #method, #path, #retried)]
                #[clouds(#(#clouds),*)]
                #[receives(#received)]
                pub struct #builder { #(#arguments,)* }
            }
        }
    }

    /// The setters that no argument has the name of, where one has.
    fn options(&self) -> Option<TokenStream> {
        let options = ["timeout", "retry", "extra_header", "keep_body"];
        let is_free = |option: &&str| self.arguments.iter().all(|it| it.name != *option);
        let free: Vec<Ident> = options
            .iter()
            .copied()
            .filter(is_free)
            .map(|option| Ident::new(option, Span::call_site()))
            .collect();
        (free.len() < options.len()).then(|| quote!(#[options(#(#free),*)]))
    }

    fn received(&self) -> TokenStream {
        let success = self.success;
        if matches!(success, Type::Tuple(tuple) if tuple.elems.is_empty()) {
            return quote!(nothing);
        }
        match &self.operation.list {
            Some(List::Member(name)) => {
                let member = Ident::new(&rust_name(name), Span::call_site());
                quote!(list_in, #success, #name, #member)
            }
            Some(List::Whole) if inner_of(success, "Vec").is_some() => quote!(list, #success),
            Some(List::Whole) => quote!(list_of, #success),
            None => quote!(value, #success),
        }
    }
}

impl Typed<'_> {
    fn written(&self) -> TokenStream {
        let docs = document(&self.argument.description);
        let form = Ident::new(self.form, Span::call_site());
        let wire = &self.argument.wire;
        let (place, wire) = match self.argument.place {
            Place::Path => (quote!(path), quote!(#wire)),
            Place::Query => (quote!(query), quote!(#wire)),
            Place::Header => {
                let wire = LitStr::new(&wire.to_lowercase(), Span::call_site());
                (quote!(header), quote!(#wire))
            }
            Place::Body => match last(self.ty) {
                Some(built) if self.form == "built" => (quote!(body), quote!(#built)),
                _ => (quote!(body), quote!("")),
            },
        };
        let (name, ty) = (self.name, self.ty);
        quote! {
            #docs
            #[argument(#place, #form, #wire)]
            #name: #ty
        }
    }
}

/// The arguments in progenitor's order: those of the path come first, in the path's order.
fn arguments<'a>(
    operation: &'a Operation,
    builder: &'a ItemStruct,
) -> Result<Vec<Typed<'a>>, Refusal> {
    let refuse = |reason: String| Refusal::of_operation(&operation.id, reason);
    let mut found = Vec::new();
    let Fields::Named(fields) = &builder.fields else {
        return Err(refuse("its builder could not be read".to_owned()));
    };
    for field in &fields.named {
        let Some(name) = field.ident.as_ref().filter(|name| *name != "client") else {
            continue;
        };
        // A name that is a keyword has a `_` behind it.
        let bare = |name: &str| name.trim_end_matches('_').to_owned();
        let mut arguments = operation.arguments.iter();
        let argument = arguments.find(|it| bare(&it.name) == bare(&name.unraw().to_string()));
        let typed = argument.and_then(|argument| Typed::of(argument, name, &field.ty));
        found
            .push(typed.ok_or_else(|| refuse(format!("its argument `{name}` could not be read")))?);
    }
    if found.len() != operation.arguments.len() {
        return Err(refuse("its builder lacks an argument".to_owned()));
    }
    let in_path = found.iter().filter(|it| it.argument.place == Place::Path);
    if !in_path.map(|it| &it.argument.name).eq(&operation.segments) {
        return Err(refuse("its path could not be read".to_owned()));
    }
    Ok(found)
}

impl<'a> Typed<'a> {
    /// An argument whose field is a `Result<T, String>`.
    fn of(argument: &'a Argument, name: &'a Ident, field: &'a Type) -> Option<Self> {
        let kept = inner_of(field, "Result")?;
        let optional = inner_of(kept, "Option");
        if optional.is_none() != argument.is_required {
            return None;
        }
        let ty = optional.unwrap_or(kept);
        let form = match (inner_of(ty, "Vec"), optional) {
            (Some(_), Some(_)) => "optional_list",
            (Some(_), None) => "list",
            (None, Some(_)) => "optional",
            (None, None) if argument.place == Place::Body && is_built(ty) => "built",
            (None, None) => "required",
        };
        Some(Self { argument, name, ty, form })
    }
}

/// Whether a type is `types::builder::Name`.
fn is_built(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    let segments: Vec<&Ident> = path.path.segments.iter().map(|it| &it.ident).collect();
    matches!(segments.as_slice(), [types, builder, _] if *types == "types" && *builder == "builder")
}

fn last(ty: &Type) -> Option<&Ident> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|it| &it.ident),
        _ => None,
    }
}

/// The `T` of `Result<ResponseValue<T>, Error<E>>`, which is no stream of bytes.
fn success_type(output: &ReturnType) -> Option<&Type> {
    let ReturnType::Type(_, result) = output else {
        return None;
    };
    let success = first_argument(first_argument(result)?)?;
    (last(success).is_none_or(|name| name != "ByteStream")).then_some(success)
}

#[cfg(test)]
mod tests {
    use openapiv3::OpenAPI;
    use serde_json::json;

    use super::super::model;
    use super::*;

    #[test]
    fn a_builder_that_does_not_fit_the_document_is_refused() {
        let parameter = |name: &str, place: &str| {
            json!({"name": name, "in": place,
            "required": place == "path", "schema": {"type": "string"}})
        };
        let parameters = ["a", "b"].map(|name| parameter(name, "path"));
        let mut parameters = parameters.to_vec();
        parameters.push(parameter("size", "query"));
        let document: OpenAPI = serde_json::from_value(json!({
            "openapi": "3.0.3", "info": {"title": "T", "version": "1"},
            "paths": {"/{a}/{b}": {"get": {
                "operationId": "getA", "parameters": parameters, "responses": {},
            }}},
        }))
        .unwrap();
        let operation = model::operations(&document).unwrap().remove(0);
        let refusal = |builder: ItemStruct| {
            let found = arguments(&operation, &builder).map(|_| ());
            found.map_err(|refusal| refusal.reason)
        };
        let text = quote!(Result<String, String>);
        let size = quote!(size: Result<Option<String>, String>);
        let of = |fields: TokenStream| refusal(parse_quote!(struct GetA<'a> { #fields }));
        assert_eq!(of(quote!(client: &'a super::Client, a: #text, b: #text, #size)), Ok(()));
        let unread = |name: &str| Err(format!("its argument `{name}` could not be read"));
        assert_eq!(of(quote!(a: #text, c: #text, #size)), unread("c"));
        assert_eq!(of(quote!(a: #text, b: String, #size)), unread("b"));
        assert_eq!(of(quote!(a: #text, b: #text, size: #text)), unread("size"));
        let lacks = Err("its builder lacks an argument".to_owned());
        assert_eq!(of(quote!(a: #text, b: #text)), lacks);
        let path = Err("its path could not be read".to_owned());
        assert_eq!(of(quote!(b: #text, a: #text, #size)), path);
    }

    #[test]
    fn arguments_whose_names_differ_in_underscores_are_two() {
        let parameters = ["userid", "user_id", "type"].map(|name| {
            json!({"name": name, "in": "query", "required": true, "schema": {"type": "string"}})
        });
        let document: OpenAPI = serde_json::from_value(json!({
            "openapi": "3.0.3", "info": {"title": "T", "version": "1"},
            "paths": {"/a": {"get": {
                "operationId": "getA", "parameters": parameters, "responses": {},
            }}},
        }))
        .unwrap();
        let operation = model::operations(&document).unwrap().remove(0);
        let text = quote!(Result<String, String>);
        let builder = parse_quote!(struct GetA<'a> { type_: #text, user_id: #text, userid: #text });
        let found = arguments(&operation, &builder).unwrap();
        let wire: Vec<&str> = found.iter().map(|it| it.argument.wire.as_str()).collect();
        assert_eq!(wire, ["type", "user_id", "userid"]);
    }

    #[test]
    fn a_stream_of_bytes_is_no_value() {
        let success = |output: ReturnType| success_type(&output).and_then(last).cloned();
        let value = parse_quote!(-> Result<ResponseValue<types::Pet>, Error<()>>);
        assert_eq!(success(value), Some(parse_quote!(Pet)));
        let stream = parse_quote!(-> Result<ResponseValue<ByteStream>, Error<()>>);
        assert_eq!(success(stream), None);
    }
}
