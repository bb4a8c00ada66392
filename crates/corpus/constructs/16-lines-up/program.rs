//! A list as a body of lines.

use crate::support::{NOTHING, once};
use letterhead::c16_lines_up::{Client, types};

#[test]
fn each_item_has_a_line() {
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        let pets = ["a\n", "b"].map(|name| types::Pet::builder().name(name));
        client.post_feed().body(pets).send().await
    });
    reply.unwrap();
    assert_eq!(got.header("content-type"), Some("application/x-ndjson"));
    assert_eq!(got.body, "{\"name\":\"a\\n\"}\n{\"name\":\"b\"}\n");
}
