//! What a generated client sends and decodes: programs for one construct each, compiled once for all of them.

use letterhead_corpus::constructs;

#[test]
#[ignore = "it compiles the library once more; `cargo xtask conformance` has what is sent judged as well"]
fn every_construct_is_sent_and_decoded() {
    constructs::run(&constructs::all().unwrap(), None).unwrap();
}
