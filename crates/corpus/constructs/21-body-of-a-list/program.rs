//! A list as a body, which may be empty.

use crate::support::{NOTHING, once, refused};
use letterhead::c21_body_of_a_list::{Client, types};

#[test]
fn a_list_is_sent_even_if_it_is_empty() {
    for (names, written) in [(vec!["a"], "[{\"name\":\"a\"}]"), (vec![], "[]")] {
        let (reply, got) = once(NOTHING, Client::at, async |client| {
            let pets = names.iter().map(|name| types::Pet::builder().name(*name));
            client.replace_pets().body(pets.collect::<Vec<_>>()).send().await
        });
        reply.unwrap();
        assert_eq!(got.body, written);
    }
}

#[test]
fn an_item_that_lacks_something_is_named() {
    let error = refused(Client::at, async |client| {
        client.replace_pets().body([types::Pet::builder()]).send().await
    });
    assert!(error.to_string().contains("[0]: name is required"), "{error}");
}
