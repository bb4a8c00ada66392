//! A merge patch: objects in it are merged as well.

use std::collections::BTreeMap;

use crate::support::{json, lossless, once};
use letterhead::Patch;
use letterhead::c74_patch_merge::{Client, types};

#[test]
fn a_member_within_a_member_is_cleared() {
    let pet = "{\"name\":null,\"parent\":{\"new\":1.0},\"a\":2}";
    let (reply, got) = once(&json(pet), Client::at, async |client| {
        let tags =
            BTreeMap::from([("new".to_owned(), Some("x".to_owned())), ("old".to_owned(), None)]);
        let home = types::HomeMergePatch::builder().street(Patch::Clear).tags(tags);
        client
            .patch_pet()
            .pet_id("a/b")
            .body(types::PetMergePatch::builder().home(home))
            .send()
            .await
    });
    assert_eq!(got.line, "PATCH /pets/a%2Fb");
    assert_eq!(got.header("content-type"), Some("application/merge-patch+json"));
    assert_eq!(got.body, "{\"home\":{\"street\":null,\"tags\":{\"new\":\"x\",\"old\":null}}}");
    lossless(&reply.unwrap().into_inner(), pet);
}
