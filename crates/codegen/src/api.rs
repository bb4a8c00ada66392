//! The public face of generated code: a line for each thing that a caller can name.

use quote::ToTokens;
use syn::{
    Fields, FnArg, GenericArgument, ImplItem, ImplItemFn, Item, ItemEnum, ItemImpl, ItemMod,
    ItemStruct, Macro, PathArguments, ReturnType, Token, Type, Visibility, WherePredicate,
};

/// What every operation's builder has from the layer, whatever the document says.
const LAYERS: [&str; 7] = [
    "body_map",
    "correlation_id",
    "extra_header",
    "new",
    "request_id",
    "retry",
    "timeout",
];

/// A line for each public function, field and variant, sorted. Builders of types are left out, since
/// they have a setter for each field.
pub(crate) fn lines(file: &syn::File) -> Vec<String> {
    let mut lines = Vec::new();
    for item in &file.items {
        match item {
            Item::Impl(operations) => functions(operations, "Client", &mut lines),
            Item::Mod(module) => members(module, &mut lines),
            _ => {}
        }
    }
    lines.sort();
    lines.dedup();
    lines
}

fn members(module: &ItemMod, lines: &mut Vec<String>) {
    let items = module.content.iter().flat_map(|(_, items)| items);
    for item in items {
        let within = |name: &dyn ToString| format!("{}::{}", module.ident, name.to_string());
        match item {
            // The structs of operations have their functions.
            Item::Struct(item) if is_public(&item.vis) && module.ident == "types" => {
                fields(item, &within(&item.ident), lines);
            }
            Item::Enum(item) if is_public(&item.vis) => {
                variants(item, &within(&item.ident), lines);
            }
            Item::Impl(item) if module.ident == "builder" && item.trait_.is_none() => {
                functions(item, &within(&plain(&item.self_ty)), lines);
            }
            Item::Macro(item)
                if item
                    .mac
                    .path
                    .segments
                    .last()
                    .is_some_and(|s| s.ident == "open_enum") =>
            {
                lines.extend(open_enum(&item.mac).map(|line| within(&line)));
            }
            _ => {}
        }
    }
}

fn fields(item: &ItemStruct, name: &str, lines: &mut Vec<String>) {
    let before = lines.len();
    match &item.fields {
        Fields::Named(fields) => {
            let public = fields.named.iter().filter(|field| is_public(&field.vis));
            lines.extend(public.filter_map(|field| {
                Some(format!(
                    "{name}.{}: {}",
                    field.ident.as_ref()?,
                    plain(&field.ty)
                ))
            }));
        }
        Fields::Unnamed(fields) => {
            let types: Vec<String> = fields
                .unnamed
                .iter()
                .map(|field| plain(&field.ty))
                .collect();
            lines.push(format!("{name}({})", types.join(", ")));
        }
        Fields::Unit => {}
    }
    if lines.len() == before {
        lines.push(name.to_owned());
    }
}

fn variants(item: &ItemEnum, name: &str, lines: &mut Vec<String>) {
    lines.extend(item.variants.iter().map(|variant| {
        let types: Vec<String> = variant
            .fields
            .iter()
            .map(|field| plain(&field.ty))
            .collect();
        match types.as_slice() {
            [] => format!("{name}::{}", variant.ident),
            types => format!("{name}::{}({})", variant.ident, types.join(", ")),
        }
    }));
}

/// `Name { Variant = "value", .. }`, after its documentation.
fn open_enum(found: &Macro) -> impl Iterator<Item = String> {
    let parse = |input: syn::parse::ParseStream<'_>| {
        input.call(syn::Attribute::parse_outer)?;
        let name: syn::Ident = input.parse()?;
        let content;
        syn::braced!(content in input);
        let variants = content.parse_terminated(
            |input| {
                let variant: syn::Ident = input.parse()?;
                input.parse::<Token![=]>()?;
                let value: syn::LitStr = input.parse()?;
                Ok((variant, value.value()))
            },
            Token![,],
        )?;
        let line = |(variant, value)| format!("{name}::{variant} = {value:?}");
        Ok(variants.into_iter().map(line).collect::<Vec<_>>())
    };
    let variants: Vec<String> = found.parse_body_with(parse).unwrap_or_default();
    variants.into_iter()
}

fn functions(item: &ItemImpl, name: &str, lines: &mut Vec<String>) {
    for item in &item.items {
        if let ImplItem::Fn(function) = item
            && is_public(&function.vis)
            && !LAYERS.contains(&function.sig.ident.to_string().as_str())
        {
            lines.push(format!("{name}::{}", signature(function)));
        }
    }
}

/// `organization_id(String)`, `send() -> Profile`: what a caller gives and gets.
fn signature(function: &ImplItemFn) -> String {
    let bounds = function.sig.generics.where_clause.iter();
    let bounds = bounds.flat_map(|clause| &clause.predicates);
    // `V: TryInto<T>`: what is taken is a `T`.
    let taken = |generic: &str| {
        bounds.clone().find_map(|predicate| match predicate {
            WherePredicate::Type(bound) if plain(&bound.bounded_ty) == generic => {
                let text = bound.bounds.first()?.to_token_stream().to_string();
                let bound: Type = syn::parse_str(&text).ok()?;
                argument(&bound)
            }
            _ => None,
        })
    };
    let arguments: Vec<String> = function
        .sig
        .inputs
        .iter()
        .filter_map(|input| match input {
            FnArg::Receiver(_) => None,
            FnArg::Typed(input) => {
                let text = plain(&input.ty);
                Some(taken(&text).unwrap_or(text))
            }
        })
        .collect();
    let output = match &function.sig.output {
        ReturnType::Default => String::new(),
        ReturnType::Type(_, ty) => match plain(ty).as_str() {
            "Self" => String::new(),
            text => format!(" -> {text}"),
        },
    };
    format!("{}({}){output}", function.sig.ident, arguments.join(", "))
}

/// The `T` of `TryInto<T>`.
fn argument(bound: &Type) -> Option<String> {
    let Type::Path(path) = bound else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(plain(ty)),
        _ => None,
    })
}

/// A type as people write it: without paths, lifetimes and the layer's own wrapping.
fn plain(ty: &Type) -> String {
    match ty {
        Type::Path(path) => {
            let Some(last) = path.path.segments.last() else {
                return String::new();
            };
            let arguments: Vec<String> = match &last.arguments {
                PathArguments::AngleBracketed(arguments) => arguments
                    .args
                    .iter()
                    .filter_map(|argument| match argument {
                        GenericArgument::Type(ty) => Some(plain(ty)),
                        _ => None,
                    })
                    .collect(),
                _ => Vec::new(),
            };
            match arguments.as_slice() {
                [] => last.ident.to_string(),
                arguments => format!("{}<{}>", last.ident, arguments.join(", ")),
            }
        }
        Type::Reference(reference) => format!("&{}", plain(&reference.elem)),
        Type::Tuple(tuple) => {
            let types: Vec<String> = tuple.elems.iter().map(plain).collect();
            format!("({})", types.join(", "))
        }
        other => other.to_token_stream().to_string().replace(' ', ""),
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}
