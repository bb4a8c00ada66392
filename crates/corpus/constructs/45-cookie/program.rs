//! Cookies of a call, beside the one that a credential is.

use crate::support::{NOTHING, once, respond};
use letterhead::c45_cookie::{Client, Credential};

#[test]
fn cookies_are_one_header() {
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        client.get_pets().session("s 1;").theme("t").send().await
    });
    reply.unwrap();
    assert_eq!(got.headers("cookie"), ["session=s%201%3B; theme=t"]);
}

#[test]
fn a_credentials_cookie_stands_behind_them_and_is_never_shown() {
    let with_cookie =
        |url: &str| Client::builder(url).credential(Credential::cookie("hunter")).build();
    let (reply, got) = once(&respond(400, "", "no hunter"), with_cookie, async |client| {
        assert!(!format!("{client:?}").contains("hunter"));
        client.get_pets().theme("t").send().await
    });
    assert_eq!(got.headers("cookie"), ["theme=t; sid=hunter"]);
    let error = reply.unwrap_err();
    assert!(!format!("{error:?} {error}").contains("hunter"));
    assert!(!error.body().is_some_and(|body| String::from_utf8_lossy(body).contains("hunter")));
}
