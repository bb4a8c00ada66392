//! JSON of a vendor's own media type.

use crate::support::{once, respond};
use letterhead::c29_media_type_suffix::Client;

#[test]
fn it_is_asked_for_and_decoded() {
    let response = respond(200, "content-type: application/vnd.api+json\r\n", "{\"name\":\"a\"}");
    let (reply, got) = once(&response, Client::at, async |client| client.get_pet().send().await);
    assert_eq!(reply.unwrap().name.as_deref(), Some("a"));
    assert_eq!(got.header("accept"), Some("application/vnd.api+json"));
}
