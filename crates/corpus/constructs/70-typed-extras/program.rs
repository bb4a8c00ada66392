//! Members of one type beside those with names.

use crate::support::{json, lossless, once};
use letterhead::c70_typed_extras::{Client, types};

#[test]
fn they_are_json_beside_the_others() {
    let pet = "{\"name\":\"a\",\"age\":3}";
    let (reply, got) = once(&json(pet), Client::at, async |client| {
        let mut sent: types::Pet = types::Pet::builder().name("a").try_into().unwrap();
        sent.extra.insert("age", 3);
        client.put_pet().body(sent).send().await
    });
    assert_eq!(got.body, pet);
    let reply = reply.unwrap().into_inner();
    assert_eq!(reply.extra.get::<u8>("age").unwrap().unwrap(), 3);
    lossless(&reply, pet);
}
