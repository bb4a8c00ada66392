//! A PATCH: each member is left alone, cleared or set.

use crate::support::{NOTHING, once};
use letterhead::Patch;
use letterhead::c73_patch::{Client, types};

#[test]
fn null_is_not_what_is_absent() {
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        let patch = types::PetPatch::builder()
            .age(Patch::Clear)
            .home(types::Home::builder())
            .tags(Patch::Set(Vec::new()));
        client.patch_pet().body(patch).send().await
    });
    reply.unwrap();
    assert_eq!(got.header("content-type"), Some("application/json"));
    assert_eq!(got.body, "{\"age\":null,\"home\":{},\"tags\":[]}");
}
