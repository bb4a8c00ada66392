//! How a hook ends an attempt: an error, a panic, a caller who gives up, a limit of time.

use std::error::Error as _;
use std::future::pending;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use letterhead::http::{Response, StatusCode};
use letterhead::{Attempt, BoxFuture, Error, ErrorKind, Hook, HookResult};
use letterhead_sandbox::Fault;

use super::{Noted, Notes, take};
use crate::support::{
    Faulty, ManualClock, World, campaign_at, drop_after, partner_at, without_backoff,
};

#[tokio::test]
async fn an_error_of_a_hook_ends_the_call_with_nothing_sent() {
    let world = World::start().await;
    let hook = Noted::new("hook", &Notes::default(), |_| {
        Err(io::Error::new(io::ErrorKind::PermissionDenied, "the trail is full").into())
    });
    let partner = partner_at(world.sandbox.partner_center_url()).hook(hook).build().unwrap();
    let error = partner.get_support_profile().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Hook);
    assert_eq!(error.kind().to_string(), "hook");
    let text = error.to_string();
    let expected =
        "get_support_profile: a hook refused the attempt, so it sent nothing (request id";
    assert!(text.starts_with(expected), "{text}");
    assert!(!text.contains("trail"), "{text}");
    let source = error.source().unwrap().downcast_ref::<io::Error>().unwrap();
    assert_eq!(source.kind(), io::ErrorKind::PermissionDenied);
    assert!(!error.may_have_been_sent() && !error.may_have_taken_effect());
    assert_eq!(error.attempts(), 1);
    assert!(world.sandbox.take_requests().is_empty());
}

#[tokio::test]
async fn what_earlier_attempts_may_have_done_is_kept() {
    let faulty = Faulty::start().await;
    let hook = Noted::new("hook", &Notes::default(), |attempt| match attempt.number() {
        1 => Ok(None),
        _ => Err("no more".into()),
    });
    let partner = faulty.partner().retry(without_backoff()).hook(hook).build().unwrap();
    let profile = partner.get_organization_profile().send().await.unwrap();
    faulty.proxy.fault_next(Fault::ResetAfterApplied);
    let update = partner.update_organization_profile().body(profile.into_inner());
    let error = update.send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Hook, 2));
    assert!(error.may_have_taken_effect(), "{error}");
}

#[tokio::test]
async fn an_error_of_letterhead_goes_through_as_it_is() {
    let world = World::start().await;
    let notes = Notes::default();
    let hook = Noted::new("hook", &notes, |attempt| match attempt.number() {
        1 => Err(Error::builder(ErrorKind::Connect).reason("the relay is away").build().into()),
        _ => Err(Error::builder(ErrorKind::Transport).build().into()),
    });
    let campaign = campaign_at(world.sandbox.campaign_standard_url()).retry(without_backoff());
    let campaign = campaign.hook(hook).build().unwrap();
    let create = campaign.create_profile().body_map(|profile| profile.email("a@b.example"));
    let error = create.send().await.unwrap_err();
    // What wasn't sent is retried, and a write that may have been isn't.
    assert_eq!(take(&notes), ["hook > 1", "hook > 2"]);
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 2));
    assert_eq!(error.operation(), Some("create_profile"));
    assert!(error.may_have_been_sent() && error.may_have_taken_effect());
}

