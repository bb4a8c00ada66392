//! The README's table against the documents.

use std::path::Path;

use letterhead_document::{Document, Node};

#[test]
fn every_operation_has_its_row() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let (_, table) = readme
        .split_once("## From the vendors' pages to Rust")
        .unwrap();
    let mut page = "";
    let mut rows: Vec<(&str, &str, &str)> = Vec::new();
    for line in table
        .lines()
        .filter(|line| line.matches(" | `").count() == 2)
    {
        let mut cells = line.trim_matches(['|', ' ']).split(" | ");
        let (source, operation, call) = (
            cells.next().unwrap(),
            cells.next().unwrap(),
            cells.next().unwrap(),
        );
        page = source.split(['(', ')']).nth(1).unwrap_or(page);
        rows.push((page, operation, call));
    }
    let mut count = 0;
    for (name, client) in [
        ("partner-center", "partner"),
        ("cloudflare", "cloudflare"),
        ("campaign-standard", "campaign"),
    ] {
        let text = std::fs::read_to_string(root.join(format!("spec/{name}.yaml"))).unwrap();
        let document = Document::parse(name, &text).unwrap();
        for (path, method, operation) in document.operations() {
            let id = operation.get("operationId").and_then(Node::as_str).unwrap();
            let url = operation
                .get("externalDocs")
                .and_then(|docs| docs.get("url"));
            let url = url.and_then(Node::as_str).unwrap();
            let snake: String = id
                .chars()
                .flat_map(|c| {
                    c.is_uppercase()
                        .then_some('_')
                        .into_iter()
                        .chain(c.to_lowercase())
                })
                .collect();
            let call = format!("`{client}.{snake}()");
            let endpoint = format!("`{} {path}`", method.to_uppercase());
            let found = rows.iter().any(|(page, operation, rust)| {
                *page == url && *operation == endpoint && rust.starts_with(&call)
            });
            assert!(found, "README has no row: {url} | {endpoint} | {call}");
            count += 1;
        }
    }
    assert_eq!(rows.len(), count, "README has a row that no document has");
}
