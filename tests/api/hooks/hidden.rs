//! What a hook sees shows no secret, and what it adds is one.

use std::sync::{Arc, Mutex};

use letterhead::{Attempt, BoxFuture, Hook, HookResult, Outcome, RetryPolicy, Secret};
use letterhead_sandbox::seed;

use crate::support::{Script, assert_hidden, capture, framed, said, shown};

const KEY: &str = "signature-of-a-hook";
const PASSWORD: &str = "hush-password-in-a-body";

/// Writes down all that can be shown.
#[derive(Default)]
struct Shows(Mutex<String>);

impl Hook for Shows {
    fn on_request<'a>(&'a self, attempt: &'a mut Attempt) -> BoxFuture<'a, HookResult> {
        Box::pin(async move {
            attempt.insert_header("x-signature", KEY)?;
            let headers = shown(attempt.headers());
            assert!(headers.contains("authorization"));
            self.0.lock().unwrap().push_str(&(shown(attempt) + &headers));
            Ok(None)
        })
    }

    fn on_response<'a>(&'a self, attempt: &'a Attempt, outcome: &'a Outcome) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            let headers = shown(&outcome.headers());
            let all = shown(attempt) + &shown(outcome) + &headers;
            self.0.lock().unwrap().push_str(&all);
        })
    }
}

#[tokio::test]
async fn secrets_are_shown_nowhere() {
    let (log, _guard) = capture();
    let echo = format!(
        "x-echo: {KEY}\r\nx-auth: Bearer token-of-a-client\r\nset-cookie: id=cookie-of-a-vendor\r\nms-cv: \
         {KEY}.0"
    );
    let body = format!(r#"{{"code": "7", "description": "{KEY} {PASSWORD}"}}"#);
    let failure = framed(&format!("400 Bad Request\r\n{echo}"), body);
    let success = framed(&format!("200 OK\r\n{echo}"), r#"{"id": "a"}"#);
    let script = Script::of([failure, success]).await;
    let shows = Arc::new(Shows::default());
    let token = letterhead::partner_center::Credential::bearer("token-of-a-client").unwrap();
    let partner = script.partner().credential(token).retry(RetryPolicy::never());
    let builder = partner.hook(Arc::clone(&shows));
    let about_builder = shown(&builder);
    assert!(about_builder.contains("hooks: 1"), "{about_builder}");
    let partner = builder.build().unwrap();
    let create = || {
        let call = partner.create_customer_user().customer_tenant_id(seed::CUSTOMER_TENANT_ID);
        call.body_map(|user| {
            let password = letterhead::partner_center::types::PasswordProfile::builder();
            let password = password.password(Secret::from(PASSWORD)).force_change_password(true);
            let user = user.display_name("A").user_principal_name("a@b.example");
            user.usage_location("NL").password_profile(password)
        })
    };
    let error = create().send().await.unwrap_err();
    assert_eq!(error.codes(), ["7"]);
    let reply = create().send().await.unwrap();
    let requests = script.take_requests();
    assert!(requests.iter().all(|sent| sent.contains(KEY) && sent.contains(PASSWORD)));

    let seen = shows.0.lock().unwrap().clone();
    assert!(seen.contains("x-signature") && seen.contains("body_length"), "{seen}");
    let trace_id = reply.trace_id().unwrap_or_default().to_owned();
    // What an error keeps of a cookie is its headers' and in no log.
    assert_hidden(&seen, ["cookie-of-a-vendor"]);
    for text in [seen, said(&error), shown(&reply), trace_id, log.text(), shown(&partner)] {
        assert_hidden(&text, [KEY, PASSWORD, "token-of-a-client"]);
    }
}
