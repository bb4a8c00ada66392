//! JSON that the document calls bytes.

use crate::support::{json, once};
use letterhead::Upload;
use letterhead::c18_json_as_bytes::Client;

#[test]
fn it_goes_both_ways_as_it_is() {
    let (bytes, got) = once(&json("[ 1 ]"), Client::at, async |client| {
        let reply = client.put_archive().body(Upload::from("{ }")).keep_body().send().await;
        let reply = reply.unwrap();
        assert_eq!(reply.body(), None);
        reply.into_inner().bytes().await
    });
    assert_eq!(bytes.unwrap(), "[ 1 ]");
    assert_eq!(got.header("content-type"), Some("application/json"));
    assert_eq!(got.body, "{ }");
}
