//! A path that ends with a query, of what is fixed and of what is given.

use crate::support::{NOTHING, once};
use letterhead::c34_path_with_a_query::Client;

#[test]
fn parameters_follow_what_is_fixed() {
    for (limit, line) in [(None, "GET /pets?kind=cat"), (Some(2), "GET /pets?kind=cat&limit=2")] {
        let (reply, got) = once(NOTHING, Client::at, async |client| {
            let call = client.get_cats();
            match limit {
                Some(limit) => call.limit(limit).send().await,
                None => call.send().await,
            }
        });
        reply.unwrap();
        assert_eq!(got.line, line);
    }
}

#[test]
fn what_is_given_in_the_path_is_a_pair_of_the_query() {
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        client.get_pets().id("a/b").q("x&y=z").page(2).tag(["c", "d"]).send().await
    });
    reply.unwrap();
    let line = "GET /owners/a%2Fb/pets?fixed=1&page=2&q=x%26y%3Dz&tag=c&tag=d";
    assert_eq!(got.line, line);
}
