//! Hooks that do what no vendor would, and calls that are larger than any vendor takes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use letterhead::bytes::Bytes;
use letterhead::http::{Method, Response};
use letterhead::{Attempt, BoxFuture, ErrorKind, Hook, Outcome};
use letterhead_sandbox::credentials;
use serde_json::Value;

use super::{Noted, Notes, take};
use crate::support::{World, assert_hidden, drop_after, partner_at, said, soon, without_backoff};

#[tokio::test]
async fn a_response_that_leads_elsewhere_is_not_followed() {
    let world = World::start().await;
    for status in [301, 302, 303, 307, 308] {
        let notes = Notes::default();
        let hook = Noted::new("hook", &notes, move |_| {
            let response = Response::builder().status(status);
            let response = response.header("location", "http://127.0.0.1:1/elsewhere");
            Ok(Some(response.body(Bytes::new()).unwrap()))
        });
        let partner = partner_at(world.sandbox.partner_center_url()).hook(hook);
        let partner = partner.retry(without_backoff()).build().unwrap();
        let error = partner.get_support_profile().send().await.unwrap_err();
        assert_eq!(error.status().map(|it| it.as_u16()), Some(status));
        assert_eq!(take(&notes), ["hook > 1"]);
    }
    assert!(world.sandbox.take_requests().is_empty());
}

#[tokio::test]
async fn a_response_that_no_call_can_have_is_an_error_and_no_panic() {
    let world = World::start().await;
    for (status, body) in [
        (101, ""),
        (103, "{}"),
        (200, ""),
        (200, "\u{feff}"),
        (200, "[1"),
        (299, "null"),
        (304, ""),
        (599, "\0\0"),
        (999, "<html>"),
    ] {
        let hook = Noted::new("hook", &Notes::default(), move |_| {
            let response =
                Response::builder().status(status).body(Bytes::from_static(body.as_bytes()));
            Ok(Some(response.unwrap()))
        });
        let partner = partner_at(world.sandbox.partner_center_url()).hook(hook);
        let partner = partner.retry(without_backoff()).build().unwrap();
        let error = soon(partner.get_support_profile().send()).await.unwrap_err();
        assert_eq!(error.status().map(|it| it.as_u16()), Some(status), "{error}");
    }
}

/// Panics, or never ends, after the first response.
struct Last(AtomicBool, bool);

impl Hook for Last {
    fn on_response<'a>(&'a self, _: &'a Attempt, _: &'a Outcome) -> BoxFuture<'a, ()> {
        Box::pin(async {
            if self.0.swap(true, SeqCst) {
                return;
            }
            assert!(!self.1, "a hook's own panic");
            std::future::pending::<()>().await;
        })
    }
}

#[tokio::test]
async fn a_hook_that_fails_after_the_response_keeps_no_place() {
    let world = World::start().await;
    let client = |panics| {
        let hook = Arc::new(Last(AtomicBool::default(), panics));
        let partner = partner_at(world.sandbox.partner_center_url()).hook(Arc::clone(&hook));
        (partner.concurrency_limit(1).build().unwrap(), hook)
    };
    let (partner, _) = client(true);
    let call = tokio::spawn(partner.get_support_profile().send());
    assert!(soon(call).await.unwrap_err().is_panic());
    soon(partner.get_support_profile().send()).await.unwrap();

    let (partner, hook) = client(false);
    {
        let mut call = Box::pin(partner.get_support_profile().send());
        while !hook.0.load(SeqCst) {
            assert!(drop_after(1, &mut call).await.is_none());
            tokio::task::yield_now().await;
        }
    }
    soon(partner.get_support_profile().send()).await.unwrap();
}

#[tokio::test]
async fn what_is_too_long_to_be_sent_is_a_clear_error() {
    let world = World::start().await;
    let long = "hush".repeat(20_000);
    let request = |path: &'static str| world.partner.request(Method::GET, path);
    for (what, outcome) in [
        ("query", request("/v1/orders").query("q", &long).send::<Value>().await.map(drop)),
        ("path", request("/v1/{id}").path("id", &long).send::<Value>().await.map(drop)),
        ("filter", world.partner.list_customers().filter(&long).send().await.map(drop)),
    ] {
        let error = outcome.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{what}: {error}");
        assert!(!error.may_have_been_sent(), "{what}: {error}");
        assert_hidden(&said(&error), ["hushhush", credentials::PARTNER_CENTER_TOKEN]);
    }
}
