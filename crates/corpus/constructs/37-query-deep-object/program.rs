//! An object in a query, with its members in brackets.

use crate::support::{NOTHING, once};
use letterhead::c37_query_deep_object::{Client, types};

#[test]
fn members_stand_in_brackets_at_every_depth() {
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        let size = types::GetPetsBySize::builder().from(3);
        client.get_pets().by(types::GetPetsBy::builder().kind("x y").size(size)).send().await
    });
    reply.unwrap();
    assert_eq!(got.line, "GET /pets?by[kind]=x%20y&by[size][from]=3");
}
