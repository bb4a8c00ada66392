//! A body for all successes that aren't listed.

use crate::support::{once, respond};
use letterhead::c23_status_class::Client;
use letterhead::c23_status_class::types::StartSuccess;

#[test]
fn a_listed_status_goes_before_its_class() {
    for (status, body) in [(201, "{\"id\":\"a\"}"), (200, "[\"b\"]"), (299, "[\"b\"]")] {
        let (reply, _) = once(&respond(status, "", body), Client::at, async |client| {
            client.start().send().await
        });
        match reply.unwrap().into_inner() {
            StartSuccess::Status201(made) => assert_eq!((status, made.id), (201, Some("a".into()))),
            StartSuccess::Status2xx(list) => {
                assert_eq!((status != 201, list), (true, vec!["b".into()]))
            }
            other => panic!("{other:?}"),
        }
    }
}
