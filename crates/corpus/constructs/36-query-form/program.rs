//! Lists and objects in a query, exploded and joined.

use crate::support::{NOTHING, once};
use letterhead::c36_query_form::{Client, types};

#[test]
fn lists_are_repeated_or_joined_and_objects_are_members() {
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        let by = types::GetPetsBy::builder().a(1).b("x y");
        client.get_pets().by(by).joined(["p,q", "r"]).tag(["s&", "t"]).send().await
    });
    reply.unwrap();
    assert_eq!(got.line, "GET /pets?a=1&b=x%20y&joined=p%2Cq,r&tag=s%26&tag=t");
}
