//! Ids that are words of Rust, of the client, or of the generated code.

use crate::support::{NOTHING, once};
use letterhead::c51_id_reserved::Client;

#[test]
fn each_has_a_name() {
    let (reply, got) = once(NOTHING, Client::at, async |client| client.get_a().send().await);
    reply.unwrap();
    assert_eq!(got.line, "GET /a");
    let (reply, got) = once(NOTHING, Client::at, async |client| client.match_().send().await);
    reply.unwrap();
    assert_eq!(got.line, "GET /b");
    let (reply, got) = once(NOTHING, Client::at, async |client| client.get_c().send().await);
    reply.unwrap();
    assert_eq!(got.line, "GET /c");
    let (reply, got) = once(NOTHING, Client::at, async |client| client.x1st().send().await);
    reply.unwrap();
    assert_eq!(got.line, "GET /d");
}
