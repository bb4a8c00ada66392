//! Bytes that come as a stream, with their type and a limit.

use crate::support::{once, respond};
use letterhead::c11_bytes_down::Client;

#[test]
fn bytes_come_as_they_are() {
    let picture = respond(200, "content-type: image/png\r\n", "\u{feff}png");
    let (bytes, got) = once(&picture, Client::at, async |client| {
        let reply = client.get_picture().send().await.unwrap();
        assert_eq!(reply.content_type(), Some("image/png"));
        reply.into_inner().bytes().await
    });
    assert_eq!(bytes.unwrap(), "\u{feff}png".as_bytes());
    assert_eq!(got.header("accept"), Some("image/png"));
}

#[test]
fn there_is_a_limit() {
    let (bytes, _) = once(&respond(200, "", "png"), Client::at, async |client| {
        client.get_picture().send().await.unwrap().into_inner().limit(2).bytes().await
    });
    let error = bytes.unwrap_err();
    assert!(error.to_string().contains("more than 2 bytes"), "{error}");
}
