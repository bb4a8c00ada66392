//! An object in a form, each of its members by its way.

use crate::support::{NOTHING, once};
use letterhead::c03_form_deep_object::{Client, types};

#[test]
fn members_stand_in_brackets() {
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        let deep = types::AddPetBodyDeep::builder().a(1).b(["z"]);
        client.add_pet().body(types::AddPetBody::builder().deep(deep)).send().await
    });
    reply.unwrap();
    assert_eq!(got.body, "deep[a]=1&deep[b][0]=z");
}
