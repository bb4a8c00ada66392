//! The operations of the documents, in the README and in the tests.

use std::fs;
use std::path::Path;

use letterhead_document::{Document, Node};

const DOCUMENTS: [(&str, &str); 3] = [
    ("partner-center", "partner"),
    ("cloudflare", "cloudflare"),
    ("campaign-standard", "campaign"),
];

/// An operation as the document has it, and how it is called.
struct Operation {
    id: String,
    page: String,
    /// Method and path.
    endpoint: String,
    client: &'static str,
    /// `list_customers()` for `listCustomers`.
    call: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn operations() -> Vec<Operation> {
    let mut operations = Vec::new();
    for (name, client) in DOCUMENTS {
        let text = fs::read_to_string(root().join(format!("spec/{name}.yaml"))).unwrap();
        let document = Document::parse(name, &text).unwrap();
        for (path, method, operation) in document.operations() {
            let id = operation.get("operationId").and_then(Node::as_str).unwrap();
            let docs = operation.get("externalDocs");
            let url = docs.and_then(|docs| docs.get("url")).and_then(Node::as_str);
            operations.push(Operation {
                page: url.unwrap().to_owned(),
                endpoint: format!("{} {path}", method.to_uppercase()),
                client,
                call: call_of(id),
                id: id.to_owned(),
            });
        }
    }
    operations
}

fn call_of(id: &str) -> String {
    let mut call = String::new();
    for c in id.chars() {
        if c.is_uppercase() {
            call.push('_');
        }
        call.extend(c.to_lowercase());
    }
    call + "()"
}

#[test]
fn every_operation_has_its_row() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let (_, table) = readme
        .split_once("## From the vendors' pages to Rust")
        .unwrap();
    let mut page = "";
    let mut rows: Vec<(&str, &str, &str)> = Vec::new();
    for line in table
        .lines()
        .filter(|line| line.matches(" | `").count() == 2)
    {
        let cells: Vec<&str> = line.trim_matches(['|', ' ']).split(" | ").collect();
        // A row without a page is of the one above it.
        page = cells[0].split(['(', ')']).nth(1).unwrap_or(page);
        rows.push((page, cells[1], cells[2]));
    }
    let operations = operations();
    for operation in &operations {
        let endpoint = format!("`{}`", operation.endpoint);
        let call = format!("`{}.{}", operation.client, operation.call);
        let found = rows.iter().any(|(page, row, rust)| {
            *page == operation.page && *row == endpoint && rust.starts_with(&call)
        });
        let page = &operation.page;
        assert!(found, "README has no row: {page} | {endpoint} | {call}");
    }
    assert_eq!(
        rows.len(),
        operations.len(),
        "README has a row that no document has"
    );
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

/// That an operation is carried out as well, and as its document says, is told by `cargo xtask
/// conformance`, which looks at what the tests send.
#[test]
fn every_operation_is_called_by_a_test() {
    let mut tests = String::new();
    read(&root().join("tests"), &mut tests);
    let mut uncalled = operations();
    // Some are called by way of `update`, and told by what was sent.
    uncalled.retain(|operation| {
        !tests.contains(&format!(".{}", operation.call))
            && !tests.contains(&format!("\"{}\"", operation.id))
    });
    let uncalled: Vec<_> = uncalled.into_iter().map(|operation| operation.id).collect();
    assert!(uncalled.is_empty(), "no test calls {uncalled:?}");
}

fn read(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, text);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}
