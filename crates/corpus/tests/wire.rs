//! What a generated client sends and decodes: a program of its own, compiled once for all constructs.

use letterhead_corpus::Copy;
use letterhead_document::Document;

#[test]
#[ignore = "it compiles the library once more: `cargo xtask ci generator`"]
fn every_construct_is_sent_and_decoded() {
    let code = |name: &str, text: &str| {
        let document = Document::parse(name, text).unwrap();
        letterhead_codegen::generate(&document).unwrap()
    };
    let constructs = code("constructs.yaml", include_str!("wire/constructs.yaml"));
    let lists = code("lists.yaml", include_str!("wire/lists.yaml"));
    let security = code("security.yaml", include_str!("wire/security.yaml"));
    let vendors = [("constructs", constructs.as_str()), ("lists", &lists), ("security", &security)];
    let copy = Copy::new(vendors).unwrap();
    let copy = copy.with("tests/wire.rs", include_str!("wire/program.rs.txt")).unwrap();
    let copy = copy.with("tests/lists.rs", include_str!("wire/lists.rs.txt")).unwrap();
    let copy = copy.with("tests/security.rs", include_str!("wire/security.rs.txt")).unwrap();
    let arguments = ["--test", "wire", "--test", "lists", "--test", "security"];
    let tests = copy.cargo(&[&["test", "--features", "metrics"], &arguments[..]].concat()).unwrap();
    let said = [tests.stdout, tests.stderr].map(|said| String::from_utf8_lossy(&said).into_owned());
    assert!(tests.status.success(), "{}", said.concat());
    for passed in ["18 passed", "10 passed", "8 passed"] {
        assert!(said[0].contains(passed), "{}", said[0]);
    }
}
