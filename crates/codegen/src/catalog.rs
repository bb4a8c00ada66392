//! What tests go over that have to see everything that was generated.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{
    Expr, ExprLit, Fields, FnArg, GenericArgument, ImplItem, ImplItemFn, Item, ItemImpl, ItemMod,
    Lit, Path, PathArguments, ReturnType, Type, TypeParamBound, Visibility, WherePredicate,
};

/// Rust for a module of a test that has the client's `types`, `Arguments`, `Call` and `RoundTrip`, and the
/// macros `outcome!`, `round_trip!` and `built!`.
pub(crate) fn catalog(file: &syn::File) -> String {
    let module = |name: &str| {
        let mut modules = file.items.iter().filter_map(|item| match item {
            Item::Mod(module) => Some(module),
            _ => None,
        });
        modules.find(|module| module.ident == name)
    };
    let operations: Vec<_> = module("builder").into_iter().flat_map(operations).collect();
    let calls = operations.iter().map(Operation::call);
    let responses = operations.iter().filter_map(Operation::response);
    let built = module("types").into_iter().flat_map(built);
    let catalog = quote! {
        pub(crate) const CALLS: &[(&str, Call<Client>)] = &[#(#calls),*];
        pub(crate) const RESPONSES: &[(&str, RoundTrip)] = &[#(#responses),*];
        pub(crate) const BUILT: &[(&str, RoundTrip)] = &[#(#built),*];
    };
    syn::parse2(catalog).map_or_else(
        |error| format!("compile_error!({:?});", error.to_string()),
        |file| prettyplease::unparse(&file),
    )
}

/// An operation's builder.
struct Operation {
    /// The method of the client, which is the name of the operation.
    method: Ident,
    /// The setters, each with the type that it takes.
    setters: Vec<(Ident, Type)>,
    /// What a reply holds.
    response: Type,
}

impl Operation {
    fn call(&self) -> TokenStream {
        let (name, method) = (self.method.to_string(), &self.method);
        let setters = self.setters.iter().map(|(setter, ty)| {
            let name = setter.to_string();
            quote! {
                if let Some(value) = arguments.take::<#ty>(#name) {
                    call = call.#setter(value);
                }
            }
        });
        quote! {
            (#name, |client, mut arguments| {
                let mut call = client.#method();
                #(#setters)*
                arguments.assert_taken();
                outcome!(call)
            })
        }
    }

    fn response(&self) -> Option<TokenStream> {
        let (name, ty) = (self.method.to_string(), &self.response);
        let is_nothing = matches!(ty, Type::Tuple(tuple) if tuple.elems.is_empty());
        (!is_nothing).then(|| quote!((#name, round_trip!(#ty))))
    }
}

fn items(module: &ItemMod) -> &[Item] {
    module.content.as_ref().map_or(&[], |(_, items)| items)
}

fn operations(module: &ItemMod) -> impl Iterator<Item = Operation> {
    items(module).iter().filter_map(|item| match item {
        Item::Impl(item) if item.trait_.is_none() => operation(item),
        _ => None,
    })
}

fn operation(item: &ItemImpl) -> Option<Operation> {
    let functions = || {
        item.items.iter().filter_map(|item| match item {
            ImplItem::Fn(function) => Some(function),
            _ => None,
        })
    };
    let send = functions().find(|function| function.sig.ident == "send")?;
    let ReturnType::Type(_, result) = &send.sig.output else {
        return None;
    };
    let mut response = argument(argument(result)?)?.clone();
    Outside.visit_type_mut(&mut response);
    Some(Operation {
        method: format_ident!("{}", name(item)?),
        setters: functions().filter_map(setter).collect(),
        response,
    })
}

/// The operation's name, which its constant has.
fn name(item: &ItemImpl) -> Option<String> {
    let constant = item.items.iter().find_map(|item| match item {
        ImplItem::Const(constant) if constant.ident == "OPERATION" => Some(&constant.expr),
        _ => None,
    })?;
    let Expr::Reference(reference) = constant else {
        return None;
    };
    let Expr::Struct(operation) = &*reference.expr else {
        return None;
    };
    let is_name = |field: &&syn::FieldValue| field.member.to_token_stream().to_string() == "name";
    match &operation.fields.iter().find(is_name)?.expr {
        Expr::Lit(ExprLit {
            lit: Lit::Str(name),
            ..
        }) => Some(name.value()),
        _ => None,
    }
}

/// `name<V>(mut self, value: V) where V: TryInto<T>`, of what the document has.
fn setter(function: &ImplItemFn) -> Option<(Ident, Type)> {
    let Some(FnArg::Typed(value)) = function.sig.inputs.get(1) else {
        return None;
    };
    let is_one = matches!(&*value.pat, syn::Pat::Ident(name) if name.ident == "value");
    let clause = function.sig.generics.where_clause.as_ref()?;
    let WherePredicate::Type(predicate) = clause.predicates.first()? else {
        return None;
    };
    let TypeParamBound::Trait(bound) = predicate.bounds.first()? else {
        return None;
    };
    let mut ty = path_argument(&bound.path)?.clone();
    Outside.visit_type_mut(&mut ty);
    (is_one && matches!(function.vis, Visibility::Public(_)))
        .then(|| (function.sig.ident.clone(), ty))
}

/// The objects that have a builder, each built from its members.
fn built(module: &ItemMod) -> impl Iterator<Item = TokenStream> {
    items(module).iter().filter_map(|item| {
        let Item::Struct(object) = item else {
            return None;
        };
        let Fields::Named(fields) = &object.fields else {
            return None;
        };
        let (ident, name) = (&object.ident, object.ident.to_string());
        let fields = fields.named.iter().filter_map(|field| field.ident.as_ref());
        Some(quote!((#name, built!(#ident { #(#fields),* }))))
    })
}

fn argument(ty: &Type) -> Option<&Type> {
    match ty {
        Type::Path(path) => path_argument(&path.path),
        _ => None,
    }
}

fn path_argument(path: &Path) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &path.segments.last()?.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(ty) => Some(ty),
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
            first.ident = format_ident!("letterhead");
        }
    }
}
