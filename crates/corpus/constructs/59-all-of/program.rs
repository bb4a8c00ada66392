//! Objects that are put together, in a chain.

use crate::support::{json, lossless, once};
use letterhead::c59_all_of::Client;

#[test]
fn one_object_has_the_members_of_all() {
    let cat = "{\"id\":\"1\",\"lives\":9,\"name\":\"a\",\"more\":[1.0]}";
    let (reply, _) = once(&json(cat), Client::at, async |client| client.get_pet().send().await);
    let reply = reply.unwrap().into_inner();
    assert_eq!(
        (reply.id.as_deref(), reply.name.as_deref(), reply.lives),
        (Some("1"), Some("a"), Some(9))
    );
    lossless(&reply, cat);
}
