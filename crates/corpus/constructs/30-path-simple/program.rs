//! Values in a path, which stay one segment whatever is in them.

use crate::support::{NOTHING, once, refused};
use letterhead::c30_path_simple::Client;

#[test]
fn what_would_end_a_segment_is_encoded() {
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        client.get_tags().id("a/b?c#d%2F e").tags(["x/y", "z"]).send().await
    });
    reply.unwrap();
    assert_eq!(got.line, "GET /pets/a%2Fb%3Fc%23d%252F%20e/tags/x%2Fy,z");
}

#[test]
fn no_value_leads_to_another_resource() {
    for id in ["", ".", ".."] {
        let error =
            refused(Client::at, async |client| client.get_tags().id(id).tags(["x"]).send().await);
        assert!(error.is_invalid_request(), "{error}");
    }
}
