//! Members that only one side sends.

use crate::support::{once, respond};
use letterhead::c71_read_only::{Client, types};

#[test]
fn neither_side_has_to_send_what_is_the_others() {
    let made = respond(201, "", "{\"id\":\"7\",\"name\":\"a\"}");
    let (reply, got) = once(&made, Client::at, async |client| {
        client.add_pet().body(types::Pet::builder().code("c").name("a")).send().await
    });
    assert_eq!(got.body, "{\"code\":\"c\",\"name\":\"a\"}");
    let reply = reply.unwrap();
    assert_eq!((reply.id.as_deref(), reply.code.as_deref()), (Some("7"), None));
}
