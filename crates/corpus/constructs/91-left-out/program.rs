//! What is left out takes nothing else with it.

use crate::support::{NOTHING, once};
use letterhead::c91_left_out::Client;

#[test]
fn the_other_operation_is_there() {
    let (reply, got) = once(NOTHING, Client::at, async |client| client.stays().send().await);
    reply.unwrap();
    assert_eq!(got.line, "GET /stays");
}
