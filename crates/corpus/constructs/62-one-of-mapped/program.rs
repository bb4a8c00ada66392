//! A choice by a mapping, by reference and by name.

use crate::support::{json, lossless, once};
use letterhead::c62_one_of_mapped::Client;
use letterhead::c62_one_of_mapped::types::Animal;

#[test]
fn the_mapping_chooses() {
    for (kind, expected) in [("c", "cat"), ("d", "dog"), ("puppy", "dog"), ("Cat", "unlisted")] {
        let text = format!("{{\"kind\":\"{kind}\"}}");
        let (reply, _) =
            once(&json(&text), Client::at, async |client| client.get_animal().send().await);
        let animal = reply.unwrap().into_inner();
        lossless(&animal, &text);
        let found = match animal {
            Animal::Cat(_) => "cat",
            Animal::Dog(_) => "dog",
            _ => "unlisted",
        };
        assert_eq!(found, expected, "{kind}");
    }
}
