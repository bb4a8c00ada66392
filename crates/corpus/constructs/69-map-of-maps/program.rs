//! A map of maps.

use crate::support::{json, lossless, once};
use letterhead::c69_map_of_maps::Client;

#[test]
fn keys_are_what_they_are() {
    let stock = "{\"a b\":{\"\":1,\"x/y\":null},\"c\":{}}";
    let (reply, _) = once(&json(stock), Client::at, async |client| client.get_stock().send().await);
    let reply = reply.unwrap().into_inner();
    assert_eq!(reply["a b"][""], Some(1));
    lossless(&reply, stock);
}
