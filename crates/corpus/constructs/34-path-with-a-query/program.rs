//! A path that ends with a query.

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
