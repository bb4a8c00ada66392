//! What the passes of [`finish`](super) look for in Rust, and what they write alike.

use proc_macro2::{Ident, Span, TokenStream};
use syn::token::{Brace, Bracket, Paren};
use syn::{
    AttrStyle, Attribute, Expr, ExprLit, Field, FieldModifiers, Fields, FieldsNamed,
    GenericArgument, Generics, ItemStruct, Lit, LitStr, MacroDelimiter, Meta, MetaList,
    MetaNameValue, Path, PathArguments, Token, Type, Visibility,
};

/// A name without its case and its separators: the document's spelling and Rust's are the same.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The `T` of `Option<T>`, where `name` is `Option`.
pub(super) fn inner_of<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    (last.ident == name).then(|| first_argument(ty)).flatten()
}

/// The first `T` of a type with parameters.
pub(super) fn first_argument(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }
}

/// Whether a path names the crate's own `name`.
pub(super) fn is_own(ty: &Type, name: &str) -> bool {
    let Type::Path(path) = ty else { return false };
    let mut segments = path.path.segments.iter();
    segments.len() == 2
        && segments.next().is_some_and(|it| it.ident == "crate")
        && segments.next().is_some_and(|it| it.ident == name)
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

/// The text of an item's documentation.
pub(super) fn documentation(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| {
        let Meta::NameValue(meta) = &attribute.meta else {
            return None;
        };
        match &meta.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) if meta.path.is_ident("doc") => {
                Some(text.value())
            }
            _ => None,
        }
    });
    lines.collect::<Vec<String>>().join("\n")
}

/// Gives documentation an attribute for each line: a text of several would be printed as a comment around them, whose
/// lines can't be moved.
pub(super) fn in_lines(attributes: &mut Vec<Attribute>) {
    let docs = document(&documentation(attributes));
    attributes.retain(|attribute| !attribute.path().is_ident("doc"));
    attributes.splice(0..0, docs);
}

/// Documentation with an attribute for each line.
pub(super) fn document(text: &str) -> Vec<Attribute> {
    let lines = text.trim().lines().map(|line| match line.trim_end() {
        "" => String::new(),
        line => format!(" {line}"),
    });
    let attributes = lines.map(|line| {
        let text = Lit::Str(LitStr::new(&line, Span::call_site()));
        attribute(Meta::NameValue(MetaNameValue {
            path: ident("doc").into(),
            eq_token: <Token![=]>::default(),
            value: Expr::Lit(ExprLit { attrs: Vec::new(), lit: text }),
        }))
    });
    attributes.collect()
}

/// `#[name(tokens)]`.
pub(super) fn list_attribute(name: &str, tokens: TokenStream) -> Attribute {
    attribute(Meta::List(MetaList {
        path: ident(name).into(),
        delimiter: MacroDelimiter::Paren(Paren::default()),
        tokens,
    }))
}

fn attribute(meta: Meta) -> Attribute {
    Attribute {
        pound_token: <Token![#]>::default(),
        style: AttrStyle::Outer,
        bracket_token: Bracket::default(),
        meta,
    }
}

/// A public struct of fields that are named.
pub(super) fn structure(
    attrs: Vec<Attribute>,
    ident: &Ident,
    fields: impl Iterator<Item = Field>,
) -> ItemStruct {
    ItemStruct {
        attrs,
        vis: Visibility::Public(<Token![pub]>::default()),
        struct_token: <Token![struct]>::default(),
        ident: ident.clone(),
        generics: Generics::default(),
        fields: Fields::Named(FieldsNamed {
            brace_token: Brace::default(),
            named: fields.collect(),
        }),
        semi_token: None,
    }
}

/// A field with a name, and without a visibility.
pub(super) fn field(attrs: Vec<Attribute>, ident: &Ident, ty: Type) -> Field {
    Field {
        attrs,
        vis: Visibility::Inherited,
        modifiers: FieldModifiers::default(),
        ident: Some(ident.clone()),
        colon_token: Some(<Token![:]>::default()),
        ty,
        default: None,
    }
}

pub(super) fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}
