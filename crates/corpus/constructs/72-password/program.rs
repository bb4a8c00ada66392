//! A password in JSON.

use crate::support::{json, once, respond};
use letterhead::c72_password::{Client, types};

#[test]
fn it_is_in_the_body_and_nowhere_else() {
    let echo = respond(400, "x-echo: hunter2\r\n", "{\"message\":\"no hunter2\"}");
    let (reply, got) = once(&echo, Client::at, async |client| {
        let call = client.add_user().body(types::User::builder().name("a").password("hunter2"));
        assert!(!format!("{call:?}").contains("hunter2"));
        call.send().await
    });
    assert_eq!(got.body, "{\"name\":\"a\",\"password\":\"hunter2\"}");
    let error = reply.unwrap_err();
    assert!(!format!("{error:?} {error}").contains("hunter2"));
    assert!(!error.body().is_some_and(|body| String::from_utf8_lossy(body).contains("hunter2")));
}

#[test]
fn one_that_comes_is_kept_and_not_shown() {
    let user = json("{\"password\":\"hunter2\"}");
    let (reply, _) = once(&user, Client::at, async |client| {
        client.add_user().body(types::User::builder()).send().await
    });
    let reply = reply.unwrap();
    assert!(!format!("{reply:?}").contains("hunter2"));
    assert_eq!(reply.password.as_ref().unwrap().expose(), "hunter2");
}
