//! Two values in one segment, and an end of a path that counts.

use crate::support::{NOTHING, once};
use letterhead::c35_path_mixed::{Client, types};

#[test]
fn what_stands_between_values_stays() {
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        client.get_pet().name("a b").format(types::GetPetFormat::Json).send().await
    });
    reply.unwrap();
    assert_eq!(got.line, "GET /pets/a%20b.json/");
}
