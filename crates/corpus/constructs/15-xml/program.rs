//! XML, which the caller writes.

use crate::support::{NOTHING, once};
use letterhead::c15_xml::Client;

#[test]
fn xml_is_what_the_caller_writes() {
    let (reply, got) =
        once(NOTHING, Client::at, async |client| client.add_pet().body("<pet/>").send().await);
    reply.unwrap();
    assert_eq!(got.header("content-type"), Some("text/xml"));
    assert_eq!(got.body, "<pet/>");
}
