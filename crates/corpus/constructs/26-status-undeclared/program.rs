//! No success is declared: whatever comes is bytes.

use crate::support::{once, respond};
use letterhead::c26_status_undeclared::Client;

#[test]
fn whatever_comes_is_there_to_be_read() {
    let response = respond(200, "content-type: a/b\r\n", "x");
    let (bytes, got) = once(&response, Client::at, async |client| {
        let reply = client.get_pet().send().await.unwrap();
        assert_eq!(reply.content_type(), Some("a/b"));
        reply.into_inner().bytes().await
    });
    assert_eq!(bytes.unwrap(), "x");
    assert_eq!(got.header("accept"), Some("*/*"));
}
