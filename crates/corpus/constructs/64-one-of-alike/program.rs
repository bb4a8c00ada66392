//! Objects that nothing distinguishes.

use crate::support::{json, lossless, once};
use letterhead::c64_one_of_alike::Client;

#[test]
fn one_object_has_the_members_of_all() {
    let animal = "{\"name\":\"a\",\"tricks\":2,\"wings\":null}";
    let (reply, _) =
        once(&json(animal), Client::at, async |client| client.get_animal().send().await);
    let reply = reply.unwrap().into_inner();
    assert_eq!((reply.name.as_deref(), reply.lives, reply.tricks), (Some("a"), None, Some(2)));
    lossless(&reply, animal);
}
