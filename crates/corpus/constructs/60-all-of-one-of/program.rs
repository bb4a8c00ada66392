//! A choice within a sum.

use crate::support::{json, lossless, once};
use letterhead::c60_all_of_one_of::Client;

#[test]
fn one_object_has_the_members_of_all() {
    for pet in ["{\"lives\":9,\"name\":\"a\"}", "{\"name\":\"a\",\"tricks\":2}"] {
        let (reply, _) = once(&json(pet), Client::at, async |client| client.get_pet().send().await);
        let reply = reply.unwrap().into_inner();
        assert_eq!(reply.name.as_deref(), Some("a"));
        lossless(&reply, pet);
    }
}
