//! A list in a header.

use crate::support::{NOTHING, once, refused};
use letterhead::c43_header_list::Client;

#[test]
fn items_are_joined_by_commas() {
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        client.get_pets().x_level(7).x_list(["h", "i"]).send().await
    });
    reply.unwrap();
    assert_eq!(got.header("x-list"), Some("h,i"));
    assert_eq!(got.header("x-level"), Some("7"));
}

#[test]
fn no_value_ends_a_header() {
    let error = refused(Client::at, async |client| {
        client.get_pets().x_level(7).x_list(["a\r\nx-evil: 1"]).send().await
    });
    assert!(error.is_invalid_request(), "{error}");
}
