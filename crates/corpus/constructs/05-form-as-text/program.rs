//! A form of which the document says nothing: the caller writes it.

use crate::support::{NOTHING, once};
use letterhead::c05_form_as_text::Client;

#[test]
fn the_form_is_what_the_caller_wrote() {
    let (reply, got) =
        once(NOTHING, Client::at, async |client| client.add_pet().body("a=1&b").send().await);
    reply.unwrap();
    assert_eq!(got.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(got.body, "a=1&b");
}
