//! How many operations generated code has.

use std::collections::BTreeSet;

use syn::visit::{self, Visit};

use super::tools::Kind;

/// Counts the operations of one file after the other.
pub(super) struct Operations {
    kind: Kind,
    count: usize,
    /// The operations that a method names in its documentation, such as `GET /pets`.
    named: BTreeSet<String>,
}

impl Operations {
    pub(super) fn of(kind: Kind) -> Self {
        Self { kind, count: 0, named: BTreeSet::new() }
    }

    pub(super) fn add(&mut self, file: &syn::File) {
        self.visit_file(file);
    }

    pub(super) fn count(&self) -> usize {
        self.count + self.named.len()
    }

    /// The client's type, whose asynchronous methods are the operations.
    fn client(&self) -> &'static str {
        if self.kind == Kind::OpenapiToRust { "HttpClient" } else { "Client" }
    }
}

impl Visit<'_> for Operations {
    /// letterhead's operations are calls of a macro.
    fn visit_item_macro(&mut self, item: &syn::ItemMacro) {
        let last = item.mac.path.segments.last();
        let is_operation = last.is_some_and(|last| last.ident == "operation");
        self.count += usize::from(self.kind == Kind::Letterhead && is_operation);
        visit::visit_item_macro(self, item);
    }

    fn visit_item_impl(&mut self, item: &syn::ItemImpl) {
        let is_client = match &*item.self_ty {
            syn::Type::Path(path) => {
                let last = path.path.segments.last();
                self.kind != Kind::Letterhead && last.is_some_and(|it| it.ident == self.client())
            }
            _ => false,
        };
        if is_client && item.trait_.is_none() {
            for method in item.items.iter().filter_map(asynchronous) {
                match named(&method.attrs).filter(|_| self.kind == Kind::OpenapiToRust) {
                    // It has a method for each form of an operation's response.
                    Some(operation) => _ = self.named.insert(operation),
                    None => self.count += 1,
                }
            }
        }
        visit::visit_item_impl(self, item);
    }
}

fn asynchronous(item: &syn::ImplItem) -> Option<&syn::ImplItemFn> {
    match item {
        syn::ImplItem::Fn(method)
            if matches!(method.vis, syn::Visibility::Public(_))
                && method.sig.asyncness.is_some() =>
        {
            Some(method)
        }
        _ => None,
    }
}

/// The operation that stands in a method's documentation as `` `GET /pets` ``.
fn named(attributes: &[syn::Attribute]) -> Option<String> {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        syn::Meta::NameValue(doc) if doc.path.is_ident("doc") => match &doc.value {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(line), .. }) => Some(line.value()),
            _ => None,
        },
        _ => None,
    });
    let mut operations = lines.filter_map(|line| {
        let operation = line.trim().strip_prefix('`')?.strip_suffix('`')?;
        let (method, path) = operation.split_once(' ')?;
        let is_method = method.chars().all(|letter| letter.is_ascii_uppercase());
        (is_method && path.starts_with('/')).then(|| operation.to_owned())
    });
    operations.next_back()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(kind: Kind, code: &str) -> usize {
        let mut operations = Operations::of(kind);
        operations.add(&syn::parse_file(code).unwrap());
        operations.count()
    }

    #[test]
    fn an_operation_with_two_methods_counts_once() {
        let code = "
            impl HttpClient {
                pub fn new() -> Self {}
                /// Reads. `GET /no`
                ///
                /// `GET /pets`
                pub async fn pets(&self) {}
                /// `GET /pets`
                /// Select `text/plain` as buffered.
                pub async fn pets_text(&self) {}
                /// `PUT /pets`
                pub async fn put(&self) {}
                async fn own(&self) {}
            }
            impl Other { pub async fn send(self) {} }";
        assert_eq!(count(Kind::OpenapiToRust, code), 2);
    }

    #[test]
    fn each_public_asynchronous_method_of_a_client_counts() {
        let code = "
            impl Client {
                /// GET /pets
                pub async fn pets(&self) {}
                /// GET /pets
                pub async fn cats(&self) {}
                pub fn request(&self) {}
            }
            impl Trait for Client { async fn other(&self) {} }";
        assert_eq!(count(Kind::Ploidy, code), 2);
        assert_eq!(count(Kind::Letterhead, "operation!(a); operation!(b);"), 2);
    }
}
