//! Parameters of a path, which an operation may say anew.

use crate::support::{NOTHING, once};
use letterhead::c47_parameters_shared::Client;

#[test]
fn each_operation_has_them() {
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        client.get_pet().id("7").limit("many").send().await
    });
    reply.unwrap();
    assert_eq!(got.line, "GET /pets/7?limit=many");
    let (reply, got) =
        once(NOTHING, Client::at, async |client| client.remove_pet().id("7").limit(5).send().await);
    reply.unwrap();
    assert_eq!(got.line, "DELETE /pets/7?limit=5");
}
