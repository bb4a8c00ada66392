//! Names that differ in their case or their marks alone.

use crate::support::{json, lossless, once};
use letterhead::c54_names_of_equal_letters::Client;

const PET: &str = "{\"NAME\":\"a\",\"Name\":\"b\",\"name\":\"c\",\"friend\":{\"a-b\":1,\"a_b\":2}}";

#[test]
fn a_name_of_rust_stays_and_the_others_get_a_number() {
    let (reply, got) = once(&json(PET), Client::at, async |client| {
        client.get_pet().pet_id("1").pet_id_query("2").send().await
    });
    assert_eq!(got.line, "GET /pets?petId=1&pet_id=2");
    let pet = reply.unwrap().into_inner();
    assert_eq!(
        (pet.name.as_deref(), pet.name_2.as_deref(), pet.name_3.as_deref()),
        (Some("c"), Some("a"), Some("b"))
    );
    let friend = pet.friend.as_ref().unwrap();
    assert_eq!((friend.a_b, friend.a_b_2), (Some(2), Some(1)));
    lossless(&pet, PET);
}
