//! A password in a form.

use crate::support::{once, respond};
use letterhead::c04_form_of_password::{Client, types};

#[test]
fn a_password_is_sent_and_never_shown() {
    let echo = respond(400, "content-type: text/plain\r\n", "no hunter2");
    let (reply, got) = once(&echo, Client::at, async |client| {
        let call = client.sign_in().body(types::SignInBody::builder().password("hunter2"));
        assert!(!format!("{call:?}").contains("hunter2"));
        call.send().await
    });
    assert_eq!(got.body, "password=hunter2");
    let error = reply.unwrap_err();
    assert!(!format!("{error:?} {error}").contains("hunter2"));
    assert!(!error.body().is_some_and(|body| String::from_utf8_lossy(body).contains("hunter2")));
}
