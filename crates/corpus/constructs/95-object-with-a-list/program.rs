//! An object that may lack its one array is no list.

use crate::support::{json, lossless, once};
use letterhead::c95_object_with_a_list::Client;

#[test]
fn it_is_decoded_without_the_array() {
    for body in [r#"{"name":"a"}"#, r#"{"name":"a","tags":["b"]}"#] {
        let (reply, _) =
            once(&json(body), Client::at, async |client| client.get_pet().send().await);
        lossless(&*reply.unwrap(), body);
    }
}
