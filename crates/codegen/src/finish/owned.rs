//! Builders of calls own a handle of their client, so that a call or a stream may outlive the variable that
//! it was made with.
//!
//! progenitor's builders borrow it: `pub struct ListPets<'a> { client: &'a super::Client, .. }`.

use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Field, FieldValue, FnArg, Generics, ImplItem, ItemImpl, ItemStruct, Lifetime, PathArguments,
    parse_quote,
};

use crate::Refusal;

/// Rewrites the struct of a builder, which keeps the client.
pub(super) fn finish_struct(item: &mut ItemStruct) -> Result<(), Refusal> {
    let mut owned = Owned::default();
    owned.visit_item_struct_mut(item);
    owned.check(1, &item.ident.to_string())
}

/// Rewrites the methods of a builder, of which `new` takes the client and puts it into the struct.
pub(super) fn finish_methods(item: &mut ItemImpl, operation: &str) -> Result<(), Refusal> {
    let mut owned = Owned::default();
    owned.visit_item_impl_mut(item);
    owned.check(2, operation)
}

/// Rewrites the methods of the client, which return builders.
pub(super) fn finish_operations(item: &mut ItemImpl) -> Result<(), Refusal> {
    for item in &mut item.items {
        if let ImplItem::Fn(function) = item {
            let mut owned = Owned::default();
            owned.visit_impl_item_fn_mut(function);
            owned.check(0, &function.sig.ident.to_string())?;
        }
    }
    Ok(())
}

/// What a builder's client looks like, as a field and as an argument.
const BORROWED: &str = "client : & 'a super :: Client";

#[derive(Default)]
struct Owned {
    /// How many places had the client.
    places: usize,
    /// Whether something else is borrowed.
    borrows: bool,
}

impl Owned {
    fn check(&self, places: usize, operation: &str) -> Result<(), Refusal> {
        let reason = if self.borrows {
            "its builder borrows more than the client"
        } else if self.places != places {
            "its builder keeps the client in a way that the layer doesn't know"
        } else {
            return Ok(());
        };
        Err(Refusal::of_operation(operation, reason))
    }
}

impl VisitMut for Owned {
    fn visit_field_mut(&mut self, field: &mut Field) {
        if text(field) == BORROWED {
            field.ty = parse_quote!(super::Client);
            self.places += 1;
        }
        visit_mut::visit_field_mut(self, field);
    }

    fn visit_fn_arg_mut(&mut self, argument: &mut FnArg) {
        if text(argument) == BORROWED {
            *argument = parse_quote!(client: &super::Client);
            self.places += 1;
        }
        visit_mut::visit_fn_arg_mut(self, argument);
    }

    fn visit_field_value_mut(&mut self, field: &mut FieldValue) {
        if text(field) == "client : client" {
            field.expr = parse_quote!(client.clone());
            self.places += 1;
        }
        visit_mut::visit_field_value_mut(self, field);
    }

    fn visit_generics_mut(&mut self, generics: &mut Generics) {
        if text(generics) == "< 'a >" {
            *generics = Generics::default();
        }
        visit_mut::visit_generics_mut(self, generics);
    }

    fn visit_path_arguments_mut(&mut self, arguments: &mut PathArguments) {
        if ["< 'a >", "< '_ >"].contains(&text(arguments).as_str()) {
            *arguments = PathArguments::None;
        }
        visit_mut::visit_path_arguments_mut(self, arguments);
    }

    fn visit_lifetime_mut(&mut self, _: &mut Lifetime) {
        self.borrows = true;
    }
}

fn text(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_that_is_kept_in_another_way_is_refused() {
        let kept =
            |mut item: ItemStruct| finish_struct(&mut item).map_err(|refusal| refusal.reason);
        assert_eq!(
            kept(parse_quote!(
                struct A<'a> {
                    client: &'a super::Client,
                }
            )),
            Ok(())
        );
        let otherwise = "its builder keeps the client in a way that the layer doesn't know";
        assert_eq!(
            kept(parse_quote!(
                struct A {
                    client: Arc<super::Client>,
                }
            )),
            Err(otherwise.to_owned())
        );
        let borrows = "its builder borrows more than the client";
        assert_eq!(
            kept(parse_quote!(
                struct A<'a> {
                    client: &'a super::Client,
                    name: &'a str,
                }
            )),
            Err(borrows.to_owned())
        );

        let mut methods: ItemImpl = parse_quote!(
            impl<'a> A<'a> {
                pub fn new(client: &'a super::Client) -> Self {
                    Self::with(client)
                }
            }
        );
        let refusal = finish_methods(&mut methods, "a").unwrap_err();
        assert_eq!(refusal.reason, otherwise);
    }
}
