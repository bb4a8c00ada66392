//! Text as a body that need not be there.

use crate::support::{NOTHING, once};
use letterhead::c12_text_up::Client;

#[test]
fn text_is_sent_as_it_is() {
    let (reply, got) =
        once(NOTHING, Client::at, async |client| client.put_table().body("a,ü\n").send().await);
    reply.unwrap();
    assert_eq!(got.header("content-type"), Some("text/csv"));
    assert_eq!(got.body, "a,ü\n");
}

#[test]
fn no_body_has_no_type() {
    let (reply, got) = once(NOTHING, Client::at, async |client| client.put_table().send().await);
    reply.unwrap();
    assert_eq!((got.header("content-type"), got.body.as_str()), (None, ""));
}
