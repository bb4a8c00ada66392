//! What is retried, after which wait, how often, and what is known when it was in vain.

mod complete;
mod connections;
mod effects;
mod time;

use std::time::Duration;

use crate::support::{Faulty, nobody, without_backoff};
use letterhead::partner_center::{Client, types::SupportProfile};
use letterhead::{CorrelationId, Error, Reply, RetryPolicy};
use letterhead_sandbox::{Fault, Faults, Response as Canned, seed};
use serde_json::json;

const BEFORE: [Fault; 6] = [
    Fault::ResetBeforeRead,
    Fault::Html502,
    Fault::ThrottledForSeconds,
    Fault::ThrottledUntilDate,
    Fault::Unavailable,
    Fault::SlowHeaders,
];
const UNANSWERED: [Fault; 3] =
    [Fault::ResetAfterApplied, Fault::ResetMidBody, Fault::TruncatedJson];

/// A PUT, which may always be retried.
async fn replace_support(partner: &Client) -> Result<Reply<SupportProfile>, Error> {
    let profile: SupportProfile = serde_json::from_value(json!({
        "email": "desk@fabrikam.example", "telephone": "4255550100", "website": "fabrikam.example",
    }))
    .unwrap();
    partner.update_support_profile().body(profile).send().await
}

/// A PATCH, which may be retried while the vendor recognizes its request id.
async fn patch_user(partner: &Client) -> Result<(), Error> {
    let call = partner.update_customer_user().customer_tenant_id(seed::CUSTOMER_TENANT_ID);
    let call = call.user_id(seed::USER_ID).body_map(|user| user.usage_location("DE"));
    call.send().await.map(drop)
}

fn seconds(waits: &[Duration]) -> Vec<f64> {
    waits.iter().map(Duration::as_secs_f64).collect()
}

#[tokio::test]
async fn a_read_is_retried_after_every_fault_that_may_pass() {
    for fault in BEFORE.into_iter().chain(UNANSWERED) {
        let faulty = Faulty::with(Faults::script([Some(fault)]).delay(Duration::ZERO)).await;
        let partner = faulty.partner().build().unwrap();
        let reply = partner.get_support_profile().send().await.unwrap();
        assert!(reply.email.is_some(), "{fault}");
        let requests = if fault == Fault::SlowHeaders { 1 } else { 2 };
        assert_eq!(faulty.proxy.request_count(), requests, "{fault}");
    }
}

#[tokio::test]
async fn a_write_whose_response_was_lost_takes_effect_once() {
    for fault in UNANSWERED.into_iter().chain([Fault::Html502AfterApplied]) {
        let faulty = Faulty::start().await;
        let partner = faulty.partner().build().unwrap();
        faulty.proxy.fault_next(fault);
        replace_support(&partner).await.unwrap();
        let ids = faulty.sandbox.take_requests();
        let ids: Vec<_> = ids.iter().map(|sent| sent.header("ms-requestid")).collect();
        assert_eq!(ids.len(), 2, "{fault}");
        assert_eq!(ids[0], ids[1], "{fault}");
        assert_eq!(faulty.sandbox.applied_writes().len(), 1, "{fault}");
    }
}

#[tokio::test]
async fn a_write_that_is_known_by_its_id_is_retried_until_a_response_comes() {
    for fault in UNANSWERED {
        let faulty = Faulty::start().await;
        let partner = faulty.partner().build().unwrap();
        faulty.proxy.fault_next(fault);
        patch_user(&partner).await.unwrap();
        assert_eq!(faulty.proxy.request_count(), 2, "{fault}");
        assert_eq!(faulty.sandbox.applied_writes().len(), 1, "{fault}");
    }
    for fault in [Fault::ResetBeforeRead, Fault::ThrottledForSeconds] {
        let faulty = Faulty::start().await;
        let partner = faulty.partner().build().unwrap();
        faulty.proxy.fault_next(fault);
        patch_user(&partner).await.unwrap();
        assert_eq!(faulty.sandbox.applied_writes().len(), 1, "{fault}");
    }
    // A response ends what the id stands for, and may come after the deed.
    for fault in [Fault::Html502, Fault::Html502AfterApplied, Fault::Unavailable] {
        let faulty = Faulty::start().await;
        let partner = faulty.partner().build().unwrap();
        faulty.proxy.fault_next(fault);
        let error = patch_user(&partner).await.unwrap_err();
        assert_eq!(error.attempts(), 1, "{fault}");
        assert!(error.is_server_error() && error.may_have_taken_effect());
        let applied = usize::from(fault == Fault::Html502AfterApplied);
        assert_eq!(faulty.sandbox.applied_writes().len(), applied, "{fault}");
    }
}

