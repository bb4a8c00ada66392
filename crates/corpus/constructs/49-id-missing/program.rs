//! An operation without an id.

use crate::support::{NOTHING, once};
use letterhead::c49_id_missing::Client;

#[test]
fn its_name_is_made_of_method_and_path() {
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        client.get_pets_by_pet_id_toys().pet_id("7").send().await
    });
    reply.unwrap();
    assert_eq!(got.line, "GET /pets/7/toys");
    let (reply, got) = once(NOTHING, Client::at, async |client| client.post().send().await);
    reply.unwrap();
    assert_eq!(got.line, "POST /");
}
