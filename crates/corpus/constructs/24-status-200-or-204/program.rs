//! A body, or none.

use crate::support::{NOTHING, json, once};
use letterhead::c24_status_200_or_204::Client;

#[test]
fn no_content_is_none() {
    for (response, name) in [(json("{\"name\":\"a\"}"), Some("a")), (NOTHING.to_owned(), None)] {
        let (reply, _) = once(&response, Client::at, async |client| client.get_pet().send().await);
        let pet = reply.unwrap().into_inner();
        assert_eq!(pet.and_then(|pet| pet.name).as_deref(), name);
    }
}
