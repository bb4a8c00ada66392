//! The generated types: objects that lose nothing, enums that stay open, members that can be left
//! alone.

use std::collections::BTreeSet;

use quote::quote;
use syn::ext::IdentExt;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Attribute, Field, Fields, Ident, Item, ItemEnum, ItemImpl, ItemStruct, LitStr, Path, Token,
    Type, parse_quote,
};

use super::choices::Choices;
use super::names::WireNames;
use super::syntax::{
    self, derives, document, documentation, in_lines, inner_of, is_own, list_attribute, structure,
};
use crate::code::{Macro, Part};
use crate::refusal::Refusal;

pub(super) fn finish(
    mut items: Vec<Item>,
    choices: &Choices,
    names: &WireNames,
) -> Result<Vec<Part>, Refusal> {
    let mut of_types = OfTypes(items.iter().filter_map(name).cloned().collect());
    let enums: BTreeSet<Ident> = items
        .iter()
        .filter_map(|item| match item {
            Item::Enum(item) if is_text_enum(item) => Some(item.ident.clone()),
            _ => None,
        })
        .collect();
    let (mut objects, mut others, mut added) = (Vec::new(), Vec::new(), Vec::new());
    // The impls of objects and of these enums come from the library's macros, as the modules do. Those of types with
    // members or values are left out before, by `unread`.
    let mut written = enums.clone();
    for item in &mut items {
        Members.visit_item_mut(item);
        RawJson.visit_item_mut(item);
    }
    for item in items {
        match item {
            Item::Enum(mut found) if enums.contains(&found.ident) => {
                make_open(&mut found, names)?;
                let taken = vec![Item::Enum(found)];
                others.push(Part::Call(Macro::OpenEnum, taken));
            }
            Item::Struct(found) if matches!(found.fields, Fields::Named(_)) => {
                objects.push(Item::Struct(object(&found, names, &mut of_types)?));
                written.insert(found.ident);
            }
            // Without what is implemented for it, it could not stay.
            Item::Enum(ItemEnum { ident, .. }) | Item::Struct(ItemStruct { ident, .. })
                if names.has(&ident.to_string()) =>
            {
                return Err(Refusal::of_document(format!(
                    "type `{ident}` isn't what the document says"
                )));
            }
            Item::Enum(mut found) => {
                let told_apart = choices.tell_apart(&mut found);
                added.extend(told_apart.or_else(|| choices.in_turn(&mut found)).map(Part::Item));
                in_lines(&mut found.attrs);
                others.push(Part::Item(Item::Enum(found)));
            }
            Item::Struct(mut found) => {
                in_lines(&mut found.attrs);
                others.push(Part::Item(Item::Struct(found)));
            }
            Item::Mod(_) => {}
            Item::Impl(mut found) => {
                choices.show_unlisted(&mut found);
                others.push(Part::Item(Item::Impl(found)));
            }
            other => others.push(Part::Item(other)),
        }
    }
    others.retain(|it| !matches!(it, Part::Item(Item::Impl(it)) if is_about(it, &written)));
    let mut code = vec![Part::Call(Macro::Objects, objects)];
    code.extend(others);
    code.extend(added);
    Ok(code)
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
            path.segments[0].ident = syntax::ident("crate");
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

/// Makes an enum what `wire::open_enum!` takes. A closed one fails on the value that a vendor adds tomorrow.
fn make_open(item: &mut ItemEnum, names: &WireNames) -> Result<(), Refusal> {
    item.attrs = document(&documentation(&item.attrs));
    let name = item.ident.to_string();
    for variant in &mut item.variants {
        let wire = names.get(&name, &Said::of(&variant.attrs, &variant.ident)?.fed)?;
        variant.attrs = document(&documentation(&variant.attrs));
        variant.attrs.push(list_attribute("wire", quote!(#wire)));
    }
    Ok(())
}

/// An object as `wire::objects!` takes it.
fn object(
    item: &ItemStruct,
    names: &WireNames,
    of_types: &mut OfTypes,
) -> Result<ItemStruct, Refusal> {
    let name = item.ident.to_string();
    let mut members = Vec::new();
    let mut has_required = false;
    for found in &item.fields {
        let ident = found.ident.as_ref().ok_or_else(|| {
            Refusal::of_document(format!("type `{name}` has a member without a name"))
        })?;
        if ident == "extra" {
            if !is_own(&found.ty, "JsonObject") {
                return Err(Refusal::of_document(format!(
                    "type `{name}` has members of one type beside those that it names"
                )));
            }
            continue;
        }
        let said = Said::of(&found.attrs, ident)?;
        let wire = names.get(&name, &said.fed)?;
        has_required |= !said.is_left_out;
        let need = syntax::ident(if said.is_left_out { "optional" } else { "required" });
        let (form, ty) = form(&found.ty);
        let (form, mut ty) = (syntax::ident(form), ty.clone());
        of_types.visit_type_mut(&mut ty);
        let mut attrs = document(&documentation(&found.attrs));
        attrs.push(list_attribute("member", quote!(#wire, #need, #form)));
        members.push(Field { vis: found.vis.clone(), ..syntax::field(attrs, ident, ty) });
    }
    let mut attrs = document(&documentation(&item.attrs));
    if !has_required {
        attrs.push(list_attribute("derive", quote!(Default)));
    }
    Ok(structure(attrs, &item.ident, members.into_iter()))
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

/// What serde's attributes say of a member or a value.
struct Said {
    /// The name that progenitor was fed: serde's `rename`, or the Rust name.
    fed: String,
    /// Whether the member may be left out on the wire.
    is_left_out: bool,
}

impl Said {
    fn of(attributes: &[Attribute], ident: &Ident) -> Result<Self, Refusal> {
        let (mut renamed, mut is_left_out) = (None, false);
        for attribute in attributes.iter().filter(|a| a.path().is_ident("serde")) {
            let read = attribute.parse_nested_meta(|meta| {
                // What is boxed has a default alone.
                let optional = ["default", "skip_serializing_if"];
                is_left_out |= optional.iter().any(|word| meta.path.is_ident(word));
                if meta.input.peek(Token![=]) {
                    let text: LitStr = meta.value()?.parse()?;
                    if meta.path.is_ident("rename") {
                        renamed = Some(text.value());
                    }
                }
                Ok(())
            });
            read.map_err(|error| {
                Refusal::of_document(format!("member `{ident}` has an unknown attribute: {error}"))
            })?;
        }
        Ok(Self { fed: renamed.unwrap_or_else(|| ident.unraw().to_string()), is_left_out })
    }
}
