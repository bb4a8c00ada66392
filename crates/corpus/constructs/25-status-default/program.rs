//! A response of any status.

use crate::support::{once, respond};
use letterhead::c25_status_default::Client;

#[test]
fn it_is_the_success() {
    for status in [200, 201] {
        let response = respond(status, "", "{\"name\":\"a\"}");
        let (reply, _) = once(&response, Client::at, async |client| client.get_pet().send().await);
        assert_eq!(reply.unwrap().name.as_deref(), Some("a"));
    }
}

#[test]
fn a_failure_is_an_error_all_the_same() {
    let response = respond(404, "", "{\"name\":\"a\"}");
    let (reply, _) = once(&response, Client::at, async |client| client.get_pet().send().await);
    assert!(reply.unwrap_err().is_not_found());
}
