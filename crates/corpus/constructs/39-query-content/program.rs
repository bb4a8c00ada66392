//! JSON and text in a query.

use crate::support::{NOTHING, once};
use letterhead::c39_query_content::{Client, types};

#[test]
fn json_and_text_are_one_value_each() {
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        client.get_pets().by(types::GetPetsBy::builder().n(1.5)).note("a b").send().await
    });
    reply.unwrap();
    assert_eq!(got.line, "GET /pets?by=%7B%22n%22%3A1.5%7D&note=a%20b");
}
