//! Enums of objects: progenitor tries the types in turn, and since no member has to be there, the first
//! one would take whatever comes.

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{OpenAPI, ReferenceOr, Schema, SchemaKind, Type as Kind};
use quote::quote;
use syn::visit_mut::VisitMut;
use syn::{
    ExprMatch, Fields, GenericArgument, Ident, Item, ItemEnum, ItemImpl, PathArguments,
    PathSegment, Type, Variant, parse_quote,
};

use super::syntax::{derives, plain};
use crate::choices::Choice;
use crate::prep::schemas::sent_by_vendors;
use crate::prep::walk;

/// The choices of a document.
pub(super) struct Choices {
    /// By their types.
    told_apart: BTreeMap<String, Choice>,
    /// The types of texts, numbers and flags that vendors send. What came instead of an object or a list isn't what the
    /// document promises, and what came instead of these is a value more.
    open: BTreeSet<String>,
}

impl Choices {
    pub(super) fn of(model: &OpenAPI) -> Self {
        let components = model.components.clone().unwrap_or_default();
        let choices = components.schemas.iter().filter_map(|(name, schema)| {
            Some((name.clone(), Choice::of(&components, schema.as_item()?)?))
        });
        let mut open = sent_by_vendors(model, &components);
        open.retain(|name| {
            let schema = components.schemas.get(name).and_then(ReferenceOr::as_item);
            schema.is_some_and(|schema| match &schema.schema_kind {
                SchemaKind::OneOf { one_of } => {
                    one_of.iter().all(|part| walk::schema(model, part).is_some_and(is_scalar))
                }
                _ => false,
            })
        });
        Self { told_apart: choices.collect(), open }
    }

    /// Has a member choose among the variants of `item`, where one does, and adds a variant for what it
    /// doesn't choose.
    pub(super) fn tell_apart(&self, item: &mut ItemEnum) -> Option<Item> {
        let variants = item.variants.iter();
        let variants: Vec<(Ident, String)> = variants.map(variant).collect::<Option<_>>()?;
        let choice = self.told_apart.get(&item.ident.to_string())?;
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

    /// Has the types of an untagged enum be tried in turn on the JSON as it came, and adds a variant for a text, number
    /// or flag of a vendor's that is none of them.
    pub(super) fn in_turn(&self, item: &mut ItemEnum) -> Option<Item> {
        let is_untagged = item.attrs.iter().any(|attribute| {
            let list = attribute.meta.require_list();
            attribute.path().is_ident("serde")
                && list
                    .is_ok_and(|list| list.parse_args::<Ident>().is_ok_and(|it| it == "untagged"))
        });
        let holds_one = |variant: &Variant| matches!(&variant.fields, Fields::Unnamed(fields) if fields.unnamed.len() == 1);
        if !is_untagged || !item.variants.iter().all(holds_one) {
            return None;
        }
        decoded_by_hand(item);
        let name = item.ident.clone();
        let variants: Vec<Ident> = item.variants.iter().map(|it| it.ident.clone()).collect();
        let unlisted = self.open.contains(&name.to_string()).then(|| {
            item.attrs.push(parse_quote!(#[non_exhaustive]));
            item.variants.push(parse_quote! {
                /// A value that the document doesn't list, as it came.
                Unlisted(crate::Json)
            });
            quote!(Unlisted)
        });
        Some(parse_quote! {
            crate::wire::untagged! { #name { #(#variants,)* } #unlisted }
        })
    }

    /// Has the `Display` of an enum whose types have texts show what is kept as it came.
    pub(super) fn show_unlisted(&self, item: &mut ItemImpl) {
        let of = item.trait_.as_ref().and_then(|(of, _)| of.segments.last());
        let is_display = of.is_some_and(|of| of.ident == "Display");
        if let Type::Path(ty) = &*item.self_ty
            && let Some(name) = ty.path.get_ident()
            && is_display
            && self.open.contains(&name.to_string())
        {
            ShowUnlisted.visit_item_impl_mut(item);
        }
    }
}

fn is_scalar(schema: &Schema) -> bool {
    matches!(&schema.schema_kind, SchemaKind::Type(kind) if !matches!(kind, Kind::Object(_) | Kind::Array(_)))
}

struct ShowUnlisted;

impl VisitMut for ShowUnlisted {
    fn visit_expr_match_mut(&mut self, found: &mut ExprMatch) {
        found.arms.push(parse_quote!(Self::Unlisted(json) => f.write_str(json.as_str()),));
    }
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
