//! A list in a path, behind points.

use crate::support::{NOTHING, once};
use letterhead::c31_path_label::Client;

#[test]
fn each_item_stands_behind_a_point() {
    let (reply, got) =
        once(NOTHING, Client::at, async |client| client.get_pets().ids([1, 2]).send().await);
    reply.unwrap();
    assert_eq!(got.line, "GET /pets/.1.2");
}
