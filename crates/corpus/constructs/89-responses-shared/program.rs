//! Bodies and responses that operations share.

use crate::support::{json, lossless, once, respond};
use letterhead::c89_responses_shared::{Client, types};

#[test]
fn what_was_read_is_written_back() {
    let pet = "{\"name\":\"a\",\"more\":{\"deep\":[null,1.0]}}";
    let (reply, _) = once(&json(pet), Client::at, async |client| client.get_pet().send().await);
    let read: types::Pet = reply.unwrap().into_inner();
    lossless(&read, pet);
    let (reply, got) =
        once(&json(pet), Client::at, async |client| client.put_pet().body(read).send().await);
    reply.unwrap();
    assert_eq!(got.body, pet);
}

#[test]
fn a_failure_keeps_its_body() {
    let failure = respond(404, "", "{\"message\":\"gone\"}");
    let (reply, _) = once(&failure, Client::at, async |client| client.get_pet().send().await);
    let error = reply.unwrap_err();
    assert!(error.is_not_found());
    let body = error.body().map(|body| String::from_utf8_lossy(body).into_owned());
    assert_eq!(body.as_deref(), Some("{\"message\":\"gone\"}"));
}
