//! Objects in headers, exploded and not.

use crate::support::{NOTHING, once};
use letterhead::c44_header_object::{Client, types};

#[test]
fn members_are_pairs_or_follow_their_names() {
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        let by = types::GetPetsXBy::builder().a(1).b("c");
        client.get_pets().x_by(by).x_flat(types::GetPetsXFlat::builder().a(2)).send().await
    });
    reply.unwrap();
    assert_eq!(got.header("x-by"), Some("a=1,b=c"));
    assert_eq!(got.header("x-flat"), Some("a,2"));
}
