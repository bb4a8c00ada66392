//! Lists in a query with other delimiters than commas.

use crate::support::{NOTHING, once};
use letterhead::c38_query_delimited::Client;

#[test]
fn items_stand_behind_bars_and_spaces() {
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        client.get_pets().pipes(["p", "q|r"]).spaces([1, 2]).send().await
    });
    reply.unwrap();
    assert_eq!(got.line, "GET /pets?pipes=p%7Cq%7Cr&spaces=1%202");
}
