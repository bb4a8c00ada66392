//! A PATCH of one of several objects.

use crate::support::{json, once};
use letterhead::Patch;
use letterhead::c77_patch_of_a_choice::Client;
use letterhead::c77_patch_of_a_choice::types::{
    AnimalCatMergePatch, AnimalChoice, AnimalChoiceMergePatch,
};

#[test]
fn the_members_of_each_are_left_alone_cleared_or_set() {
    let dog = json("{\"kind\":\"animal-dog\"}");
    let (reply, got) = once(&dog, Client::at, async |client| {
        let cat = AnimalCatMergePatch::builder().name(Patch::Clear).try_into().unwrap();
        client.patch_animal().body(AnimalChoiceMergePatch::CatMergePatch(cat)).send().await
    });
    assert_eq!(got.body, "{\"name\":null}");
    assert!(matches!(reply.unwrap().into_inner(), AnimalChoice::Dog(_)));
}
