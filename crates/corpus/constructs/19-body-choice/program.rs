//! A body of one of several media types.

use crate::support::{NOTHING, once};
use letterhead::Upload;
use letterhead::c19_body_choice::{Client, types};
use types::{ChooseBody, ChooseOfManyBody};

#[test]
fn the_caller_chooses_the_type() {
    for (body, media_type, written) in [
        (ChooseBody::Json(types::Pet::default()), "application/json", "{}"),
        (ChooseBody::Text("t".to_owned()), "text/plain", "t"),
        (ChooseBody::Bytes(Upload::from("zip")), "application/zip", "zip"),
    ] {
        let (reply, got) =
            once(NOTHING, Client::at, async |client| client.choose().body(body).send().await);
        reply.unwrap();
        assert_eq!(got.header("content-type"), Some(media_type));
        assert_eq!(got.body, written);
    }
}

#[test]
fn names_may_fill_a_line() {
    let pet = types::PetWithANameThatFillsALine::builder().names(["a", "b"]).tags(["c", "d"]);
    let pet = types::PetWithANameThatFillsALine::try_from(pet).unwrap();
    for (body, written) in [
        (
            ChooseOfManyBody::Json(vec![pet.clone()]),
            "[{\"names\":[\"a\",\"b\"],\"tags\":[\"c\",\"d\"]}]",
        ),
        (ChooseOfManyBody::Form(pet), "names=a%20b&tags=c%7Cd"),
    ] {
        let (reply, got) = once(NOTHING, Client::at, async |client| {
            client.choose_of_many().body(body).send().await
        });
        reply.unwrap();
        assert_eq!(got.body, written);
    }
}
