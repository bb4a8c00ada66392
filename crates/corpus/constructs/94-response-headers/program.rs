//! Headers of a response, with the types that the document has.

use crate::support::{json, once, with};
use letterhead::c94_response_headers::{Client, types::GetPetsHeaders};
use letterhead::serde_json;

const HEADERS: &str = "x-left: 7\r\nx-kinds: a, c\r\nx-kinds: b\r\nx-policy: q=5,name=n,more=m\r\n\
    x-meta: {\"n\":1.5}\r\nx-wrong: hunter2\r\nx-request-id: 1\r\n";

#[test]
fn what_the_document_describes_has_its_type() {
    let (reply, _) =
        once(&with(HEADERS, "[]"), Client::at, async |client| client.get_pets().send().await);
    let reply = reply.unwrap();
    let headers = GetPetsHeaders::of(&reply);
    assert_eq!(headers.x_left().unwrap(), Some(7));
    let kinds = headers.x_kinds().unwrap().unwrap();
    assert_eq!(kinds.iter().map(ToString::to_string).collect::<Vec<_>>(), ["a", "c", "b"]);
    let policy = headers.x_policy().unwrap().unwrap();
    assert_eq!((policy.q, policy.name.as_deref()), (Some(5), Some("n")));
    assert_eq!(serde_json::to_value(&policy).unwrap()["more"], "m");
    assert_eq!(headers.x_meta().unwrap().unwrap().n, Some(1.5));
}

#[test]
fn a_wrong_one_is_named_and_not_shown_and_an_absent_one_is_none() {
    let (reply, _) =
        once(&with(HEADERS, "[]"), Client::at, async |client| client.get_pets().send().await);
    let reply = reply.unwrap();
    let headers = GetPetsHeaders::of(&reply);
    let error = headers.x_wrong().unwrap_err();
    assert!(error.to_string().contains("`x-wrong`"), "{error}");
    assert!(!format!("{error:?} {headers:?}").contains("hunter2"));
    let (reply, _) = once(&json("[]"), Client::at, async |client| client.get_pets().send().await);
    assert_eq!(GetPetsHeaders::of(&reply.unwrap()).x_left().unwrap(), None);
}
