//! Every operation of the documents is called by a test.
//!
//! That it is carried out as well, and as its document says, is told by `cargo xtask conformance`, which
//! looks at what the tests send.

use std::fs;
use std::path::Path;

use letterhead_document::{Document, METHODS};

#[test]
fn every_operation_is_called() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut tests = String::new();
    read(&root.join("tests"), &mut tests);
    let mut uncalled = Vec::new();
    for name in ["partner-center", "cloudflare", "campaign-standard"] {
        let text = fs::read_to_string(root.join(format!("spec/{name}.yaml"))).unwrap();
        let document = Document::parse(name, &text).unwrap().to_json();
        for item in document["paths"].as_object().unwrap().values() {
            for id in METHODS.map(|method| item[method]["operationId"].as_str()) {
                let Some(id) = id else { continue };
                // Some are called by way of `update`, and told by what was sent.
                let names = [call_of(id), format!("\"{id}\"")];
                if !names.iter().any(|name| tests.contains(name)) {
                    uncalled.push(id.to_owned());
                }
            }
        }
    }
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

/// `listCustomers` is called by `.list_customers()`.
fn call_of(id: &str) -> String {
    let mut call = String::from(".");
    for c in id.chars() {
        if c.is_uppercase() {
            call.push('_');
        }
        call.extend(c.to_lowercase());
    }
    call + "()"
}
