//! A form: its members one by one, a list as often as it has items.

use crate::support::{NOTHING, once};
use letterhead::c01_form::{Client, types};

#[test]
fn members_are_pairs_and_none_is_nothing() {
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        let pet = types::AddPetBody::builder().name("a b&c=ü").tags(["x", "y"]);
        client.add_pet().body(pet).send().await
    });
    reply.unwrap();
    assert_eq!(got.line, "POST /pets");
    assert_eq!(got.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(got.body, "name=a%20b%26c%3D%C3%BC&tags=x&tags=y");
}
