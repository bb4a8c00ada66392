//! Objects that have themselves within: directly, by another, in what is put together of them, and by a reference to a
//! part.

use crate::support::{json, lossless, once};
use letterhead::c79_recursion::{Client, types};

#[test]
fn every_depth_is_kept() {
    let tree = "{\"leaf\":{\"tree\":{\"leaf\":null,\"a\":1.0}},\"roots\":{\"x\":{\"roots\":{}}}}";
    let (reply, _) = once(&json(tree), Client::at, async |client| client.get_tree().send().await);
    let reply = reply.unwrap().into_inner();
    let inner = reply.leaf.as_ref().unwrap().tree.as_ref().unwrap();
    assert_eq!(inner.extra.get_raw("a"), Some("1.0"));
    lossless(&reply, tree);
}

#[test]
fn what_may_be_left_out_may_be_left_out_at_every_depth() {
    let branch = "{\"twig\":{\"name\":\"a\",\"twig\":{\"name\":\"b\",\"other\":null}}}";
    let (reply, got) = once(&json(branch), Client::at, async |client| {
        let twig = types::Twig::builder().name("a");
        client.put_branch().body_map(|branch| branch.twig(twig)).send().await
    });
    assert_eq!(got.body, "{\"twig\":{\"name\":\"a\"}}");
    let reply = reply.unwrap().into_inner();
    let twig = reply.twig.as_ref().unwrap().twig.as_ref().unwrap();
    assert!(twig.twig.is_none() && twig.other.is_none());
    lossless(&reply, branch);
}

#[test]
fn what_is_put_together_of_itself_has_a_type() {
    let knot = "{\"again\":{\"name\":\"a\",\"more\":{\"x\":\"b\",\"more\":{\"x\":\"c\"}}},\
                \"either\":{\"either\":{\"name\":\"d\"}},\"inner\":{\"inner\":{\"inner\":{\"y\":1}}}}";
    let (reply, _) = once(&json(knot), Client::at, async |client| client.get_knot().send().await);
    let reply = reply.unwrap().into_inner();
    let again: &types::Knot = reply.again.as_ref().unwrap();
    assert_eq!(again.name.as_deref(), Some("a"));
    let more = again.more.as_ref().unwrap();
    assert_eq!(more.x.as_deref(), Some("b"));
    assert_eq!(more.more.as_ref().unwrap().x.as_deref(), Some("c"));
    let either = reply.either.as_ref().unwrap().either.as_ref().unwrap();
    assert_eq!(either.name.as_deref(), Some("d"));
    let inner = reply.inner.as_ref().unwrap().inner.as_ref().unwrap().inner.as_ref().unwrap();
    assert_eq!(inner.extra.get_raw("y"), Some("1"));
    lossless(&reply, knot);
}
