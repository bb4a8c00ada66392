//! The setters of the types' builders: what the document says about the member, and what they take.

use std::collections::BTreeMap;

use quote::ToTokens;
use syn::ext::IdentExt;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Attribute, Expr, ExprMethodCall, Ident, ImplItem, ImplItemFn, Item, Type, TypeParamBound,
    WherePredicate, parse_quote,
};

use super::types::{argument_of, docs, inner_of};

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
                if !take_lists(function) {
                    take_options(function);
                }
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

/// Where a setter takes `TryInto` of a list, which builders and lists of text aren't, lets it take
/// `IntoList` of the same type. Says whether it did.
pub(super) fn take_lists(setter: &mut ImplItemFn) -> bool {
    let Some(target) = converted(setter) else {
        return false;
    };
    let list = inner_of(&target, "Option").unwrap_or(&target);
    if inner_of(list, "Vec").is_none() {
        return false;
    }
    let place = format!("{}{{fault}}", setter.sig.ident.unraw());
    let conversion = Conversion {
        trait_: parse_quote!(crate::IntoList<#target>),
        method: parse_quote!(into_list),
        fault: Some(parse_quote!(|fault| format!(#place))),
    };
    conversion.finish(setter);
    true
}

/// Where the setter of an optional member takes `TryInto<Option<T>>`, which text and builders aren't,
/// lets it take `IntoOption<T>`.
fn take_options(setter: &mut ImplItemFn) {
    let target = converted(setter);
    let Some(inner) = target.as_ref().and_then(|ty| inner_of(ty, "Option")) else {
        return;
    };
    let conversion = Conversion {
        trait_: parse_quote!(crate::IntoOption<#inner>),
        method: parse_quote!(into_option),
        fault: None,
    };
    conversion.finish(setter);
}

/// The `T` of the `TryInto<T>` that a setter takes.
fn converted(setter: &ImplItemFn) -> Option<Type> {
    let clause = setter.sig.generics.where_clause.as_ref()?;
    clause.predicates.iter().find_map(|predicate| {
        let WherePredicate::Type(predicate) = predicate else {
            return None;
        };
        match predicate.bounds.first()? {
            TypeParamBound::Trait(bound) => argument_of(&bound.path, "TryInto").cloned(),
            _ => None,
        }
    })
}

/// How a setter makes the member's value of what it takes.
struct Conversion {
    trait_: TypeParamBound,
    method: Ident,
    /// What becomes of an error, where that isn't what progenitor and typify make of it.
    fault: Option<Expr>,
}

impl Conversion {
    fn finish(mut self, setter: &mut ImplItemFn) {
        let bound = &self.trait_;
        let generics = &mut setter.sig.generics;
        let taken = generics
            .type_params()
            .next()
            .map(|taken| taken.ident.clone());
        if let (Some(clause), Some(taken)) = (&mut generics.where_clause, taken) {
            clause.predicates = parse_quote!(#taken: #bound);
        }
        self.visit_block_mut(&mut setter.block);
    }
}

/// `value.try_into()` becomes the other conversion.
impl VisitMut for Conversion {
    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        let is_value = matches!(&*call.receiver, Expr::Path(path) if path.path.is_ident("value"));
        if call.method == "try_into" && is_value {
            call.method = self.method.clone();
        }
        if call.method == "map_err"
            && let Some(fault) = self.fault.take()
        {
            call.args = parse_quote!(#fault);
        }
    }
}
