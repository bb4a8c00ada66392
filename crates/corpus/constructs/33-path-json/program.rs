//! JSON in a path.

use crate::support::{NOTHING, once};
use letterhead::c33_path_json::{Client, types};

#[test]
fn json_is_one_segment() {
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        client.get_pets().by(types::GetPetsBy::builder().a(1)).send().await
    });
    reply.unwrap();
    assert_eq!(got.line, "GET /pets/%7B%22a%22%3A1%7D");
}
