//! The operations of the documents in the tests, and the book.

mod book;
mod headers;
mod table;

use std::fs;
use std::path::Path;

use letterhead_document::Document;
use letterhead_spec::VENDORS;
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// An operation as the document has it, and how it is called.
struct Operation {
    id: String,
    /// The calls that a user should take instead.
    conveniences: Vec<String>,
    client: &'static str,
    module: &'static str,
    /// `list_customers` for `listCustomers`.
    method: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn operations() -> Vec<Operation> {
    let mut operations = Vec::new();
    for vendor in VENDORS {
        let document = Document::parse(vendor.file, vendor.document()).unwrap();
        for operation in document.operations() {
            let id = operation.id().unwrap();
            let further = operation.node.list("x-further-pages").iter();
            let places = [operation.node].into_iter().chain(further);
            let conveniences = places.filter_map(|place| place.text("x-convenience"));
            operations.push(Operation {
                conveniences: conveniences.map(str::to_owned).collect(),
                client: vendor.client,
                module: vendor.module,
                method: method_of(id),
                id: id.to_owned(),
            });
        }
    }
    operations
}

fn method_of(id: &str) -> String {
    let mut method = String::new();
    for c in id.chars() {
        if c.is_uppercase() {
            method.push('_');
        }
        method.extend(c.to_lowercase());
    }
    method
}

/// This finds an operation that was forgotten, and it reads Rust: comments don't count, nor does the
/// operation of another vendor that has the same name. That each is carried out as well, by the service
/// and as its document says, is checked by `cargo xtask conformance`, which looks at what the tests send.
#[test]
fn every_operation_is_called_by_a_test() {
    let mut uncalled = operations();
    visit(&root().join("tests"), &mut |path, code| {
        uncalled.retain(|operation| !operation.is_called_in(path, code));
    });
    let uncalled: Vec<_> = uncalled.into_iter().map(|operation| operation.id).collect();
    assert!(uncalled.is_empty(), "no test calls {uncalled:?}");
}

impl Operation {
    /// Whether code calls it: by a client of its vendor's name, or in a file or folder of that name. Some
    /// are called by way of `update`, and known there by what was sent.
    fn is_called_in(&self, path: &str, code: &[String]) -> bool {
        let is_of_vendor = path.contains(self.module);
        let call = [".", &self.method, "(", ")"];
        let is_called = code
            .windows(5)
            .any(|it| it[1..] == call && (is_of_vendor || it[0] == self.client));
        is_called || is_of_vendor && code.contains(&format!("\"{}\"", self.id))
    }
}

/// A convenience that was renamed would lead the readers of the documents nowhere.
#[test]
fn every_convenience_is_called_by_a_test() {
    let operations = operations();
    let named = operations.iter().flat_map(|operation| {
        let conveniences = operation.conveniences.iter();
        conveniences.map(move |convenience| (operation.client, methods(convenience)))
    });
    let mut uncalled: Vec<_> = named.collect();
    assert!(uncalled.len() > 5, "{uncalled:?}");
    visit(&root().join("tests"), &mut |_, code| {
        uncalled.retain(|(client, methods)| {
            let is_start = |it: &[String]| it[0] == *client && it[2] == methods[0];
            let is_started = code.windows(3).any(is_start);
            let is_called =
                |method: &&str| code.windows(2).any(|it| it[0] == "." && it[1] == *method);
            !(is_started && methods.iter().all(|method| is_called(&method.as_str())))
        });
    });
    assert!(uncalled.is_empty(), "no test calls {uncalled:?}");
}

/// `a` and `b` of `a(…).b(…)`.
fn methods(call: &str) -> Vec<String> {
    let parts = call
        .split("(…)")
        .flat_map(|it| it.split("()"))
        .flat_map(|it| it.split("(…, …)"));
    let names = parts
        .map(|it| it.trim_matches('.'))
        .filter(|it| !it.is_empty());
    names.map(str::to_owned).collect()
}

/// The tokens of some code, which comments aren't.
fn tokens(code: TokenStream) -> Vec<String> {
    let tokens = code.into_iter().flat_map(|tree| match tree {
        TokenTree::Group(group) => {
            let (open, close) = match group.delimiter() {
                Delimiter::Parenthesis => ("(", ")"),
                Delimiter::Brace => ("{", "}"),
                Delimiter::Bracket => ("[", "]"),
                Delimiter::None => ("", ""),
            };
            let inner = tokens(group.stream());
            [vec![open.to_owned()], inner, vec![close.to_owned()]].concat()
        }
        other => vec![other.to_string()],
    });
    tokens.collect()
}

#[test]
fn neither_a_comment_nor_another_vendor_is_a_call() {
    let operations = operations();
    let mut named = operations
        .iter()
        .filter(|it| it.id == "getOrganizationProfile");
    let partner = named.next().unwrap();
    let cloudflare = named.next().unwrap();
    for (path, code, of_partner, of_cloudflare) in [
        (
            "tests/a.rs",
            "partner.get_organization_profile().send()",
            true,
            false,
        ),
        (
            "tests/a.rs",
            "f(world.cloudflare.get_organization_profile())",
            false,
            true,
        ),
        (
            "tests/a.rs",
            "client.get_organization_profile()",
            false,
            false,
        ),
        (
            "tests/cloudflare/a.rs",
            "client.get_organization_profile()",
            false,
            true,
        ),
        (
            "tests/partner_center.rs",
            "// client.get_organization_profile()",
            false,
            false,
        ),
        (
            "tests/partner_center.rs",
            "/* \"getOrganizationProfile\" */",
            false,
            false,
        ),
        (
            "tests/partner_center.rs",
            "\"partner.get_organization_profile()\"",
            false,
            false,
        ),
        (
            "tests/partner_center.rs",
            "[\"getOrganizationProfile\"]",
            true,
            false,
        ),
        ("tests/a.rs", "[\"getOrganizationProfile\"]", false, false),
    ] {
        let tokens = tokens(code.parse().unwrap());
        let found = [partner, cloudflare].map(|it| it.is_called_in(path, &tokens));
        assert_eq!(found, [of_partner, of_cloudflare], "{path}: {code}");
    }
}

/// Shows the tokens of every file in a folder, with its path below the root.
fn visit(folder: &Path, show: &mut impl FnMut(&str, &[String])) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            visit(&path, show);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let code = fs::read_to_string(&path).unwrap();
            let below = path.strip_prefix(root()).unwrap();
            show(&below.to_string_lossy(), &tokens(code.parse().unwrap()));
        }
    }
}
