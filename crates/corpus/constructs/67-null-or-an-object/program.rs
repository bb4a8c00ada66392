//! An object that may be null, in the ways that documents say it.

use crate::support::{json, lossless, once};
use letterhead::c67_null_or_an_object::Client;

#[test]
fn null_is_none_and_stays_null() {
    let nulls = "{\"first\":null,\"second\":null,\"third\":null}";
    let homes = "{\"first\":{\"zip\":\"1\"},\"second\":{\"zip\":\"1\"},\"third\":{\"zip\":\"1\"}}";
    for (pet, zip) in [(nulls, None), (homes, Some("1"))] {
        let (reply, _) = once(&json(pet), Client::at, async |client| client.get_pet().send().await);
        let reply = reply.unwrap().into_inner();
        lossless(&reply, pet);
        let homes = [reply.first.and_then(|it| it.zip), reply.second.and_then(|it| it.zip)];
        for found in homes.into_iter().chain([reply.third.and_then(|it| it.zip)]) {
            assert_eq!(found.as_deref(), zip);
        }
    }
}
