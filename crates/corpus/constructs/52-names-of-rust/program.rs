//! Names that are words of Rust or types of its own.

use crate::support::{json, lossless, once};
use letterhead::c52_names_of_rust::{Client, types};

const PET: &str =
    "{\"async\":\"a\",\"extra\":\"b\",\"self\":\"c\",\"Ok\":{\"type\":\"d\"},\"more\":1}";

#[test]
fn words_get_a_mark_and_types_a_number() {
    let (reply, got) = once(&json(PET), Client::at, async |client| {
        let ok = types::String2::builder().type_("d");
        let pet = types::Option2::builder().async_("a").extra_2("b").self_("c").ok(ok);
        client.put_pet().type_("x").body(pet).send().await
    });
    assert_eq!(got.line, "PUT /pets?type=x");
    lossless(&reply.unwrap().into_inner(), PET);
    let sent: types::Option2 = letterhead::serde_json::from_str(&got.body).unwrap();
    assert_eq!(sent.ok.unwrap().type_.as_deref(), Some("d"));
}
