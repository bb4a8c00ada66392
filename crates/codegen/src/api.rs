//! The public face of generated code: a line for each thing that a caller can name.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::{
    Attribute, Fields, GenericArgument, ImplItem, ImplItemFn, Item, ItemEnum, ItemImpl, ItemStruct,
    LitStr, PathArguments, ReturnType, Token, Type, Visibility, parse_quote,
};

use crate::code::{Macro, Part};

/// A line for each public function, field and variant, sorted. Builders of types are left out, since
/// they have a setter for each field.
pub(crate) fn lines(code: &[Part]) -> Vec<String> {
    let mut lines = Vec::new();
    for part in code {
        match part {
            Part::Item(Item::Impl(operations)) => functions(operations, "Client", &mut lines),
            Part::Module(module, inner) => {
                for part in inner {
                    members(&module.ident, part, &mut lines);
                }
            }
            _ => {}
        }
    }
    lines.sort();
    lines.dedup();
    lines
}

fn members(module: &Ident, part: &Part, lines: &mut Vec<String>) {
    let within = |name: &dyn ToString| format!("{module}::{}", name.to_string());
    match part {
        Part::Item(Item::Struct(item)) if is_public(&item.vis) => {
            fields(item, &within(&item.ident), lines);
        }
        Part::Item(Item::Enum(item)) if is_public(&item.vis) => {
            variants(item, &within(&item.ident), lines);
        }
        Part::Call(called, items) => {
            let of_item: fn(&Item) -> Option<Vec<String>> = match called {
                Macro::Objects => object,
                Macro::OpenEnum => open_enum,
                Macro::Operation => operation,
                Macro::Bodies | Macro::ResponseHeaders => return,
            };
            let found = items.iter().filter_map(of_item).flatten();
            lines.extend(found.map(|line| within(&line)));
        }
        _ => {}
    }
}

/// The fields of an object; each `#[member(wire, need, form)]` says how its field is kept.
fn object(item: &Item) -> Option<Vec<String>> {
    let Item::Struct(item) = item else {
        return None;
    };
    let fields = item.fields.iter().filter_map(|field| {
        let kept = words(&field.attrs, "member");
        let is_optional = kept.iter().any(|word| word == "option" || word == "option_list");
        Some((field.ident.as_ref()?, optional(&field.ty, is_optional)))
    });
    let line = |(field, ty)| format!("{}.{field}: {ty}", item.ident);
    let mut lines: Vec<String> = fields.map(line).collect();
    lines.push(format!("{}.extra: JsonObject", item.ident));
    Some(lines)
}

/// The values of an enum, each with its `#[wire("...")]`.
fn open_enum(item: &Item) -> Option<Vec<String>> {
    let Item::Enum(item) = item else { return None };
    let variants = item.variants.iter().filter_map(|variant| {
        let wire = variant.attrs.iter().find(|it| it.path().is_ident("wire"))?;
        let wire: LitStr = wire.parse_args().ok()?;
        Some(format!("{}::{} = {:?}", item.ident, variant.ident, wire.value()))
    });
    Some(variants.collect())
}

/// The setters of an operation's builder, and what its `send` returns.
fn operation(item: &Item) -> Option<Vec<String>> {
    let Item::Struct(item) = item else {
        return None;
    };
    let name = &item.ident;
    let setters = item.fields.iter().filter_map(|field| {
        let argument = words(&field.attrs, "argument");
        // What is built stands behind the word.
        let mut behind = argument.iter().skip_while(|word| *word != "built").skip(1);
        let taken = behind.next().map_or_else(|| plain(&field.ty), ToString::to_string);
        Some(format!("{name}::{}({taken})", field.ident.as_ref()?))
    });
    let mut lines: Vec<String> = setters.collect();
    let received = item.attrs.iter().find(|it| it.path().is_ident("receives"))?;
    let Received { ty, .. } = received.parse_args().ok()?;
    let received = ty.as_ref().map_or_else(|| "()".to_owned(), plain);
    lines.push(format!("{name}::send() -> Result<Reply<{received}>, Error>"));
    Some(lines)
}

/// `nothing`, or a word and a type after a comma, perhaps with more behind it.
pub(crate) struct Received {
    pub(crate) ty: Option<Type>,
    /// Whether it is decoded as a whole.
    pub(crate) is_value: bool,
}

impl Parse for Received {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let word: Ident = input.parse()?;
        if word == "nothing" {
            return Ok(Self { ty: None, is_value: false });
        }
        input.parse::<Token![,]>()?;
        let ty = if word == "download" { parse_quote!(Download) } else { input.parse()? };
        // The rest is how its list is found, or what is asked for.
        input.parse::<TokenStream>()?;
        let ty: Type = if word == "lines" { parse_quote!(Lines<#ty>) } else { ty };
        let is_value = !["download", "lines", "by_status"].iter().any(|it| word == it);
        Ok(Self { ty: Some(ty), is_value })
    }
}

/// The words of the attribute `name`, in groups as well.
pub(crate) fn words(attributes: &[Attribute], name: &str) -> Vec<Ident> {
    fn add(tokens: TokenStream, words: &mut Vec<Ident>) {
        for token in tokens {
            match token {
                TokenTree::Ident(word) => words.push(word),
                TokenTree::Group(group) => add(group.stream(), words),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
    let mut words = Vec::new();
    let found = attributes.iter().find(|it| it.path().is_ident(name));
    if let Some(list) = found.and_then(|found| found.meta.require_list().ok()) {
        add(list.tokens.clone(), &mut words);
    }
    words
}

fn optional(ty: &Type, is_optional: bool) -> String {
    let ty = plain(ty);
    if is_optional { format!("Option<{ty}>") } else { ty }
}

fn fields(item: &ItemStruct, name: &str, lines: &mut Vec<String>) {
    let before = lines.len();
    match &item.fields {
        Fields::Named(fields) => {
            let public = fields.named.iter().filter(|field| is_public(&field.vis));
            lines.extend(public.filter_map(|field| {
                Some(format!("{name}.{}: {}", field.ident.as_ref()?, plain(&field.ty)))
            }));
        }
        Fields::Unnamed(fields) => {
            let types: Vec<String> = fields.unnamed.iter().map(|field| plain(&field.ty)).collect();
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
        let types: Vec<String> = variant.fields.iter().map(|field| plain(&field.ty)).collect();
        match types.as_slice() {
            [] => format!("{name}::{}", variant.ident),
            types => format!("{name}::{}({})", variant.ident, types.join(", ")),
        }
    }));
}

fn functions(item: &ItemImpl, name: &str, lines: &mut Vec<String>) {
    for item in &item.items {
        if let ImplItem::Fn(function) = item
            && is_public(&function.vis)
        {
            lines.push(format!("{name}::{}", signature(function)));
        }
    }
}

/// `get_profile() -> GetProfile`: what a caller gets.
fn signature(function: &ImplItemFn) -> String {
    let output = match &function.sig.output {
        ReturnType::Default => String::new(),
        ReturnType::Type(_, ty) => format!(" -> {}", plain(ty)),
    };
    format!("{}(){output}", function.sig.ident)
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