#[tokio::test]
async fn a_response_of_a_hook_is_taken_for_the_vendors() {
    let world = World::start().await;
    let notes = Notes::default();
    let hook = Noted::new("hook", &notes, |attempt| {
        let is_first = attempt.number() == 1;
        let response = Response::builder().header("ms-cv", "made.0");
        let status = if is_first { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
        let body = "\u{feff}{\"email\": \"made@example.org\"}";
        Ok(Some(response.status(status).body(body.into()).unwrap()))
    });
    let partner = partner_at(world.sandbox.partner_center_url()).retry(without_backoff());
    let partner = partner.hook(hook).build().unwrap();
    let reply = partner.get_support_profile().send().await.unwrap();
    assert_eq!(reply.email.as_deref(), Some("made@example.org"));
    assert_eq!(reply.trace_id(), Some("made.0"));
    assert_eq!(take(&notes), ["hook > 1", "hook > 2"]);
    assert!(world.sandbox.take_requests().is_empty());
}

#[tokio::test]
async fn a_panic_is_the_callers_and_the_client_stays_usable() {
    let world = World::start().await;
    for limit in [None, Some(1)] {
        let hook = Noted::new("hook", &Notes::default(), |attempt| {
            assert!(attempt.operation() != "get_support_profile", "a hook's own panic");
            Ok(None)
        });
        let mut partner = partner_at(world.sandbox.partner_center_url()).hook(hook);
        if let Some(limit) = limit {
            partner = partner.concurrency_limit(limit);
        }
        let partner = partner.build().unwrap();
        let call = partner.get_support_profile().send();
        let panic = tokio::spawn(call).await.unwrap_err().into_panic();
        let message = panic.downcast_ref::<&str>().copied().map(str::to_owned);
        let message = message.or_else(|| panic.downcast_ref::<String>().cloned());
        assert_eq!(message.as_deref(), Some("a hook's own panic"));
        partner.get_organization_profile().send().await.unwrap();
    }
}

/// Is never done before the request.
struct Stuck(Arc<Mutex<Vec<&'static str>>>);

/// Says when it is dropped.
#[derive(Clone)]
struct Guard(Arc<Mutex<Vec<&'static str>>>);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.lock().unwrap().push("dropped");
    }
}

impl Hook for Stuck {
    fn on_request<'a>(&'a self, attempt: &'a mut Attempt) -> BoxFuture<'a, HookResult> {
        attempt.extensions_mut().insert(Guard(Arc::clone(&self.0)));
        Box::pin(pending())
    }
}

#[tokio::test]
async fn a_caller_who_gives_up_drops_what_a_hook_has_kept() {
    let world = World::start().await;
    let dropped = Arc::default();
    let hook = Stuck(Arc::clone(&dropped));
    let partner = partner_at(world.sandbox.partner_center_url()).hook(hook).build().unwrap();
    assert!(drop_after(1, partner.get_support_profile().send()).await.is_none());
    assert_eq!(*dropped.lock().unwrap(), ["dropped"]);
    assert!(world.sandbox.take_requests().is_empty());
}

#[tokio::test]
async fn a_hook_has_the_time_of_the_attempt() {
    let world = World::start().await;
    let partner = partner_at(world.sandbox.partner_center_url()).hook(Stuck(Arc::default()));
    let partner = partner.attempt_timeout(Duration::from_millis(20)).retry(without_backoff());
    let error = partner.build().unwrap().get_support_profile().send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 4));
    assert!(error.to_string().contains("the time limit ran out in a hook"), "{error}");
    // A hook may send by itself: nobody knows.
    assert!(error.may_have_been_sent());
    assert!(world.sandbox.take_requests().is_empty());
}

/// Lets time pass on a clock.
struct Dawdles(ManualClock, AtomicUsize);

impl Hook for Dawdles {
    fn on_request<'a>(&'a self, _: &'a mut Attempt) -> BoxFuture<'a, HookResult> {
        self.0.advance(Duration::from_secs(9));
        self.1.fetch_add(1, Ordering::SeqCst);
        Box::pin(async { Ok(None) })
    }
}

#[tokio::test]
async fn a_write_is_not_sent_with_too_little_time_left_after_a_hook() {
    let world = World::start().await;
    let clock = ManualClock::new();
    let hook = Arc::new(Dawdles(clock.clone(), AtomicUsize::default()));
    let partner = partner_at(world.sandbox.partner_center_url()).clock(clock);
    let partner = partner.hook(Arc::clone(&hook)).build().unwrap();
    let profile = partner.get_support_profile().send().await.unwrap().into_inner();
    let write = || partner.update_support_profile().body(profile.clone());
    write().timeout(Duration::from_secs(10)).send().await.unwrap();
    let _ = world.sandbox.take_requests();
    for limit in [Duration::from_millis(9100), Duration::from_secs(9)] {
        let error = write().timeout(limit).send().await.unwrap_err();
        assert!(error.is_timeout() && !error.may_have_been_sent(), "{error}");
    }
    assert!(world.sandbox.take_requests().is_empty());
    assert_eq!(hook.1.load(Ordering::SeqCst), 4);
}
