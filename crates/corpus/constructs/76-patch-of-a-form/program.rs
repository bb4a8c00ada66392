//! A PATCH of a form, which has no null.

use crate::support::{NOTHING, once};
use letterhead::c76_patch_of_a_form::{Client, types};

#[test]
fn its_members_are_set_or_left_out() {
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        client.patch_pet().body(types::Pet::builder().name("a")).send().await
    });
    reply.unwrap();
    assert_eq!(got.body, "name=a");
}