#[tokio::test]
async fn a_refusal_is_retried_only_if_it_may_pass() {
    let faulty = Faulty::start().await;
    let partner = faulty.partner().build().unwrap();
    for (status, attempts, may_have_effect) in [
        (400, 1, false),
        (401, 1, false),
        (403, 1, false),
        (404, 1, false),
        (408, 4, true),
        (409, 1, false),
        (412, 1, false),
        (429, 4, false),
        (500, 4, true),
        (501, 1, true),
        (502, 4, true),
        (503, 4, true),
        (504, 4, true),
        (520, 4, true),
        (524, 4, true),
    ] {
        for _ in 0..attempts {
            faulty.sandbox.respond_next(Canned::new(status));
        }
        let error = replace_support(&partner).await.unwrap_err();
        assert_eq!(error.attempts(), attempts, "{status}");
        assert!(error.may_have_been_sent(), "{status}");
        assert_eq!(error.may_have_taken_effect(), may_have_effect, "{status}");
        assert_eq!(faulty.sandbox.take_requests().len(), attempts as usize);
    }
}

#[tokio::test]
async fn campaigns_500_and_its_oops_are_not_retried() {
    let faulty = Faulty::start().await;
    let campaign = faulty.campaign().build().unwrap();
    let oops = "Oops. Something went wrong. Check your URI and try again.";
    for (reply, requests) in [
        (Canned::new(500).body("RST-360011 An error"), 1),
        (Canned::new(500).json(&json!({"message": oops})), 1),
        (Canned::new(502).json(&json!({"message": oops})), 1),
        (Canned::new(500).json(&json!({"message": "out of memory"})), 2),
        (Canned::new(502).html("<html>"), 2),
        (Canned::new(503), 2),
    ] {
        faulty.sandbox.respond_next(reply.clone());
        let outcome = campaign.list_organizational_units().send().await;
        assert_eq!(outcome.is_ok(), requests == 2, "{reply:?}");
        assert_eq!(faulty.sandbox.take_requests().len(), requests);
    }
}

#[tokio::test]
async fn every_attempt_has_the_calls_ids_and_the_next_call_its_own() {
    let faulty = Faulty::start().await;
    let partner = faulty.partner().build().unwrap();
    let id = CorrelationId::new();
    let mut request_ids = Vec::new();
    for _ in 0..2 {
        for _ in 0..3 {
            faulty.sandbox.respond_next(Canned::new(503));
        }
        let call = partner.get_support_profile().correlation_id(id);
        let reply = call.send().await.unwrap();
        let requests = faulty.sandbox.take_requests();
        assert_eq!(requests.len(), 4);
        for request in &requests {
            let sent = |name| request.header(name).map(str::to_owned);
            assert_eq!(sent("ms-requestid"), Some(reply.request_id().to_string()));
            assert_eq!(sent("ms-correlationid"), Some(id.to_string()));
        }
        request_ids.push(reply.request_id());
    }
    assert_ne!(request_ids[0], request_ids[1]);
}

#[tokio::test]
async fn backoff_is_bounded_and_what_a_vendor_asks_for_is_kept() {
    let faulty = Faulty::start().await;
    let partner = faulty.partner().build().unwrap();
    for _ in 0..3 {
        faulty.sandbox.respond_next(Canned::new(503));
    }
    partner.get_support_profile().send().await.unwrap();
    let waits = seconds(&faulty.clock.take_waits());
    assert_eq!(waits.len(), 3);
    assert!(waits.iter().zip([0.5, 1.0, 2.0]).all(|(wait, most)| *wait <= most));

    let partner = faulty.partner().retry(without_backoff()).build().unwrap();
    for (form, asked) in [
        ("7", 7),
        ("0", 0),
        ("Sat, 21 Nov 2026 10:00:09 GMT", 9),
        ("Sat, 21 Nov 2026 09:00:00 GMT", 0),
    ] {
        let reply = Canned::new(429).header("date", "Sat, 21 Nov 2026 10:00:00 GMT");
        faulty.sandbox.respond_next(reply.header("retry-after", form));
        partner.get_support_profile().send().await.unwrap();
        let waited: Duration = faulty.clock.take_waits().iter().sum();
        assert_eq!(waited, Duration::from_secs(asked), "{form}");
    }
}

#[tokio::test]
async fn a_wait_beyond_the_cap_is_reported_at_once() {
    let faulty = Faulty::start().await;
    let partner = faulty.partner().retry(without_backoff()).build().unwrap();
    for (form, asked) in
        [("61", Duration::from_secs(61)), ("99999999999999999999999", Duration::MAX)]
    {
        let throttled = Canned::new(429).header("retry-after", form);
        faulty.sandbox.respond_next(throttled);
        let error = partner.get_support_profile().send().await.unwrap_err();
        assert!(error.is_throttled());
        assert_eq!((error.retry_after(), error.attempts()), (Some(asked), 1));
        assert!(faulty.clock.take_waits().is_empty());
    }
    let patient = without_backoff().longest_wait(Duration::from_secs(61));
    let throttled = Canned::new(429).header("retry-after", "61");
    faulty.sandbox.respond_next(throttled);
    let call = partner.get_support_profile().retry(patient);
    call.send().await.unwrap();
    assert_eq!(seconds(&faulty.clock.take_waits()), [61.0]);
}

