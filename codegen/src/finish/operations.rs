//! The generated operation builders: their `send` becomes one chain on the layer.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{
    Block, Expr, ExprCall, ExprIf, ExprMacro, ExprMethodCall, ExprStruct, GenericArgument, Ident,
    ImplItem, ImplItemFn, Item, ItemMod, ItemStruct, Lit, LitStr, Pat, PathArguments, ReturnType,
    Stmt, Type, parse_quote,
};

use super::docs::Docs;
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
            Item::Struct(item) => add_options(item),
            Item::Impl(item) => {
                let operation = item.self_ty.to_token_stream().to_string();
                let operation = operation.split(' ').next().unwrap_or_default();
                for function in &mut item.items {
                    if let ImplItem::Fn(function) = function {
                        finish_function(function, operation, docs)?;
                    }
                }
                let names: Vec<Ident> = item.items.iter().filter_map(name).collect();
                // An argument that has the name of an option goes before it.
                let is_free =
                    |option: &ImplItem| name(option).is_none_or(|name| !names.contains(&name));
                item.items
                    .extend(call_options().into_iter().filter(is_free));
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

fn call_options() -> [ImplItem; 6] {
    [
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

fn finish_function(function: &mut ImplItemFn, operation: &str, docs: &Docs) -> Result<(), Refusal> {
    Messages.visit_impl_item_fn_mut(function);
    match function.sig.ident.to_string().as_str() {
        "new" => NewWithOptions.visit_impl_item_fn_mut(function),
        "send" => *function = send(function, docs)?,
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
        }
    }
    Ok(())
}

/// Says what is missing in the caller's words.
struct Messages;

impl VisitMut for Messages {
    fn visit_lit_str_mut(&mut self, literal: &mut LitStr) {
        let text = literal
            .value()
            .replace(" was not initialized", " is required and was not set")
            .replace(":: std :: string :: String", "String");
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

fn send(emitted: &ImplItemFn, docs: &Docs) -> Result<ImplItemFn, Refusal> {
    let operation = operation_name(&emitted.block)?;
    let refuse = |reason: &str| Refusal::of_operation(&operation, reason);
    let success = success_type(&emitted.sig.output)
        .ok_or_else(|| refuse("its `send` has no type that the layer knows"))?;
    let mut request = Request::default();
    request.visit_block(&emitted.block);
    if let Some(reason) = request.refused {
        return Err(refuse(&reason));
    }
    let method = request
        .method
        .ok_or_else(|| refuse("it has no method that the layer knows"))?;
    let (path, segments) = request
        .path
        .ok_or_else(|| refuse("its path could not be read"))?;

    // `let size = size.map_err(Error::InvalidRequest)?;`: the receiver is what the layer takes.
    let argument = |name: &Ident| {
        emitted.block.stmts.iter().find_map(|statement| {
            let Stmt::Local(local) = statement else {
                return None;
            };
            let Pat::Ident(bound) = &local.pat else {
                return None;
            };
            let Expr::Try(tried) = &*local.init.as_ref()?.expr else {
                return None;
            };
            let Expr::MethodCall(call) = &*tried.expr else {
                return None;
            };
            (bound.ident == *name && call.method == "map_err").then(|| call.receiver.clone())
        })
    };
    let find = |name: &Ident| {
        argument(name).ok_or_else(|| refuse(&format!("its argument `{name}` could not be read")))
    };
    let mut calls: Vec<TokenStream> = Vec::new();
    for name in &segments {
        let value = find(name)?;
        calls.push(quote!(.segment(#value)));
    }
    for (wire, name) in &request.queries {
        let value = find(name)?;
        calls.push(quote!(.query(#wire, #value)));
    }
    for (wire, name) in &request.headers {
        let (wire, value) = (wire.to_lowercase(), find(name)?);
        calls.push(quote!(.header(#wire, #value)));
    }
    if let Some(name) = &request.body {
        let value = find(name)?;
        calls.push(quote!(.json(#value)));
    }
    let (reply, end) = if success.to_token_stream().to_string() == "()" {
        (quote!(()), quote!(.send_for_nothing()))
    } else {
        (quote!(#success), quote!(.send()))
    };
    let fields =
        destructured(&emitted.block).ok_or_else(|| refuse("its builder could not be read"))?;
    let doc = format!("Sends `{} {path}`.", method.to_string().to_uppercase());
    let method = Ident::new(&method.to_string().to_uppercase(), method.span());
    let (repeatable, clouds) = (
        docs.repeatable(&operation, &method),
        docs.clouds(&operation),
    );
    Ok(parse_quote! {
        #[doc = #doc]
        ///
        /// # Errors
        /// An argument that is missing or can't be sent, a failure on the way, a vendor's refusal,
        /// an answer that can't be decoded: see [`crate::Error`].
        pub async fn send(self) -> ::std::result::Result<crate::Reply<#reply>, crate::Error> {
            static OPERATION: crate::layer::Operation = crate::layer::Operation {
                name: #operation,
                method: ::http::Method::#method,
                path: #path,
                repeatable: crate::layer::Repeatable::#repeatable,
                clouds: &[#(#clouds),*],
            };
            let Self { #(#fields,)* options } = self;
            crate::layer::Service::layer(client)
                .call(&OPERATION, options)
                #(#calls)*
                #end
                .await
        }
    })
}

/// `OperationInfo { operation_id: "..." }` names it.
fn operation_name(block: &Block) -> Result<String, Refusal> {
    struct Name(Option<String>);
    impl<'ast> Visit<'ast> for Name {
        fn visit_field_value(&mut self, field: &'ast syn::FieldValue) {
            if field.member.to_token_stream().to_string() == "operation_id" {
                self.0 = text(&field.expr);
            }
        }
    }
    let mut name = Name(None);
    name.visit_block(block);
    name.0
        .ok_or_else(|| Refusal::of_document("a generated operation has no name"))
}

/// The `T` of `Result<ResponseValue<T>, Error<E>>`.
fn success_type(output: &ReturnType) -> Option<Type> {
    let ReturnType::Type(_, result) = output else {
        return None;
    };
    let value = first_argument(result)?;
    let success = first_argument(&value)?;
    (success.to_token_stream().to_string() != "ByteStream").then_some(success)
}

fn first_argument(ty: &Type) -> Option<Type> {
    let Type::Path(path) = ty else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    }
}

/// The fields of `let Self { client, .. } = self;`.
fn destructured(block: &Block) -> Option<Vec<Ident>> {
    let Stmt::Local(local) = block.stmts.first()? else {
        return None;
    };
    let Pat::Struct(pattern) = &local.pat else {
        return None;
    };
    pattern
        .fields
        .iter()
        .map(|field| match &*field.pat {
            Pat::Ident(name) => Some(name.ident.clone()),
            _ => None,
        })
        .collect()
}

/// What the emitted body sends, as far as the layer needs to know it.
#[derive(Default)]
struct Request {
    method: Option<Ident>,
    /// The path template and its arguments in order.
    path: Option<(String, Vec<Ident>)>,
    queries: Vec<(String, Ident)>,
    headers: Vec<(String, Ident)>,
    body: Option<Ident>,
    refused: Option<String>,
    /// The argument behind `value` in `if let Some(value) = argument`.
    bound: Option<Ident>,
}

impl<'ast> Visit<'ast> for Request {
    fn visit_expr_macro(&mut self, found: &'ast ExprMacro) {
        if found.mac.path.is_ident("format")
            && let Ok(arguments) = found.mac.parse_body_with(
                syn::punctuated::Punctuated::<Expr, syn::Token![,]>::parse_terminated,
            )
            && let Some(format) = arguments.first().and_then(text)
            && let Some(rest) = format.strip_prefix("{}")
        {
            let names: Vec<Ident> = arguments.iter().skip(2).filter_map(innermost).collect();
            let mut path = String::new();
            let mut parts = rest.split("{}");
            path.push_str(parts.next().unwrap_or_default());
            for (name, part) in names.iter().zip(parts) {
                path.extend([format!("{{{name}}}").as_str(), part]);
            }
            self.path = Some((path, names));
        }
    }

    fn visit_expr_if(&mut self, condition: &'ast ExprIf) {
        if let Expr::Let(binding) = &*condition.cond {
            self.bound = innermost(&binding.expr);
        }
        visit::visit_expr_if(self, condition);
        self.bound = None;
    }

    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        let function = call.func.to_token_stream().to_string();
        if function.ends_with("QueryParam :: new")
            && let (Some(wire), Some(name)) = (
                call.args.first().and_then(text),
                call.args.get(1).and_then(innermost),
            )
        {
            self.queries.push((wire, name));
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        // Inner calls come first on the wire, as they do in the chain.
        visit::visit_expr_method_call(self, call);
        let name = call.method.to_string();
        match name.as_str() {
            "get" | "put" | "post" | "patch" | "delete" | "head"
                if call.receiver.to_token_stream().to_string() == "client . client" =>
            {
                self.method = Some(call.method.clone());
            }
            "append" => {
                if let Some(wire) = call.args.first().and_then(text)
                    && let Some(name) = call.args.get(1).and_then(innermost)
                {
                    let name = if name == "value" {
                        self.bound.clone()
                    } else {
                        Some(name)
                    };
                    self.headers.extend(name.map(|name| (wire, name)));
                }
            }
            "json" => self.body = call.args.first().and_then(innermost),
            "form_urlencoded" | "body" => {
                self.refused = Some(
                    "its request body isn't JSON, which is all that the layer sends".to_owned(),
                );
            }
            _ => {}
        }
    }
}

fn text(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// The name that `&name`, `name.to_string()` and `f(&name.to_string())` are about.
fn innermost(expression: &Expr) -> Option<Ident> {
    match expression {
        Expr::Path(path) => path.path.get_ident().cloned(),
        Expr::Reference(reference) => innermost(&reference.expr),
        Expr::MethodCall(call) => innermost(&call.receiver),
        Expr::Try(tried) => innermost(&tried.expr),
        Expr::Call(call) => call.args.first().and_then(innermost),
        _ => None,
    }
}
