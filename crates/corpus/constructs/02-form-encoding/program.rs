//! What `encoding` says of a form's members.

use crate::support::{NOTHING, once};
use letterhead::c02_form_encoding::{Client, types};

#[test]
fn each_member_is_written_as_the_encoding_says() {
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        let home = types::AddPetBodyHome::builder().zip("1");
        let pet = types::AddPetBody::builder().home(home).joined(["1", "2,3"]).path("a/b& c");
        client.add_pet().body(pet).send().await
    });
    reply.unwrap();
    assert_eq!(got.body, "home=%7B%22zip%22%3A%221%22%7D&joined=1,2%2C3&path=a/b%26%20c");
}
