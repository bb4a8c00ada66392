//! A PATCH of a map: null takes an entry away.

use std::collections::BTreeMap;

use crate::support::{NOTHING, once};
use letterhead::c75_patch_of_a_map::Client;

#[test]
fn an_entry_may_be_null() {
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        let labels =
            BTreeMap::from([("a".to_owned(), None), ("b".to_owned(), Some("c".to_owned()))]);
        client.patch_labels().body(labels).send().await
    });
    reply.unwrap();
    assert_eq!(got.body, "{\"a\":null,\"b\":\"c\"}");
}
