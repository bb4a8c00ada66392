//! The setters of the types' builders: what the document says about the member, and what they take.

use std::collections::BTreeMap;

use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Attribute, Expr, ExprMethodCall, GenericArgument, Ident, ImplItem, ImplItemFn, Item,
    PathArguments, Type, TypeParamBound, WherePredicate, parse_quote,
};

use super::types::{docs, option_of};

/// Finishes the builders among the items of the types' module.
pub(super) fn finish(items: &mut [Item]) {
    let members = described_members(items);
    let builders = items.iter_mut().filter_map(|item| match item {
        Item::Mod(module) if module.ident == "builder" => module.content.as_mut(),
        _ => None,
    });
    for item in builders.flat_map(|(_, items)| items) {
        let Item::Impl(item) = item else { continue };
        let name = item.self_ty.to_token_stream().to_string();
        for function in &mut item.items {
            let ImplItem::Fn(function) = function else {
                continue;
            };
            let member = (name.clone(), function.sig.ident.to_string());
            if let Some(docs) = members.get(&member) {
                function.attrs.splice(0..0, docs.iter().cloned());
                take_options(function);
            }
        }
    }
}

/// The docs of each member, by its type and name.
fn described_members(items: &[Item]) -> BTreeMap<(String, String), Vec<Attribute>> {
    let structs = items.iter().filter_map(|item| match item {
        Item::Struct(item) => Some(item),
        _ => None,
    });
    structs
        .flat_map(|item| item.fields.iter().map(move |field| (&item.ident, field)))
        .map(|(of, field)| {
            let name = field.ident.as_ref().map(Ident::to_string);
            let docs = docs(&field.attrs).into_iter().cloned().collect();
            ((of.to_string(), name.unwrap_or_default()), docs)
        })
        .collect()
}

/// Where the setter of an optional member takes `TryInto<Option<T>>`, which text and builders aren't,
/// lets it take `IntoOption<T>`.
fn take_options(setter: &mut ImplItemFn) {
    let Some(clause) = &mut setter.sig.generics.where_clause else {
        return;
    };
    let inner = clause.predicates.iter().find_map(optional);
    let Some(inner) = inner.cloned() else {
        return;
    };
    clause.predicates = parse_quote!(T: crate::IntoOption<#inner>);
    IntoOptions.visit_block_mut(&mut setter.block);
}

/// The `T` of `TryInto<Option<T>>`.
fn optional(predicate: &WherePredicate) -> Option<&Type> {
    let WherePredicate::Type(predicate) = predicate else {
        return None;
    };
    let TypeParamBound::Trait(bound) = predicate.bounds.first()? else {
        return None;
    };
    let last = bound
        .path
        .segments
        .last()
        .filter(|s| s.ident == "TryInto")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(Type::Path(path)) => option_of(&path.path),
        _ => None,
    }
}

/// `value.try_into()` becomes `value.into_option()`.
struct IntoOptions;

impl VisitMut for IntoOptions {
    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        if call.method == "try_into"
            && matches!(&*call.receiver, Expr::Path(path) if path.path.is_ident("value"))
        {
            call.method = parse_quote!(into_option);
        }
    }
}
