//! The operations of the documents, in the README and in the tests.

#[path = "documents/table.rs"]
mod table;

use std::fs;
use std::path::Path;

use letterhead_document::{Document, Node};
use letterhead_spec::VENDORS;
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// An operation as the document has it, and how it is called.
struct Operation {
    id: String,
    /// The page that it was written from, as a link.
    page: String,
    /// Pages that say more about it.
    further_pages: Vec<String>,
    /// Method and path.
    endpoint: String,
    has_body: bool,
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
        for (path, method, operation) in document.operations() {
            let id = operation.get("operationId").and_then(Node::as_str).unwrap();
            let further = operation.get("x-further-pages").into_iter();
            operations.push(Operation {
                page: link(operation.get("externalDocs").unwrap()),
                further_pages: further.flat_map(Node::items).map(link).collect(),
                endpoint: format!("{} {path}", method.to_uppercase()),
                has_body: operation.get("requestBody").is_some(),
                client: vendor.client,
                module: vendor.module,
                method: method_of(id),
                id: id.to_owned(),
            });
        }
    }
    operations
}

/// A link to the page, with its title.
fn link(page: &Node) -> String {
    let text = |name: &str| page.get(name).and_then(Node::as_str).unwrap();
    let title = text("description").trim_end_matches('.');
    format!("[{title}]({})", text("url"))
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

/// One row of the README's table.
#[derive(Debug, PartialEq)]
struct Row<'a> {
    page: &'a str,
    endpoint: &'a str,
    rust: &'a str,
}

fn rows(readme: &str) -> Vec<Row<'_>> {
    let (_, table) = readme
        .split_once("## From the vendors' pages to Rust")
        .unwrap();
    let mut rows: Vec<Row<'_>> = Vec::new();
    for line in table.lines() {
        let cells: Vec<&str> = line.trim_matches(['|', ' ']).split(" | `").collect();
        let [page, endpoint, rust] = cells[..] else {
            continue;
        };
        let page = match rows.last() {
            Some(above) if page == "same page" => above.page,
            _ => page,
        };
        let (endpoint, rust) = (endpoint.trim_end_matches('`'), rust.trim_end_matches('`'));
        rows.push(Row {
            page,
            endpoint,
            rust,
        });
    }
    rows
}

impl Operation {
    fn is_told_by(&self, row: &Row<'_>) -> bool {
        let pages = [&self.page].into_iter().chain(&self.further_pages);
        row.endpoint == self.endpoint
            && pages.into_iter().any(|page| page == row.page)
            && self.is_called(row)
    }

    /// Whether the row's Rust is a call of it with the body that it takes, if it takes one. The row of a
    /// further page may go on with what letterhead has for that page.
    fn is_called(&self, row: &Row<'_>) -> bool {
        let call = format!("{}.{}()", self.client, self.method);
        let Some(rest) = row.rust.strip_prefix(&call) else {
            return false;
        };
        let is_value = |rest: &str| {
            let value = rest
                .strip_prefix(".body(")
                .and_then(|it| it.strip_suffix(')'));
            value.is_some_and(|it| !it.is_empty() && it.chars().all(|c| c.is_ascii_lowercase()))
        };
        match rest {
            "" => !self.has_body,
            ".body_map(…)" => self.has_body,
            ".deleted()" => row.page != self.page && self.id == "listCustomerUsers",
            rest => self.has_body && is_value(rest),
        }
    }
}

#[test]
fn every_operation_has_its_rows_and_there_are_no_others() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let operations = operations();
    let rows = rows(&readme);
    for (number, row) in rows.iter().enumerate() {
        let is_told = operations.iter().any(|it| it.is_told_by(row));
        assert!(is_told, "no document has {row:?}");
        assert!(!rows[..number].contains(row), "twice: {row:?}");
    }
    for operation in &operations {
        for page in [&operation.page]
            .into_iter()
            .chain(&operation.further_pages)
        {
            let is_there = |row: &Row<'_>| row.page == page && operation.is_told_by(row);
            let (id, endpoint) = (&operation.id, &operation.endpoint);
            assert!(
                rows.iter().any(is_there),
                "README has no row for {id}: {page} | {endpoint}"
            );
        }
    }
}

#[test]
fn a_row_with_something_else_in_it_is_found() {
    let operations = operations();
    let operation = |id: &str| operations.iter().find(|it| it.id == id).unwrap();
    let support = operation("updateSupportProfile");
    let (page, endpoint) = (support.page.as_str(), support.endpoint.as_str());
    for (page, endpoint, rust, is_told) in [
        (page, endpoint, ".body(profile)", true),
        (page, endpoint, ".body_map(…)", true),
        (page, endpoint, "", false),
        (page, endpoint, ".body()", false),
        (page, endpoint, ".body(a).body(b)", false),
        (page, endpoint, ".nothing(at_all)", false),
        (page, endpoint, ".deleted()", false),
        (page, "PUT /v1/profiles/hats", ".body(profile)", false),
        (
            &page.replace("Update support profile", "Buy a hat"),
            endpoint,
            ".body(profile)",
            false,
        ),
        (
            &page.replace("microsoft", "hats"),
            endpoint,
            ".body(profile)",
            false,
        ),
    ] {
        let rust = &format!("partner.update_support_profile(){rust}");
        let row = Row {
            page,
            endpoint,
            rust,
        };
        assert_eq!(support.is_told_by(&row), is_told, "{row:?}");
    }
    let users = operation("listCustomerUsers");
    for (page, is_told) in [(&users.further_pages[0], true), (&users.page, false)] {
        let row = Row {
            page,
            endpoint: &users.endpoint,
            rust: "partner.list_customer_users().deleted()",
        };
        assert_eq!(users.is_told_by(&row), is_told, "{row:?}");
    }
}

#[test]
fn links_of_the_readme_lead_somewhere() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let targets = readme.split("](").skip(1).filter_map(|rest| {
        let (target, _) = rest.split_once(')')?;
        (!target.starts_with("http")).then_some(target)
    });
    for target in targets {
        let path = target.split('#').next().unwrap_or_default();
        assert!(root().join(path).exists(), "{target}");
    }
}

/// This finds an operation that was forgotten, and it reads Rust: comments don't count, nor does the
/// operation of another vendor that has the same name. That each is carried out as well, by the service
/// and as its document says, is told by `cargo xtask conformance`, which looks at what the tests send.
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
    /// are called by way of `update`, and told there by what was sent.
    fn is_called_in(&self, path: &str, code: &[String]) -> bool {
        let is_of_vendor = path.contains(self.module);
        let call = [".", &self.method, "(", ")"];
        let is_called = code
            .windows(5)
            .any(|it| it[1..] == call && (is_of_vendor || it[0] == self.client));
        is_called || is_of_vendor && code.contains(&format!("\"{}\"", self.id))
    }
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
