//! What need not be in a query, and what has to be.

use crate::support::{NOTHING, once, refused};
use letterhead::c42_query_optional::Client;

#[test]
fn nothing_is_sent_that_the_caller_did_not_set() {
    let (reply, got) =
        once(NOTHING, Client::at, async |client| client.get_pets().whole(true).send().await);
    reply.unwrap();
    assert_eq!(got.line, "GET /pets?whole=true");
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        client.get_pets().after("").limit(5).whole(false).send().await
    });
    reply.unwrap();
    assert_eq!(got.line, "GET /pets?after=&limit=5&whole=false");
}

#[test]
fn what_is_required_has_no_default() {
    let error = refused(Client::at, async |client| client.get_pets().send().await);
    assert!(error.to_string().contains("whole is required and was not set"), "{error}");
}
