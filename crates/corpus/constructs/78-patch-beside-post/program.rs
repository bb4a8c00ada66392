//! One schema for a POST and for a PATCH.

use crate::support::{NOTHING, once};
use letterhead::Patch;
use letterhead::c78_patch_beside_post::{Client, types};

#[test]
fn only_the_patch_has_three_states() {
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        client.add_pet().body(types::Pet::builder().name("a").age(3)).send().await
    });
    reply.unwrap();
    assert_eq!(got.body, "{\"age\":3,\"name\":\"a\"}");
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        client
            .patch_pets()
            .body(types::PetPatch::builder().name("a").age(Patch::Clear))
            .send()
            .await
    });
    reply.unwrap();
    assert_eq!(got.body, "{\"age\":null,\"name\":\"a\"}");
}
