//! Prints the generated code, in macros as well: what the library's macros take are items.

use std::fmt::Write as _;

use proc_macro2::TokenStream;
use syn::{Item, parse_quote};

/// The text of `file`.
pub(crate) fn print(file: &syn::File) -> String {
    let mut text = String::new();
    items(&file.items, "", &mut text);
    text
}

fn items(items: &[Item], indent: &str, text: &mut String) {
    for found in items {
        let (outer, inner) = parts(found.clone());
        let outer = prettyplease::unparse(&parse_quote!(#outer));
        let Some(inner) = inner else {
            lines(&outer, indent, text);
            continue;
        };
        lines(outer.trim_end().trim_end_matches('}'), indent, text);
        self::items(&inner, &format!("{indent}    "), text);
        let _ = writeln!(text, "{indent}}}");
    }
}

/// An item without the items in its braces, and these.
fn parts(mut item: Item) -> (Item, Option<Vec<Item>>) {
    let inner = match &mut item {
        Item::Mod(module) => module.content.as_mut().map(|(_, inner)| std::mem::take(inner)),
        Item::Macro(found) => {
            syn::parse2::<syn::File>(found.mac.tokens.clone()).ok().map(|inner| {
                found.mac.tokens = TokenStream::new();
                inner.items
            })
        }
        _ => None,
    };
    (item, inner)
}

/// No literal of the generated code has more than one line, so each may be moved.
fn lines(found: &str, indent: &str, text: &mut String) {
    for line in found.lines().map(str::trim_end) {
        let indent = if line.is_empty() { "" } else { indent };
        let _ = writeln!(text, "{indent}{line}");
    }
}
