//! The generated types: objects that lose nothing, enums that stay open, members that can be left
//! alone.

use std::collections::BTreeSet;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Attribute, Expr, Field, Fields, Ident, Item, ItemEnum, ItemImpl, ItemMod, ItemStruct, LitStr,
    Meta, Path, Token, Type, parse_quote,
};

use super::choices::Choices;
use super::names::WireNames;
use super::syntax::{derives, document, documentation, in_lines, inner_of, is_own};
use crate::refusal::Refusal;

pub(super) fn finish(
    module: &mut ItemMod,
    choices: &Choices,
    names: &WireNames,
) -> Result<(), Refusal> {
    Members.visit_item_mod_mut(module);
    RawJson.visit_item_mod_mut(module);
    let Some((_, items)) = &mut module.content else {
        return Ok(());
    };
    let mut of_types = OfTypes(items.iter().filter_map(name).cloned().collect());
    let enums: BTreeSet<Ident> = items
        .iter()
        .filter_map(|item| match item {
            Item::Enum(item) if is_text_enum(item) => Some(item.ident.clone()),
            _ => None,
        })
        .collect();
    let (mut objects, mut others, mut added) = (Vec::new(), Vec::new(), Vec::new());
    // The impls of objects and of these enums come from the library's macros, as the modules do.
    let mut written = enums.clone();
    for item in std::mem::take(items) {
        match item {
            Item::Enum(found) if enums.contains(&found.ident) => {
                others.push(open_enum(&found, names)?);
            }
            Item::Enum(mut found) => {
                let told_apart = choices.tell_apart(&mut found);
                added.extend(told_apart.or_else(|| choices.in_turn(&mut found)));
                in_lines(&mut found.attrs);
                others.push(Item::Enum(found));
            }
            Item::Struct(found) if matches!(found.fields, Fields::Named(_)) => {
                objects.push(object(&found, names, &mut of_types)?);
                written.insert(found.ident);
            }
            Item::Struct(mut found) => {
                in_lines(&mut found.attrs);
                others.push(Item::Struct(found));
            }
            Item::Mod(_) => {}
            Item::Impl(mut found) => {
                choices.show_unlisted(&mut found);
                others.push(Item::Impl(found));
            }
            other => others.push(other),
        }
    }
    others.retain(|item| !matches!(item, Item::Impl(item) if is_about(item, &written)));
    items.push(parse_quote!(crate::wire::objects! { #(#objects)* }));
    items.extend(others);
    items.extend(added);
    Ok(())
}

fn name(item: &Item) -> Option<&Ident> {
    match item {
        Item::Enum(item) => Some(&item.ident),
        Item::Struct(item) => Some(&item.ident),
        Item::Type(item) => Some(&item.ident),
        _ => None,
    }
}

/// Names the document's types so that the name is right in `types::builder` as well.
struct OfTypes(BTreeSet<Ident>);

impl VisitMut for OfTypes {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        if path.leading_colon.is_none()
            && path.segments.len() == 1
            && self.0.contains(&path.segments[0].ident)
        {
            path.segments.insert(0, parse_quote!(types));
        }
    }
}

/// `Option<Patch<T>>` becomes `Patch<T>`, which is absent by itself, and `Box<Option<T>>` of what contains itself
/// `Option<Box<T>>`, which may be left out; `::letterhead` is this crate.
struct Members;

impl VisitMut for Members {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        visit_mut::visit_type_mut(self, ty);
        if let Some(inner) = inner_of(ty, "Option")
            && is_own(inner, "Patch")
        {
            *ty = inner.clone();
        }
        if let Some(inner) = inner_of(ty, "Box").and_then(|it| inner_of(it, "Option")) {
            *ty = parse_quote!(::std::option::Option<::std::boxed::Box<#inner>>);
        }
    }

    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        if path.segments.first().is_some_and(|s| s.ident == "letterhead") {
            path.leading_colon = None;
            path.segments[0].ident = Ident::new("crate", Span::call_site());
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

fn is_text_enum(item: &ItemEnum) -> bool {
    item.variants.iter().all(|variant| matches!(variant.fields, Fields::Unit))
        && derives(&item.attrs).iter().any(|path| path.is_ident("Copy"))
}

fn is_about(item: &ItemImpl, enums: &BTreeSet<Ident>) -> bool {
    matches!(&*item.self_ty, Type::Path(path) if path.path.get_ident().is_some_and(|name| enums.contains(name)))
}

/// A closed enum fails on the value a vendor adds tomorrow.
fn open_enum(item: &ItemEnum, names: &WireNames) -> Result<Item, Refusal> {
    let name = &item.ident;
    let docs = document(&documentation(&item.attrs));
    let variants = item
        .variants
        .iter()
        .map(|variant| {
            let fed = wire_name(&variant.attrs, &variant.ident)?;
            let wire = names.get(&name.to_string(), &fed)?;
            let docs = document(&documentation(&variant.attrs));
            let ident = &variant.ident;
            Ok(quote!(#docs #[wire(#wire)] #ident))
        })
        .collect::<Result<Vec<TokenStream>, Refusal>>()?;
    Ok(parse_quote! {
        crate::wire::open_enum! { #docs pub enum #name { #(#variants,)* } }
    })
}

/// An object as `wire::objects!` takes it.
fn object(
    item: &ItemStruct,
    names: &WireNames,
    of_types: &mut OfTypes,
) -> Result<TokenStream, Refusal> {
    let name = &item.ident;
    let mut members = Vec::new();
    let mut has_required = false;
    for field in &item.fields {
        let ident = field.ident.as_ref().ok_or_else(|| {
            Refusal::of_document(format!("type `{name}` has a member without a name"))
        })?;
        if ident == "extra" {
            if !is_own(&field.ty, "JsonObject") {
                return Err(Refusal::of_document(format!(
                    "type `{name}` has members of one type beside those that it names"
                )));
            }
            continue;
        }
        let wire = names.get(&name.to_string(), &wire_name(&field.attrs, ident)?)?;
        let is_required = !is_left_out(field)?;
        has_required |= is_required;
        let need = if is_required { quote!(required) } else { quote!(optional) };
        let docs = document(&documentation(&field.attrs));
        let (form, ty) = form(&field.ty);
        let form = Ident::new(form, Span::call_site());
        let mut ty = ty.clone();
        of_types.visit_type_mut(&mut ty);
        members.push(quote!(#docs #[member(#wire, #need, #form)] pub #ident: #ty));
    }
    let docs = document(&documentation(&item.attrs));
    let default = (!has_required).then(|| quote!(#[derive(Default)]));
    Ok(quote!(#docs #default pub struct #name { #(#members,)* }))
}

/// How a member is kept and set, and the type that it is kept and set as.
fn form(ty: &Type) -> (&'static str, &Type) {
    let inner = inner_of(ty, "Option");
    let is_list = inner_of(inner.unwrap_or(ty), "Vec").is_some();
    match (inner, is_list) {
        (Some(inner), true) => ("option_list", inner),
        (Some(inner), false) => ("option", inner),
        (None, true) => ("list", ty),
        (None, false) => ("value", ty),
    }
}

/// The name that progenitor was fed: serde's `rename`, or the Rust name.
fn wire_name(attributes: &[Attribute], ident: &Ident) -> Result<String, Refusal> {
    let renamed = serde(attributes, ident, "rename")?;
    Ok(renamed.unwrap_or_else(|| ident.unraw().to_string()))
}

/// Whether the member may be left out on the wire.
fn is_left_out(field: &Field) -> Result<bool, Refusal> {
    let Some(ident) = &field.ident else {
        return Ok(false);
    };
    // What is boxed has a default alone.
    let is_default = serde(&field.attrs, ident, "default")?.is_some();
    Ok(is_default || serde(&field.attrs, ident, "skip_serializing_if")?.is_some())
}

/// The text that serde's attributes have under `name`; an empty one where the word is alone.
fn serde(attributes: &[Attribute], ident: &Ident, name: &str) -> Result<Option<String>, Refusal> {
    let mut found = None;
    for attribute in attributes.iter().filter(|a| a.path().is_ident("serde")) {
        let Meta::List(_) = &attribute.meta else {
            continue;
        };
        attribute
            .parse_nested_meta(|meta| {
                let is_it = meta.path.is_ident(name);
                if is_it && meta.input.peek(Token![=]) {
                    found = Some(meta.value()?.parse::<LitStr>()?.value());
                } else if meta.input.peek(Token![=]) {
                    meta.value()?.parse::<Expr>()?;
                } else if is_it {
                    found = Some(String::new());
                }
                Ok(())
            })
            .map_err(|error| {
                Refusal::of_document(format!("member `{ident}` has an unknown attribute: {error}"))
            })?;
    }
    Ok(found)
}
