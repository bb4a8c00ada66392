//! Objects that an enum of one value distinguishes, without a discriminator.

use crate::support::{json, lossless, once};
use letterhead::c63_one_of_by_enum::Client;
use letterhead::c63_one_of_by_enum::types::Animal;

#[test]
fn the_enum_chooses() {
    let animals = "[{\"kind\":\"puppy\"},{\"kind\":\"cat\",\"a\":1},{\"kind\":\"cow\"}]";
    let (reply, _) =
        once(&json(animals), Client::at, async |client| client.get_animals().send().await);
    let reply = reply.unwrap().into_inner();
    lossless(&reply, animals);
    assert!(matches!(reply.as_slice(), [Animal::Dog(_), Animal::Cat(_), Animal::Unlisted(_)]));
}
