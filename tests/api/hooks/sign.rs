//! Headers that a hook adds: a signature over what is sent.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use letterhead::{Attempt, BoxFuture, ErrorKind, Hook, HookResult};
use letterhead_sandbox::{RecordedRequest, Response, credentials};

use super::{Noted, Notes};
use crate::support::{ManualClock, World, partner_at, said, without_backoff};

/// Signs method, target, authorization, request id and body, and the number of the attempt.
struct Signs;

impl Hook for Signs {
    fn on_request<'a>(&'a self, attempt: &'a mut Attempt) -> BoxFuture<'a, HookResult> {
        Box::pin(async move {
            let request = attempt.to_http_request()?;
            let header = |name: &str| request.headers()[name].to_str().unwrap();
            let signature = signature(
                request.method().as_str(),
                request.uri().path_and_query().unwrap().as_str(),
                [header("authorization"), header("ms-requestid")],
                request.body(),
            );
            attempt.insert_header("X-Signature", signature)?;
            attempt.insert_header("X-Signed-Attempt", attempt.number().to_string())?;
            Ok(None)
        })
    }
}

fn signature(method: &str, target: &str, headers: [&str; 2], body: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    (method, target, headers, body).hash(&mut hasher);
    format!("{:x}", hasher.finish())
}

fn is_signed(sent: &RecordedRequest) -> bool {
    let headers = ["authorization", "ms-requestid"].map(|name| sent.header(name).unwrap());
    let expected = signature(sent.method.as_str(), &sent.target, headers, &sent.body);
    sent.header("x-signature") == Some(&*expected)
}

#[tokio::test]
async fn what_is_sent_is_signed_on_every_attempt() {
    let world = World::start().await;
    let partner = partner_at(world.sandbox.partner_center_url()).hook(Signs);
    let partner = partner.clock(ManualClock::new()).retry(without_backoff()).build().unwrap();
    world.sandbox.respond_next(Response::new(503));
    let profile = partner.organization_profile();
    let update = profile.update(|profile| profile.email = Some("o@example.org".into()));
    update.await.unwrap();
    partner.list_customers().filter("{\"Field\": \"ü\"}").send().await.unwrap_err();
    let sent = world.sandbox.take_requests();
    assert_eq!(sent.len(), 4);
    assert!(sent.iter().all(is_signed), "{sent:#?}");
    assert!(!sent[2].body.is_empty());
    let numbers: Vec<_> = sent.iter().map(|it| it.header("x-signed-attempt").unwrap()).collect();
    assert_eq!(numbers, ["1", "2", "1", "1"]);
}

#[tokio::test]
async fn a_header_of_the_call_is_replaced_for_the_attempt() {
    let world = World::start().await;
    let notes = Notes::default();
    let hook = Noted::new("hook", &notes, |attempt| {
        attempt.insert_header("X-Locale", "nl-NL")?;
        Ok(None)
    });
    let partner = partner_at(world.sandbox.partner_center_url()).hook(hook).build().unwrap();
    partner.get_support_profile().extra_header("x-locale", "de-DE").send().await.unwrap();
    let sent = world.request();
    let locales: Vec<_> = sent.headers.get_all("x-locale").iter().collect();
    assert_eq!(locales, ["nl-NL"]);
}

#[tokio::test]
async fn letterheads_own_headers_are_not_a_hooks_to_set() {
    let world = World::start().await;
    let own = "letterhead's own";
    for (name, value, expected) in [
        ("Authorization", "Bearer hush", own),
        ("MS-RequestId", "hush", own),
        ("ms-correlationid", "hush", own),
        ("host", "hush.example", own),
        ("content-length", "4", own),
        ("cookie", "hush", own),
        ("a b", "hush", "has a blank at byte 1 of 3"),
        ("x-tag", "hush\r\nx-other: 1", "`x-tag` has a character that a header can't carry"),
    ] {
        let hook = Noted::new("hook", &Notes::default(), move |attempt| {
            attempt.insert_header(name, value)?;
            Ok(None)
        });
        let partner = partner_at(world.sandbox.partner_center_url()).hook(hook).build().unwrap();
        let error = partner.get_support_profile().send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
        assert!(error.to_string().contains(expected), "{error}");
        assert!(!said(&error).contains("hush"), "{error:?}");
        assert_eq!((error.may_have_been_sent(), error.attempts()), (false, 1));
        assert_eq!(error.operation(), Some("get_support_profile"));
    }
    assert!(world.sandbox.take_requests().is_empty());
    // Nor has any of it changed what a later call is sent with.
    world.partner.get_support_profile().send().await.unwrap();
    let token = format!("Bearer {}", credentials::PARTNER_CENTER_TOKEN);
    assert_eq!(world.request().header("authorization"), Some(&*token));
}
