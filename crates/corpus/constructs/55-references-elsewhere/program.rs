//! A reference to what is no component.

use crate::support::{json, once};
use letterhead::c55_references_elsewhere::Client;

#[test]
fn what_it_leads_to_stands_in_its_place() {
    let (reply, _) =
        once(&json("{\"name\":\"a\"}"), Client::at, async |client| client.get_pet().send().await);
    assert_eq!(reply.unwrap().name.as_deref(), Some("a"));
}
