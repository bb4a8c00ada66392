//! One name in several places, and names of the builder's own.

use crate::support::{NOTHING, once};
use letterhead::c48_parameters_of_one_name::Client;

#[test]
fn the_path_keeps_the_name() {
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        let call = client.get_pet().id("p").id_query("q").id_header("h").id_cookie("c");
        call.timeout(1).send_query(2).send().await
    });
    reply.unwrap();
    assert_eq!(got.line, "GET /pets/p?id=q&send=2&timeout=1");
    assert_eq!((got.header("id"), got.header("cookie")), (Some("h"), Some("id=c")));
}
