//! Objects that have themselves within, directly and by another.

use crate::support::{json, lossless, once};
use letterhead::c79_recursion::Client;

#[test]
fn every_depth_is_kept() {
    let tree = "{\"leaf\":{\"tree\":{\"leaf\":null,\"a\":1.0}},\"roots\":{\"x\":{\"roots\":{}}}}";
    let (reply, _) = once(&json(tree), Client::at, async |client| client.get_tree().send().await);
    let reply = reply.unwrap().into_inner();
    let inner = reply.leaf.as_ref().unwrap().tree.as_ref().unwrap();
    assert_eq!(inner.extra.get_raw("a"), Some("1.0"));
    lossless(&reply, tree);
}
