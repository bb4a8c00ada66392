//! A number as a body of text.

use crate::support::{NOTHING, once};
use letterhead::c14_number_as_text::Client;

#[test]
fn a_number_is_its_digits() {
    let (reply, got) =
        once(NOTHING, Client::at, async |client| client.put_level().body(-7).send().await);
    reply.unwrap();
    assert_eq!(got.header("content-type"), Some("text/plain"));
    assert_eq!(got.body, "-7");
}
