//! What a token endpoint says, in bytes.

use std::time::Duration;

use letterhead::ErrorKind;
use letterhead::partner_center::EntraApp;

use super::{consented, read};
use crate::support::{Script, framed, json, said};

async fn signed_in(response: Vec<u8>) -> (Script, Result<(), letterhead::Error>) {
    let profile = json("200 OK", r#"{"email":"a@b.example"}"#);
    let script = Script::of([response, profile]).await;
    let app = EntraApp::new("contoso.example", "client", "hush~").authority(&script.url);
    let credential = app.app_and_user(consented()).unwrap();
    // None that the clock would reach, which waits for nobody.
    let limit = Duration::from_secs(1_000_000);
    let builder = script.partner().credential(credential).timeout(limit);
    let client = builder.build().unwrap();
    let outcome = read(&client).await;
    (script, outcome)
}

#[tokio::test]
async fn a_token_is_found_in_what_is_nearly_right() {
    let token = r#"{"access_token":"t0ken","token_type":"bearer","expires_in":3599}"#;
    for response in [
        json("200 OK", token),
        json("201 Created", token),
        framed("200 OK\r\ncontent-type: text/html", token),
        framed("200 OK", token),
        json("200 OK", &format!("\u{feff}{token}")),
        json("200 OK", r#"{"access_token":"t0ken"}"#),
        json("200 OK", r#"{"access_token":"t0ken","token_type":null}"#),
        json("200 OK", r#"{"access_token":"t0ken","expires_in":1e400}"#),
        json("200 OK", r#"{"access_token":"t0ken","x":"\ud800"}"#),
    ] {
        let (script, outcome) = signed_in(response.clone()).await;
        let response = String::from_utf8_lossy(&response);
        outcome.unwrap_or_else(|error| panic!("{response}: {error}"));
        let requests = script.take_requests();
        assert_eq!(requests.len(), 2, "{response}");
        assert!(requests[1].contains("authorization: Bearer t0ken\r\n"));
    }
}

#[tokio::test]
async fn what_is_no_bearer_token_is_sent_nowhere() {
    let with = |member: &str| json("200 OK", &format!("{{{member}}}"));
    for (response, expected) in [
        (with(r#""access_token":"t0ken","token_type":"mac""#), "a token that isn't a bearer token"),
        (
            with(r#""access_token":"t0ken","token_type":"DPoP""#),
            "a token that isn't a bearer token",
        ),
        (with(r#""access_token":"t0\r\nken""#), "a line break"),
        (with(r#""access_token":"t0 ken""#), "a blank"),
        (with(r#""access_token":"t0kén""#), "outside ASCII"),
        (with(r#""access_token":"t0\u0000ken""#), "a control"),
        (with(r#""access_token":"""#), "and something else"),
        (with(r#""access_token":["t0ken"]"#), "and something else"),
        (json("200 OK", ""), "and something else"),
        (json("200 OK", "[]"), "and something else"),
        (framed("204 No Content", ""), "204 No Content and something else"),
        (with(r#""error":"invalid_grant","error_codes":[70008]"#), "a person must consent again"),
        (
            with(&format!(r#""access_token":"{}""#, "t0ken".repeat(100_000))),
            "more than 262144 bytes",
        ),
    ] {
        let (script, outcome) = signed_in(response).await;
        let error = outcome.unwrap_err();
        let text = said(&error);
        assert!(text.contains(expected), "{text}");
        assert_eq!(error.kind(), ErrorKind::SignIn);
        assert!(!error.may_have_been_sent());
        assert!(!text.contains("t0") && !text.contains("hush"), "{text}");
        assert_eq!(script.requests(), 1, "{text}");
    }
}
