//! What is never read of progenitor's tokens. To parse it would take most of the time.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// Empties the module of the types' builders.
pub(super) fn leave_out(tokens: TokenStream) -> TokenStream {
    in_modules(tokens, &|name, inner| match name {
        "types" => in_modules(inner, &|name, inner| match name {
            "builder" => TokenStream::new(),
            _ => inner,
        }),
        _ => inner,
    })
}

fn in_modules(
    tokens: TokenStream,
    change: &dyn Fn(&str, TokenStream) -> TokenStream,
) -> TokenStream {
    let mut last = [String::new(), String::new()];
    let changed = tokens.into_iter().map(|token| {
        let token = match token {
            TokenTree::Group(group) if last[0] == "mod" => braces(change(&last[1], group.stream())),
            other => other,
        };
        let word = match &token {
            TokenTree::Ident(word) => word.to_string(),
            _ => String::new(),
        };
        last.rotate_left(1);
        last[1] = word;
        token
    });
    changed.collect()
}

fn braces(tokens: TokenStream) -> TokenTree {
    Group::new(Delimiter::Brace, tokens).into()
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::leave_out;

    #[test]
    fn types_are_left() {
        let left = leave_out(quote! {
            mod types {
                impl A { fn a() { 1 } }
                mod builder { struct A { a: u8 } }
            }
            impl Client { fn get_a() { 2 } }
        });
        let expected = quote! {
            mod types {
                impl A { fn a() { 1 } }
                mod builder {}
            }
            impl Client { fn get_a() { 2 } }
        };
        assert_eq!(left.to_string(), expected.to_string());
    }
}
