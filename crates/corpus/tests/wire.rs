//! What a generated client sends and decodes: a program of its own, compiled once for all constructs.

use letterhead_corpus::Copy;
use letterhead_document::Document;

#[test]
#[ignore = "it compiles the library once more: `cargo xtask ci generator`"]
fn every_construct_is_sent_and_decoded() {
    let text = include_str!("wire/constructs.yaml");
    let document = Document::parse("constructs.yaml", text).unwrap();
    let code = letterhead_codegen::generate(&document).unwrap();
    let copy = Copy::new([("constructs", code.as_str())]).unwrap();
    let copy = copy.with("tests/wire.rs", include_str!("wire/program.rs.txt")).unwrap();
    let tests = copy.cargo(&["test", "--test", "wire"]).unwrap();
    let said = [tests.stdout, tests.stderr].map(|said| String::from_utf8_lossy(&said).into_owned());
    assert!(tests.status.success(), "{}", said.concat());
    assert!(said[0].contains("15 passed"), "{}", said[0]);
}
