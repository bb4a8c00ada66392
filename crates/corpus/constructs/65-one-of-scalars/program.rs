//! Choices among texts, numbers and flags, tried in turn.

use crate::support::{json, lossless, once};
use letterhead::c65_one_of_scalars::Client;
use letterhead::c65_one_of_scalars::types::LimitsLimit;

#[test]
fn what_is_none_of_them_is_kept() {
    for (limits, shown) in [
        ("{\"limit\":\"none\"}", "\"none\""),
        ("{\"limit\":7,\"word\":\"c\",\"any\":{\"x\":\"y\",\"z\":1.0}}", "7"),
        ("{\"limit\":true,\"word\":\"b\",\"any\":1}", "true"),
        ("{\"limit\":1.50,\"any\":\"1\"}", "1.50"),
    ] {
        let (reply, _) =
            once(&json(limits), Client::at, async |client| client.get_limit().send().await);
        let reply = reply.unwrap().into_inner();
        lossless(&reply, limits);
        let limit: LimitsLimit = reply.limit.unwrap();
        assert_eq!(limit.to_string(), shown);
    }
}
