//! JSON of a vendor's type that need not be there.

use crate::support::{NOTHING, once};
use letterhead::c20_body_optional::{Client, types};

#[test]
fn json_has_the_documents_type() {
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        client.add_pet().body(types::Pet::builder().name("a")).send().await
    });
    reply.unwrap();
    assert_eq!(got.header("content-type"), Some("application/vnd.api+json"));
    assert_eq!(got.body, "{\"name\":\"a\"}");
}

#[test]
fn it_may_be_left_out() {
    let (reply, got) = once(NOTHING, Client::at, async |client| client.add_pet().send().await);
    reply.unwrap();
    assert_eq!((got.header("content-type"), got.body.as_str()), (None, ""));
}
