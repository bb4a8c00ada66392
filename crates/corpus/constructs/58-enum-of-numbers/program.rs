//! Enums of numbers and of flags: any number may come.

use crate::support::{json, lossless, once};
use letterhead::c58_enum_of_numbers::Client;

#[test]
fn an_unlisted_number_is_a_number() {
    let pet = "{\"is_old\":false,\"legs\":3,\"size\":0.75}";
    let (reply, got) =
        once(&json(pet), Client::at, async |client| client.get_pet().legs(4).send().await);
    assert_eq!(got.line, "GET /pet?legs=4");
    let reply = reply.unwrap().into_inner();
    assert_eq!((reply.legs, reply.size, reply.is_old), (Some(3), Some(0.75), Some(false)));
    lossless(&reply, pet);
}
