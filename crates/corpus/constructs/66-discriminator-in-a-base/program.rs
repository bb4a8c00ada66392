//! An object that others are made of, and by whose member they are known.

use crate::support::{json, lossless, once};
use letterhead::c66_discriminator_in_a_base::Client;

#[test]
fn the_base_keeps_what_others_add() {
    let cat = "{\"kind\":\"Cat\",\"lives\":9}";
    let (reply, _) = once(&json(cat), Client::at, async |client| client.get_pet().send().await);
    let pet = reply.unwrap().into_inner();
    assert_eq!(pet.kind.as_deref(), Some("Cat"));
    assert_eq!(pet.extra.get_raw("lives"), Some("9"));
    lossless(&pet, cat);
    let (reply, _) = once(&json(cat), Client::at, async |client| client.get_cat().send().await);
    assert_eq!(reply.unwrap().lives, Some(9));
}
