//! Names in a query that aren't names of Rust.

use crate::support::{NOTHING, once};
use letterhead::c40_query_odd_names::Client;

#[test]
fn brackets_stay_and_what_ends_a_name_is_encoded() {
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        client.get_pets().filter_id(["a", "b"]).page_size(3).a_b("c").send().await
    });
    reply.unwrap();
    assert_eq!(got.line, "GET /pets?a%26b=c&filter[$id]=a,b&page[size]=3");
}
