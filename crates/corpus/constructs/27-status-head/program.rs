//! HEAD: what a GET would bring, without its body.

use crate::support::once;
use letterhead::c27_status_head::Client;

#[test]
fn there_are_headers_alone() {
    let response =
        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 99\r\nx-count: 3\r\n\r\n";
    let (reply, got) = once(response, Client::at, async |client| client.count_pets().send().await);
    assert_eq!(reply.unwrap().headers()["x-count"], "3");
    assert_eq!(got.line, "HEAD /pets");
}
