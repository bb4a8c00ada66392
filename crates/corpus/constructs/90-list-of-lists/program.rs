//! Lists in lists, with null among the items.

use crate::support::{json, lossless, once};
use letterhead::c90_list_of_lists::{Client, types};

#[test]
fn every_null_has_its_place() {
    let grid = "{\"cells\":[[1,null],[],[2]]}";
    let sent: types::Grid = letterhead::serde_json::from_str(grid).unwrap();
    let (reply, got) =
        once(&json(grid), Client::at, async |client| client.put_grid().body(sent).send().await);
    assert_eq!(got.body, grid);
    let reply = reply.unwrap().into_inner();
    assert_eq!(reply.cells[0], [Some(1), None]);
    lossless(&reply, grid);
}
