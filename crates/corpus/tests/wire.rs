//! What a generated client sends and decodes: programs for one construct each, compiled once for all of them.

use letterhead_corpus::constructs;

#[test]
#[ignore = "it compiles the library once more: `cargo xtask ci generator`"]
fn every_construct_is_sent_and_decoded() {
    let constructs = constructs::all().unwrap();
    let copy = constructs::copy(&constructs).unwrap();
    let tests = copy.cargo(&["test", "--features", "metrics", "--test", "constructs"]).unwrap();
    let said = [tests.stdout, tests.stderr].map(|said| String::from_utf8_lossy(&said).into_owned());
    assert!(tests.status.success(), "{}", said.concat());
    // A program whose tests are never run would say nothing.
    let all: usize = constructs.iter().map(|it| it.program.matches("#[test]").count()).sum();
    assert!(said[0].contains(&format!("{all} passed")), "{}", said[0]);
}
