//! A value whose reserved characters stay as they are.

use crate::support::{NOTHING, once};
use letterhead::c41_query_reserved::Client;

#[test]
fn only_what_would_end_the_value_is_encoded() {
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        let link = "http://a/b?c=d&e#f+g";
        client.get_pets().link(link).other("a/b").send().await
    });
    reply.unwrap();
    assert_eq!(got.line, "GET /pets?link=http://a/b?c=d%26e%23f%2Bg&other=a%2Fb");
}
