//! Two values that are one segment, a header that letterhead has as well, and two kinds of JSON.

use crate::support::{json, once, refused};
use letterhead::c93_path_joined::Client;

#[test]
fn a_declared_header_is_sent_and_the_json_that_was_asked_for_is_decoded() {
    let (reply, got) = once(&json("[1,2]"), Client::at, async |client| {
        client.get_pet().a(".").b("x").user_agent("mine/1").send().await
    });
    assert_eq!(*reply.unwrap(), [1, 2]);
    assert_eq!(got.line, "GET /pets/.x");
    assert_eq!(got.headers("user-agent"), ["mine/1"]);
    assert_eq!(got.header("accept"), Some("application/json"));
}

#[test]
fn a_segment_leads_nowhere_else() {
    for (a, b) in [(".", "."), ("..", ";x")] {
        let error = refused(Client::at, async |client| client.get_pet().a(a).b(b).send().await);
        assert!(error.to_string().contains("`b` would lead to another resource"), "{error}");
    }
}
