//! The generated types: objects that lose nothing, enums that stay open, members that can be left
//! alone.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{
    Attribute, Expr, Fields, GenericArgument, Ident, Item, ItemEnum, ItemImpl, ItemMod, ItemStruct,
    LitStr, Member, Meta, Path, PathArguments, Token, Type, parse_quote,
};

use super::choices::Choices;
use crate::Refusal;

pub(super) fn finish(module: &mut ItemMod, choices: &Choices) -> Result<(), Refusal> {
    super::operations::Messages.visit_item_mod_mut(module);
    PatchMembers.visit_item_mod_mut(module);
    RawJson.visit_item_mod_mut(module);
    DefaultExtra.visit_item_mod_mut(module);
    let Some((_, items)) = &mut module.content else {
        return Ok(());
    };
    super::setters::finish(items);
    let enums: BTreeSet<Ident> = items
        .iter()
        .filter_map(|item| match item {
            Item::Enum(item) if is_text_enum(item) => Some(item.ident.clone()),
            _ => None,
        })
        .collect();
    items.retain(|item| !matches!(item, Item::Impl(item) if is_about(item, &enums)));
    let mut added = Vec::new();
    for item in items.iter_mut() {
        match item {
            Item::Enum(found) if enums.contains(&found.ident) => *item = open_enum(found)?,
            Item::Enum(found) => {
                let told_apart = choices.tell_apart(found);
                added.extend(told_apart.or_else(|| super::choices::in_turn(found)));
            }
            Item::Struct(found) if is_object(found) => {
                added.push(object(found)?);
                let name = &found.ident;
                added.push(parse_quote!(crate::wire::built! { #name }));
            }
            _ => {}
        }
    }
    items.extend(added);
    Ok(())
}

/// `Option<Patch<T>>` becomes `Patch<T>`, which is absent by itself; `::letterhead` is this crate.
struct PatchMembers;

impl VisitMut for PatchMembers {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        visit_mut::visit_type_mut(self, ty);
        if let Some(inner) = inner_of(ty, "Option")
            && let Type::Path(inner_path) = inner
            && is_patch(&inner_path.path)
        {
            *ty = inner.clone();
        }
    }

    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        if path
            .segments
            .first()
            .is_some_and(|s| s.ident == "letterhead")
        {
            path.leading_colon = None;
            path.segments[0].ident = Ident::new("crate", proc_macro2::Span::call_site());
        }
    }
}

/// A `Value` loses how a number was written, and fails on what no Rust type holds.
struct RawJson;

impl VisitMut for RawJson {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        let replacement = match ty {
            Type::Path(path) if is_of_serde_json(&path.path) => {
                match path.path.segments[1].ident.to_string().as_str() {
                    "Value" => Some(parse_quote!(crate::Json)),
                    "Map" => Some(parse_quote!(crate::JsonObject)),
                    _ => None,
                }
            }
            _ => None,
        };
        match replacement {
            Some(replacement) => *ty = replacement,
            None => visit_mut::visit_type_mut(self, ty),
        }
    }
}

fn is_of_serde_json(path: &Path) -> bool {
    path.segments.len() == 2 && path.segments[0].ident == "serde_json"
}

/// The `T` of `Option<T>`, where `name` is `Option`.
pub(super) fn inner_of<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    match ty {
        Type::Path(path) => argument_of(&path.path, name),
        _ => None,
    }
}

/// As [`inner_of`], of a path.
pub(super) fn argument_of<'a>(path: &'a Path, name: &str) -> Option<&'a Type> {
    let last = path.segments.last().filter(|s| s.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }
}

fn is_patch(path: &Path) -> bool {
    is_own(path, "Patch")
}

/// Whether a path names the crate's own `name`.
fn is_own(path: &Path, name: &str) -> bool {
    path.segments.len() == 2 && path.segments[0].ident == "crate" && path.segments[1].ident == name
}

/// typify's builders insist on `extra`, which nobody has to supply.
struct DefaultExtra;

impl VisitMut for DefaultExtra {
    fn visit_field_value_mut(&mut self, field: &mut syn::FieldValue) {
        if matches!(&field.member, Member::Named(name) if name == "extra")
            && matches!(&field.expr, Expr::Call(call) if call.func.to_token_stream().to_string() == "Err")
        {
            field.expr = parse_quote!(Ok(::std::default::Default::default()));
        }
    }
}

fn is_text_enum(item: &ItemEnum) -> bool {
    item.variants
        .iter()
        .all(|variant| matches!(variant.fields, Fields::Unit))
        && derives(&item.attrs)
            .iter()
            .any(|path| path.is_ident("Copy"))
}

fn is_about(item: &ItemImpl, enums: &BTreeSet<Ident>) -> bool {
    matches!(&*item.self_ty, Type::Path(path) if path.path.get_ident().is_some_and(|name| enums.contains(name)))
}

