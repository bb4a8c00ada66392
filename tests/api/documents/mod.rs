//! The operations of the documents in the tests, and the book.

mod book;
mod table;

use std::fs;
use std::path::Path;

use letterhead_document::Document;
use letterhead_spec::VENDORS;
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// An operation as the document has it.
struct Operation {
    /// The calls that a user should take instead.
    conveniences: Vec<String>,
    client: &'static str,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn operations() -> Vec<Operation> {
    let mut operations = Vec::new();
    for vendor in VENDORS {
        let document = Document::parse(vendor.file, vendor.document()).unwrap();
        for operation in document.operations() {
            let further = operation.node.list("x-further-pages").iter();
            let places = [operation.node].into_iter().chain(further);
            let conveniences = places.filter_map(|place| place.text("x-convenience"));
            operations.push(Operation {
                conveniences: conveniences.map(str::to_owned).collect(),
                client: vendor.client,
            });
        }
    }
    operations
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
    let parts = call.split("(…)").flat_map(|it| it.split("()")).flat_map(|it| it.split("(…, …)"));
    let names = parts.map(|it| it.trim_matches('.')).filter(|it| !it.is_empty());
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
