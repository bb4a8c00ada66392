//! What is never read of progenitor's tokens, and takes long to parse.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// Takes out what is implemented for types that `is_written` by the library's macros.
pub(super) fn leave_out(tokens: TokenStream, is_written: &dyn Fn(&str) -> bool) -> TokenStream {
    // `mod`, and the name behind it.
    let (mut is_behind, mut is_types) = (false, false);
    let changed = tokens.into_iter().map(|token| match token {
        TokenTree::Group(group) if is_types => {
            is_types = false;
            let types = without_impls(group.stream(), is_written);
            Group::new(Delimiter::Brace, types).into()
        }
        token => {
            let word = match &token {
                TokenTree::Ident(word) => Some(word),
                _ => None,
            };
            is_types = is_behind && word.is_some_and(|word| word == "types");
            is_behind = word.is_some_and(|word| word == "mod");
            token
        }
    });
    changed.collect()
}

/// Items without what is implemented for some types: from `impl` to the braces, right before which the type stands.
fn without_impls(tokens: TokenStream, is_written: &dyn Fn(&str) -> bool) -> TokenStream {
    let mut kept: Vec<TokenTree> = Vec::new();
    // Where the `impl` of an item stands.
    let mut start = None;
    for token in tokens {
        match &token {
            TokenTree::Ident(word) if start.is_none() && word == "impl" => start = Some(kept.len()),
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                // `impl A` or `for A`: the `A` of `a::A` is another one.
                let of = match kept.as_slice() {
                    [.., TokenTree::Ident(_), TokenTree::Ident(of)] => of.to_string(),
                    _ => String::new(),
                };
                if let Some(start) = start.take()
                    && is_written(&of)
                {
                    kept.truncate(start);
                    continue;
                }
            }
            _ => {}
        }
        kept.push(token);
    }
    kept.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::leave_out;

    #[test]
    fn impls_of_what_is_written_are_left_out() {
        let tokens = quote! {
            mod types {
                pub struct A { a: u8 }
                impl A { fn a() { 1 } }
                impl ::std::convert::From<&A> for A { fn from(a: &A) -> Self { a.clone() } }
                impl ::std::convert::From<A> for Vec<A> { fn from(a: A) -> Self { vec![a] } }
                impl ::std::convert::From<A> for ::b::A { fn from(a: A) -> Self { ::b::A(a) } }
            }
            impl Client { fn get_a() { 2 } }
        };
        let expected = quote! {
            mod types {
                pub struct A { a: u8 }
                impl ::std::convert::From<A> for Vec<A> { fn from(a: A) -> Self { vec![a] } }
                impl ::std::convert::From<A> for ::b::A { fn from(a: A) -> Self { ::b::A(a) } }
            }
            impl Client { fn get_a() { 2 } }
        };
        let left = leave_out(tokens, &|name| name == "A");
        assert_eq!(left.to_string(), expected.to_string());
    }
}