/// A closed enum fails on the value a vendor adds tomorrow.
fn open_enum(item: &ItemEnum) -> Result<Item, Refusal> {
    let name = &item.ident;
    let docs = docs(&item.attrs);
    let variants = item
        .variants
        .iter()
        .map(|variant| {
            let wire = wire_name(&variant.attrs, &variant.ident)?;
            let (docs, ident) = (self::docs(&variant.attrs), &variant.ident);
            Ok(quote!(#(#docs)* #ident = #wire))
        })
        .collect::<Result<Vec<TokenStream>, Refusal>>()?;
    Ok(parse_quote! {
        crate::wire::open_enum! { #(#docs)* #name { #(#variants,)* } }
    })
}

fn is_object(item: &ItemStruct) -> bool {
    item.fields
        .iter()
        .any(|field| field.ident.as_ref().is_some_and(|name| name == "extra"))
}

/// Replaces serde's derives by the lossless ones, and says which members are optional.
fn object(item: &mut ItemStruct) -> Result<Item, Refusal> {
    let name = item.ident.clone();
    let (mut required, mut optional) = (Vec::new(), Vec::new());
    for field in &mut item.fields {
        let ident = field.ident.clone().ok_or_else(|| {
            Refusal::of_document(format!("type `{name}` has a member without a name"))
        })?;
        if ident == "extra" {
            field
                .attrs
                .retain(|attribute| !attribute.path().is_ident("doc"));
            field.attrs.insert(
                0,
                parse_quote!(#[doc = "Members that the document doesn't name, and nulls and empty \
                    lists of those it does: kept, so that writing the value back loses nothing."]),
            );
            continue;
        }
        let wire = wire_name(&field.attrs, &ident)?;
        let is_optional = field.attrs.iter().any(|attribute| {
            attribute.path().is_ident("serde")
                && attribute
                    .to_token_stream()
                    .to_string()
                    .contains("skip_serializing_if")
        });
        if matches!(&field.ty, Type::Path(path) if is_patch(&path.path)) {
            field
                .attrs
                .retain(|attribute| !attribute.path().is_ident("serde"));
            field.attrs.push(parse_quote!(
                #[serde(rename = #wire, default, skip_serializing_if = "crate::Patch::is_keep")]
            ));
        }
        if matches!(&field.ty, Type::Path(path) if is_own(&path.path, "JsonObject")) && is_optional
        {
            field
                .attrs
                .retain(|attribute| !attribute.path().is_ident("serde"));
            field.attrs.push(parse_quote!(
                #[serde(rename = #wire, default, skip_serializing_if = "crate::JsonObject::is_empty")]
            ));
        }
        if is_optional {
            &mut optional
        } else {
            &mut required
        }
        .push(quote!(#ident = #wire));
    }
    let mut derived = derives(&item.attrs);
    derived.retain(|path| {
        path.segments.last().is_some_and(|last| {
            !["Serialize", "Deserialize", "Default"]
                .iter()
                .any(|trait_| last.ident == trait_)
        })
    });
    if required.is_empty() {
        derived.push(parse_quote!(Default));
    }
    item.attrs
        .retain(|attribute| !attribute.path().is_ident("derive"));
    item.attrs.push(parse_quote!(#[derive(#(#derived),*)]));
    // Members are added when a vendor adds them: build with the builder or from `Default`.
    item.attrs.push(parse_quote!(#[non_exhaustive]));
    Ok(parse_quote! {
        crate::wire::object! { #name {
            required { #(#required,)* }
            optional { #(#optional,)* }
        } }
    })
}

pub(super) fn docs(attributes: &[Attribute]) -> Vec<&Attribute> {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("doc"))
        .collect()
}

pub(super) fn derives(attributes: &[Attribute]) -> Vec<Path> {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("derive"))
        .filter_map(|attribute| {
            attribute
                .parse_args_with(syn::punctuated::Punctuated::<Path, Token![,]>::parse_terminated)
                .ok()
        })
        .flatten()
        .collect()
}

/// The name on the wire: serde's `rename`, or the Rust name.
fn wire_name(attributes: &[Attribute], ident: &Ident) -> Result<String, Refusal> {
    let mut name = ident.to_string().trim_start_matches("r#").to_owned();
    for attribute in attributes.iter().filter(|a| a.path().is_ident("serde")) {
        let Meta::List(_) = &attribute.meta else {
            continue;
        };
        attribute
            .parse_nested_meta(|meta| {
                if meta.path.is_ident("rename") {
                    name = meta.value()?.parse::<LitStr>()?.value();
                } else if meta.input.peek(Token![=]) {
                    meta.value()?.parse::<Expr>()?;
                }
                Ok(())
            })
            .map_err(|error| {
                Refusal::of_document(format!(
                    "member `{ident}` has an unknown attribute: {error}"
                ))
            })?;
    }
    Ok(name)
}
