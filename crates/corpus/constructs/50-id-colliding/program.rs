//! Ids that are one name: none depends on which comes first.

use crate::support::{NOTHING, once};
use letterhead::c50_id_colliding::Client;

#[test]
fn all_names_are_made_of_method_and_path() {
    let (reply, got) = once(NOTHING, Client::at, async |client| client.get_cats().send().await);
    reply.unwrap();
    assert_eq!(got.line, "GET /cats");
    let (reply, got) =
        once(NOTHING, Client::at, async |client| client.get_slash_dogs().send().await);
    reply.unwrap();
    assert_eq!(got.line, "GET /dogs");
    let (reply, got) =
        once(NOTHING, Client::at, async |client| client.get_slash_dogs_slash().send().await);
    reply.unwrap();
    assert_eq!(got.line, "GET /dogs/");
}
