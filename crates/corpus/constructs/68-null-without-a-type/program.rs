//! Members of no type that may be null.

use crate::support::{json, lossless, once};
use letterhead::c68_null_without_a_type::{Client, types};

#[test]
fn any_value_comes_and_goes_as_it_is() {
    for pet in
        ["{\"name\":null,\"tags\":null}", "{\"name\":[1.0,{}],\"tags\":[]}", "{\"tags\":[\"a\"]}"]
    {
        let pet_read: types::Pet = letterhead::serde_json::from_str(pet).unwrap();
        let (reply, got) = once(&json(pet), Client::at, async |client| {
            client.put_pet().body(pet_read).send().await
        });
        lossless(&reply.unwrap().into_inner(), pet);
        assert_eq!(got.body, pet);
    }
}
