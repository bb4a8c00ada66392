//! Time limits, and what is not begun because of them.

use std::error::Error as StdError;
use std::time::Duration;

use letterhead::partner_center::Credential;
use letterhead::{AccessToken, BoxFuture, ErrorKind, RetryPolicy, TokenSource, reqwest};
use letterhead_sandbox::{Fault, Faults, Response as Canned};

use super::{replace_support, seconds};
use crate::support::{Faulty, ManualClock, Script, framed, json, without_backoff};

#[tokio::test]
async fn the_timeout_of_a_call_ends_its_retries() {
    let faulty = Faulty::start().await;
    let limit = Duration::from_secs(10);
    let client = faulty.partner().retry(without_backoff());
    let partner = client.timeout(limit).build().unwrap();
    for (asked, waits) in [("4", vec![4.0, 4.0]), ("10", vec![]), ("30", vec![])] {
        for _ in 0..=waits.len() {
            let reply = Canned::new(503).header("retry-after", asked);
            faulty.sandbox.respond_next(reply);
        }
        let error = partner.get_support_profile().send().await.unwrap_err();
        assert!(error.is_server_error());
        assert_eq!(error.attempts() as usize, waits.len() + 1, "{asked}");
        assert_eq!(seconds(&faulty.clock.take_waits()), waits, "{asked}");
    }
    faulty.sandbox.respond_next(Canned::new(503).header("retry-after", "30"));
    let call = partner.get_support_profile();
    call.timeout(Duration::from_secs(31)).send().await.unwrap();
}

#[tokio::test]
async fn nothing_is_sent_when_there_is_no_time_left() {
    let faulty = Faulty::start().await;
    let partner = faulty.partner().build().unwrap();
    let call = partner.get_support_profile().timeout(Duration::ZERO);
    let error = call.send().await.unwrap_err();
    assert!(error.is_timeout() && !error.may_have_been_sent(), "{error}");
    let expected = "the time limit ran out before the call could be sent, so nothing was sent";
    assert!(error.to_string().contains(expected), "{error}");
    assert_eq!(faulty.proxy.request_count(), 0);
}

#[tokio::test]
async fn a_slow_attempt_is_given_up_and_retried() {
    for fault in [Fault::SlowHeaders, Fault::SlowBody] {
        let slow = Faults::script([Some(fault)]).delay(Duration::from_secs(20));
        let faulty = Faulty::with(slow).await;
        let client = faulty.partner().attempt_timeout(Duration::from_millis(200));
        let partner = client.build().unwrap();
        replace_support(&partner).await.unwrap();
        assert_eq!(faulty.proxy.request_count(), 2, "{fault}");
        assert_eq!(faulty.sandbox.applied_writes().len(), 1, "{fault}");

        faulty.proxy.fault_next(fault);
        let never = partner.get_support_profile().retry(RetryPolicy::never());
        let error = never.send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout, "{fault}");
        assert!(error.is_timeout() && error.may_have_been_sent());
        assert!(!error.may_have_taken_effect(), "a read has no effect");
    }
}

/// Takes its time to give a token.
#[derive(Debug)]
struct Slow(ManualClock, Duration);

impl TokenSource for Slow {
    fn fetch<'a>(
        &'a self,
        _: &'a reqwest::Client,
    ) -> BoxFuture<'a, Result<AccessToken, Box<dyn StdError + Send + Sync>>> {
        self.0.advance(self.1);
        Box::pin(async { Ok(AccessToken::new("token".into(), None)) })
    }
}

#[tokio::test]
async fn a_write_is_not_sent_with_milliseconds_left() {
    for (limit, left, is_sent) in [
        (30_000, 5, false),
        (30_000, 249, false),
        (30_000, 5_000, true),
        (100, 19, false),
        (1_000, 5, false),
    ] {
        let script = Script::of([json("200 OK", "{}")]).await;
        script.clock.hold();
        let took = Duration::from_millis(limit - left);
        let client = || {
            let slow = Credential::from_tokens(Slow(script.clock.clone(), took));
            let client = script.partner().timeout(Duration::from_millis(limit));
            client.credential(slow).build().unwrap()
        };
        let outcome = replace_support(&client()).await;
        assert_eq!(outcome.is_ok(), is_sent, "{left} of {limit}");
        if let Err(error) = outcome {
            assert!(error.is_timeout() && !error.may_have_been_sent(), "{error}");
            let expected = format!("only {left} ms of the time limit were left");
            assert!(error.to_string().contains(&expected), "{error}");
        }
        assert_eq!(script.take_requests().len(), usize::from(is_sent));
    }
}

#[tokio::test]
async fn a_write_is_not_retried_if_milliseconds_would_be_left() {
    let script = Script::of([framed("503 X\r\nretry-after: 4", "")]).await;
    let limit = Duration::from_millis(4_100);
    let partner = script.partner().timeout(limit).build().unwrap();
    let error = replace_support(&partner).await.unwrap_err();
    assert!(error.is_server_error() && error.attempts() == 1, "{error}");
    let error = partner.get_support_profile().send().await.unwrap_err();
    assert!(error.is_server_error() && error.attempts() == 2, "{error}");
}
