//! A schema that says what it isn't.

use crate::support::{json, lossless, once};
use letterhead::c80_not::Client;

#[test]
fn it_is_json() {
    for pet in ["{\"a\":[1.0]}", "{\"a\":\"text\"}", "{\"a\":null}", "{}"] {
        let (reply, _) = once(&json(pet), Client::at, async |client| client.get_pet().send().await);
        lossless(&reply.unwrap().into_inner(), pet);
    }
}
