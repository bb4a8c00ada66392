//! Enums of objects: progenitor tries the types in turn, and since no member has to be there, the first
//! one would take whatever comes.

use std::collections::BTreeMap;

use openapiv3::OpenAPI;
use quote::quote;
use syn::{
    Fields, GenericArgument, Ident, Item, ItemEnum, PathArguments, PathSegment, Type, Variant,
    parse_quote,
};

use super::syntax::{derives, plain};
use crate::choices::Choice;
use crate::prep::walk;

/// The choices of a document, by the [`plain`] names of the types that they are among.
pub(super) struct Choices(BTreeMap<Vec<String>, Choice>);

impl Choices {
    pub(super) fn of(model: &OpenAPI) -> Self {
        let components = model.components.clone().unwrap_or_default();
        let mut found = BTreeMap::new();
        walk::schemas_mut(&mut model.clone(), &mut |schema| {
            if let Some(choice) = Choice::of(&components, schema) {
                let members = choice.members.iter();
                let mut names: Vec<String> = members.map(|(name, _)| plain(name)).collect();
                names.sort();
                found.insert(names, choice);
            }
        });
        Self(found)
    }

    /// Has a member choose among the variants of `item`, where one does, and adds a variant for what it
    /// doesn't choose.
    pub(super) fn tell_apart(&self, item: &mut ItemEnum) -> Option<Item> {
        let variants = item.variants.iter();
        let variants: Vec<(Ident, String)> = variants.map(variant).collect::<Option<_>>()?;
        let mut names: Vec<String> = variants.iter().map(|(_, name)| name.clone()).collect();
        names.sort();
        let choice = self.0.get(&names)?;
        decoded_by_hand(item);
        item.attrs.push(parse_quote!(#[non_exhaustive]));
        item.variants.push(parse_quote! {
            /// An object that the document doesn't list, as it came.
            Unlisted(crate::Json)
        });
        let arms = variants.iter().filter_map(|(variant, name)| {
            let mut members = choice.members.iter();
            let (_, values) = members.find(|(member, _)| plain(member) == *name)?;
            Some(quote!(#variant = #(#values)|*))
        });
        let (name, tag) = (&item.ident, &choice.tag);
        Some(parse_quote! {
            crate::wire::tagged! { #name #tag { #(#arms,)* } }
        })
    }
}

/// Has the types of an untagged enum be tried in turn on the JSON as it came.
pub(super) fn in_turn(item: &mut ItemEnum) -> Option<Item> {
    let is_untagged = item.attrs.iter().any(|attribute| {
        let list = attribute.meta.require_list();
        attribute.path().is_ident("serde")
            && list.is_ok_and(|list| list.parse_args::<Ident>().is_ok_and(|it| it == "untagged"))
    });
    let holds_one = |variant: &Variant| matches!(&variant.fields, Fields::Unnamed(fields) if fields.unnamed.len() == 1);
    if !is_untagged || !item.variants.iter().all(holds_one) {
        return None;
    }
    decoded_by_hand(item);
    let (name, variants) = (&item.ident, item.variants.iter().map(|it| &it.ident));
    Some(parse_quote! {
        crate::wire::untagged! { #name { #(#variants,)* } }
    })
}

/// Takes `Deserialize` out of what is derived.
fn decoded_by_hand(item: &mut ItemEnum) {
    let mut derived = derives(&item.attrs);
    let is_deserialize = |path: &syn::Path| {
        let last = path.segments.last();
        last.is_some_and(|last| last.ident == "Deserialize")
    };
    derived.retain(|path| !is_deserialize(path));
    item.attrs.retain(|attribute| !attribute.path().is_ident("derive"));
    // Before `#[serde(untagged)]`, which belongs to a derive.
    item.attrs.insert(0, parse_quote!(#[derive(#(#derived),*)]));
}

/// A variant and the name of the one type that it holds.
fn variant(variant: &Variant) -> Option<(Ident, String)> {
    let Fields::Unnamed(fields) = &variant.fields else {
        return None;
    };
    let last = last(&fields.unnamed.first()?.ty)?;
    // What contains itself is boxed.
    let last = match &last.arguments {
        PathArguments::AngleBracketed(inner) if last.ident == "Box" => match inner.args.first()? {
            GenericArgument::Type(ty) => self::last(ty)?,
            _ => return None,
        },
        _ => last,
    };
    Some((variant.ident.clone(), plain(&last.ident.to_string())))
}

fn last(ty: &Type) -> Option<&PathSegment> {
    match ty {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}
