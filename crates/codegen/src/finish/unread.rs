//! What is never read of progenitor's tokens. To parse it would take most of the time.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

/// Empties the module of the types' builders, and takes out what is implemented for types that `is_written` by the
/// library's macros.
pub(super) fn leave_out(tokens: TokenStream, is_written: &dyn Fn(&str) -> bool) -> TokenStream {
    in_modules(tokens, &|name, inner| match name {
        "types" => without_impls(
            in_modules(inner, &|name, inner| match name {
                "builder" => TokenStream::new(),
                _ => inner,
            }),
            is_written,
        ),
        _ => inner,
    })
}

fn in_modules(
    tokens: TokenStream,
    change: &dyn Fn(&str, TokenStream) -> TokenStream,
) -> TokenStream {
    // `mod`, and the name behind it.
    let (mut is_behind, mut name) = (false, None::<Ident>);
    let changed = tokens.into_iter().map(|token| match token {
        TokenTree::Ident(word) => {
            name = is_behind.then(|| word.clone());
            is_behind = word == "mod";
            word.into()
        }
        TokenTree::Group(group) => match name.take() {
            Some(name) => braces(change(&name.to_string(), group.stream())),
            None => group.into(),
        },
        other => {
            (is_behind, name) = (false, None);
            other
        }
    });
    changed.collect()
}

/// Items without what is implemented for some types: from `impl` to the braces, right before which the type stands.
fn without_impls(tokens: TokenStream, is_written: &dyn Fn(&str) -> bool) -> TokenStream {
    let mut kept = Vec::new();
    // Where the `impl` of an item stands, and the word right before the next token.
    let (mut start, mut last) = (None, None::<Ident>);
    for token in tokens {
        match &token {
            TokenTree::Ident(word) if start.is_none() && word == "impl" => start = Some(kept.len()),
            TokenTree::Ident(word) => last = Some(word.clone()),
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let of = last.take().map(|word| word.to_string()).unwrap_or_default();
                if let Some(start) = start.take()
                    && is_written(&of)
                {
                    kept.truncate(start);
                    continue;
                }
            }
            // `Vec<A>` is no `A`.
            _ => last = None,
        }
        kept.push(token);
    }
    kept.into_iter().collect()
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
        let tokens = quote! {
            mod types {
                pub struct A { a: u8 }
                impl A { fn a() { 1 } }
                impl ::std::convert::From<&A> for A { fn from(a: &A) -> Self { a.clone() } }
                impl ::std::convert::From<A> for Vec<A> { fn from(a: A) -> Self { vec![a] } }
                mod builder { struct A { a: u8 } }
            }
            impl Client { fn get_a() { 2 } }
        };
        let expected = quote! {
            mod types {
                pub struct A { a: u8 }
                impl ::std::convert::From<A> for Vec<A> { fn from(a: A) -> Self { vec![a] } }
                mod builder {}
            }
            impl Client { fn get_a() { 2 } }
        };
        let left = leave_out(tokens, &|name| name == "A");
        assert_eq!(left.to_string(), expected.to_string());
    }
}
