//! An emitted `send` is read, and written anew as one chain on the layer.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::visit::{self, Visit};
use syn::{
    Block, Expr, ExprCall, ExprIf, ExprMacro, ExprMethodCall, GenericArgument, Ident, ImplItem,
    ImplItemFn, Lit, Pat, PathArguments, ReturnType, Stmt, Type, parse_quote,
};

use super::docs::{self, Docs, List};
use super::types::inner_of;
use crate::Refusal;
use crate::prep::rust_name;

/// The chain on the layer that does what the emitted `send` does; with it the operation, and what its
/// path is made of.
pub(super) fn send(
    emitted: &ImplItemFn,
    docs: &Docs,
) -> Result<(ImplItemFn, [ImplItem; 2]), Refusal> {
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
    let (reply, end) = end(&success, docs.list(&operation));
    let fields =
        destructured(&emitted.block).ok_or_else(|| refuse("its builder could not be read"))?;
    let doc = format!("Sends `{} {path}`.", method.to_string().to_uppercase());
    let method = Ident::new(&method.to_string().to_uppercase(), method.span());
    let (repeatable, clouds) = (
        docs.repeatable(&operation, &method),
        docs.clouds(&operation),
    );
    let rules = docs::rules(&repeatable, clouds);
    let send = parse_quote! {
        #[doc = #doc]
        ///
        #[doc = #rules]
        ///
        /// # Errors
        /// An argument that is missing or can't be sent, a failure on the way, a vendor's refusal,
        /// an answer that can't be decoded: see [`crate::Error`].
        pub async fn send(self) -> ::std::result::Result<crate::Reply<#reply>, crate::Error> {
            let Self { #(#fields,)* options } = self;
            crate::layer::VendorClient::layer(&client)
                .call(Self::OPERATION, options)
                #(#calls)*
                #end
                .await
        }
    };
    let constant = parse_quote! {
        pub(crate) const OPERATION: &'static crate::layer::Operation = &crate::layer::Operation {
            name: #operation,
            method: ::http::Method::#method,
            path: #path,
            repeatable: crate::layer::Repeatable::#repeatable,
            clouds: &[#(#clouds),*],
        };
    };
    let place = parse_quote! {
        /// The operation, and what its path is made of.
        pub(crate) fn place(&self) -> (&'static str, Vec<String>) {
            let segments: Vec<Option<String>> =
                vec![#(self.#segments.as_ref().ok().map(ToString::to_string)),*];
            (#operation, segments.into_iter().flatten().collect())
        }
    };
    Ok((send, [constant, place]))
}

/// What a reply holds, and the call at the end of the chain.
fn end(success: &Type, list: Option<&List>) -> (TokenStream, TokenStream) {
    if success.to_token_stream().to_string() == "()" {
        return (quote!(()), quote!(.send_for_nothing()));
    }
    let (name, items) = match list {
        None => return (quote!(#success), quote!(.send())),
        Some(List::Member(name)) => {
            let member = Ident::new(&rust_name(name), Span::call_site());
            (quote!(Some(#name)), quote!(&mut page.#member))
        }
        Some(List::Whole) if inner_of(success, "Vec").is_some() => (quote!(None), quote!(page)),
        Some(List::Whole) => (quote!(None), quote!(&mut page.0)),
    };
    let items = quote!(|page: &mut #success| #items);
    (quote!(#success), quote!(.send_list(#name, #items)))
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
