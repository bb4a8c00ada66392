//! Documents with one fault each: one diagnostic, at its place, and nothing else.
//!
//! The first line of each document under `faults/` says what is expected: `# expect: CODE LINE:COLUMN`.

use std::fs;
use std::path::{Path, PathBuf};

use letterhead_validator::{Options, check};

fn documents(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .flat_map(|entry| {
            let path = entry.unwrap().path();
            if path.is_dir() {
                documents(&path)
            } else {
                vec![path]
            }
        })
        .collect();
    found.sort();
    found
}

#[test]
fn each_document_has_its_one_diagnostic() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults");
    let mut wrong = Vec::new();
    let documents = documents(&folder);
    assert!(!documents.is_empty());
    for path in documents {
        let bytes = fs::read(&path).unwrap();
        let name = path.strip_prefix(&folder).unwrap().display().to_string();
        let text = String::from_utf8_lossy(&bytes);
        let expected = text
            .lines()
            .next()
            .and_then(|line| line.split_once("# expect: "));
        let expected = expected
            .expect("the first line says what is expected")
            .1
            .trim();
        let options = Options {
            is_own: name.starts_with("layer"),
            ..Options::default()
        };
        let report = check(&name, bytes.as_slice(), options);
        let found: Vec<String> = report
            .diagnostics
            .iter()
            .map(|diagnostic| {
                let place = report.document.place(diagnostic.span.start);
                format!("{} {}:{}", diagnostic.code, place.line, place.column)
            })
            .collect();
        if found != [expected] {
            let said: Vec<&str> = report
                .diagnostics
                .iter()
                .map(|d| d.message.as_str())
                .collect();
            wrong.push(format!(
                "{name}: expected {expected}, found {found:?} {said:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
