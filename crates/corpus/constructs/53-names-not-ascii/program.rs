//! Names that aren't in ASCII.

use crate::support::{json, lossless, once};
use letterhead::c53_names_not_ascii::{Client, types};

const SIZE: &str = "{\"prénom\":\"é\",\"✓\":\"y\"}";

#[test]
fn names_stay_where_rust_has_them() {
    let (reply, got) =
        once(&json(SIZE), Client::at, async |client| client.größe().名("x").send().await);
    assert_eq!(got.line, "GET /gr%C3%B6%C3%9Fen?%E5%90%8D=x");
    let size: types::Größe = reply.unwrap().into_inner();
    assert_eq!(size.prénom.as_deref(), Some("é"));
    lossless(&size, SIZE);
}
