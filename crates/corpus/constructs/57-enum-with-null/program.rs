//! An enum with null among its values.

use crate::support::{json, lossless, once};
use letterhead::c57_enum_with_null::{Client, types};

#[test]
fn null_is_none_and_stays_null() {
    for (pet, state) in
        [("{\"state\":null}", None), ("{\"state\":\"a\"}", Some(types::PetState::A)), ("{}", None)]
    {
        let (reply, _) = once(&json(pet), Client::at, async |client| client.get_pet().send().await);
        let reply = reply.unwrap().into_inner();
        assert_eq!(reply.state, state);
        lossless(&reply, pet);
    }
}