#[tokio::test]
async fn cloudflares_five_minutes_are_slept_through_only_if_asked_for() {
    let faulty = Faulty::start().await;
    let cloudflare = faulty.cloudflare().retry(without_backoff()).build().unwrap();
    let read = || {
        let call = cloudflare.get_organization_profile();
        call.organization_id(seed::CLOUDFLARE_ORGANIZATION_ID)
    };
    let page = Canned::new(429).html("<html>error code: 1015</html>");
    faulty.sandbox.respond_next(page.clone());
    let error = read().send().await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(300)));
    assert!(error.to_string().contains("try again in 300 s"), "{error}");
    assert!(faulty.clock.take_waits().is_empty());

    faulty.sandbox.respond_next(page);
    let patient = without_backoff().longest_wait(Duration::from_secs(300));
    read().retry(patient).send().await.unwrap();
    assert_eq!(seconds(&faulty.clock.take_waits()), [300.0]);
}

#[tokio::test]
async fn attempts_are_bounded_for_a_client_and_for_a_call() {
    let faulty = Faulty::start().await;
    let twice = RetryPolicy::default().attempts(2);
    let partner = faulty.partner().retry(twice).build().unwrap();
    let call = || partner.get_support_profile();
    for (call, attempts) in [
        (call(), 2),
        (call().retry(RetryPolicy::never()), 1),
        (call().retry(RetryPolicy::default().attempts(0)), 1),
        (call().retry(RetryPolicy::default().attempts(6)), 6),
    ] {
        for _ in 0..attempts {
            faulty.sandbox.respond_next(Canned::new(503));
        }
        let error = call.send().await.unwrap_err();
        assert_eq!(error.attempts(), attempts);
        assert_eq!(faulty.sandbox.take_requests().len(), attempts as usize);
        let said = error.to_string().contains("; this was attempt");
        assert_eq!(said, attempts > 1, "{error}");
    }
}

#[tokio::test]
async fn an_outage_is_not_amplified() {
    let faulty = Faulty::start().await;
    let tireless = RetryPolicy::default().attempts(u32::MAX);
    let partner = faulty.partner().retry(tireless).build().unwrap();
    for _ in 0..102 {
        faulty.sandbox.respond_next(Canned::new(503));
    }
    let error = partner.get_support_profile().send().await.unwrap_err();
    assert_eq!(error.attempts(), 101, "a client's budget is a hundred retries");
    faulty.clock.take_waits();
    let error = partner.get_support_profile().send().await.unwrap_err();
    assert_eq!(error.attempts(), 1);
    assert!(faulty.clock.take_waits().is_empty(), "the error comes at once");

    // Successes earn it back, and a clone of the client shares it.
    for _ in 0..5 {
        partner.get_support_profile().send().await.unwrap();
    }
    faulty.sandbox.respond_next(Canned::new(503));
    partner.clone().get_support_profile().send().await.unwrap();
}

#[tokio::test]
async fn without_a_connection_every_attempt_sends_nothing() {
    let faulty = Faulty::start().await;
    let partner = faulty.partner().base_url(nobody()).build().unwrap();
    for error in
        [replace_support(&partner).await.unwrap_err(), patch_user(&partner).await.unwrap_err()]
    {
        assert!(error.is_connect());
        assert_eq!(error.attempts(), 4);
        assert!(!error.may_have_been_sent() && !error.may_have_taken_effect());
        let text = error.to_string();
        assert!(text.contains("so nothing was sent; this was attempt 4 ("), "{text}");
    }
}

#[tokio::test]
async fn an_error_says_what_an_earlier_attempt_may_have_done() {
    let twice = RetryPolicy::default().attempts(2);
    let faulty = Faulty::start().await;
    let partner = faulty.partner().retry(twice).build().unwrap();
    faulty.proxy.fault_next(Fault::ResetAfterApplied);
    faulty.proxy.fault_next(Fault::ThrottledForSeconds);
    let error = replace_support(&partner).await.unwrap_err();
    assert!(error.is_throttled() && error.may_have_taken_effect());
    let expected = "this was attempt 2, and an earlier one may have taken effect";
    assert!(error.to_string().contains(expected), "{error}");

    // What was refused each time has done nothing.
    for _ in 0..2 {
        faulty.proxy.fault_next(Fault::ThrottledForSeconds);
    }
    let error = replace_support(&partner).await.unwrap_err();
    assert!(error.may_have_been_sent() && !error.may_have_taken_effect());
    assert!(!error.to_string().contains("effect"), "{error}");
}
