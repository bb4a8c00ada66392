//! What a single call may differ in, and what its cloud doesn't offer.

use std::time::Duration;

use crate::support::{Faulty, World};
use letterhead::partner_center::{Client, Cloud};
use letterhead::{CorrelationId, Error, ErrorKind, RetryPolicy};
use letterhead_sandbox::{Fault, Faults, Response, seed};

#[tokio::test]
async fn a_header_that_no_document_knows_is_sent_on_every_attempt() {
    let world = World::start().await;
    for _ in 0..2 {
        world.sandbox.respond_next(Response::new(503));
    }
    let call = world.partner.get_support_profile();
    let call = call
        .extra_header("X-Locale", "de-DE")
        .extra_header("x-tag", "a")
        .extra_header("x-tag", "b");
    call.retry(RetryPolicy::default().backoff(Duration::ZERO, Duration::ZERO))
        .send()
        .await
        .unwrap();
    let requests = world.sandbox.take_requests();
    assert_eq!(requests.len(), 3);
    for sent in requests {
        assert_eq!(sent.header("x-locale"), Some("de-DE"));
        let tags = sent.headers.get_all("x-tag").iter();
        assert_eq!(tags.collect::<Vec<_>>(), ["a", "b"]);
    }
    world.partner.get_support_profile().send().await.unwrap();
    assert_eq!(world.request().header("x-locale"), None);
}

#[tokio::test]
async fn headers_of_the_layer_and_of_credentials_cannot_be_set() {
    let world = World::start().await;
    let own = "letterhead's own";
    for (name, value, expected) in [
        ("Authorization", "Bearer hush", own),
        ("cookie", "hush", own),
        ("MS-RequestId", "hush", own),
        ("ms-correlationid", "hush", own),
        ("Host", "hush.example", own),
        ("content-length", "4", own),
        ("Transfer-Encoding", "chunked", own),
        ("connection", "close", own),
        ("content-type", "text/hush", own),
        ("accept", "text/hush", own),
        ("user-agent", "hush", own),
        ("", "hush", "the name of an extra header is empty"),
        ("a b", "hush", "header has a blank at byte 1 of 3"),
        ("a:b", "hush", "that can't be there at byte 1 of 3"),
        ("täg", "hush", "a character outside ASCII at byte 1 of 4"),
        ("hush/hush", "x-tag", "the name is the first argument"),
        ("x-tag", "hush\r\nx-other: 1", "`x-tag` has a character that a header can't carry"),
        ("x-tag", "hush\0", "`x-tag` has a character that a header can't carry"),
    ] {
        let call = world.partner.get_support_profile().extra_header(name, value);
        let shown = format!("{call:?}");
        assert!(!shown.contains("hush"), "{shown}");
        let error = call.send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{name}");
        assert!(error.is_invalid_request() && !error.may_have_been_sent());
        let text = error.to_string();
        assert!(text.starts_with("get_support_profile: "), "{text}");
        assert!(text.contains(expected) && !text.contains("hush"), "{text}");
    }
    // Each vendor has credentials and static headers of its own, whichever kind the client has.
    for (name, at_campaign, at_cloudflare) in [
        ("X-Api-Key", true, false),
        ("Cache-Control", true, false),
        ("x-auth-key", false, true),
        ("X-Auth-Email", false, true),
        ("authorization", true, true),
        ("MS-RequestId", false, false),
    ] {
        let list = world.campaign.list_organizational_units();
        let outcome = list.extra_header(name, "hush hush").send().await;
        assert_eq!(is_own(outcome), at_campaign, "{name}");
        let list = world.cloudflare.list_organizations();
        let outcome = list.extra_header(name, "hush hush").send().await;
        assert_eq!(is_own(outcome), at_cloudflare, "{name}");
        let sent = world.sandbox.take_requests();
        let refused = usize::from(at_campaign) + usize::from(at_cloudflare);
        assert_eq!(sent.len(), 2 - refused, "{name}");
        for sent in sent {
            assert_eq!(sent.header(name), Some("hush hush"), "{name}");
        }
    }
}

/// Whether a call was refused because of a header that letterhead sets.
fn is_own<T>(outcome: Result<T, Error>) -> bool {
    match outcome {
        Ok(_) => false,
        Err(error) => {
            let text = error.to_string();
            assert!(text.contains("letterhead's own"), "{text}");
            assert!(!error.may_have_been_sent(), "{text}");
            true
        }
    }
}

#[tokio::test]
async fn a_call_may_have_a_timeout_a_policy_and_a_correlation_id_of_its_own() {
    let slow = Faults::script([Some(Fault::SlowHeaders)]).delay(Duration::from_secs(20));
    let faulty = Faulty::with(slow).await;
    let partner = faulty.partner().build().unwrap();
    let id = CorrelationId::new();
    let call = partner.get_support_profile().correlation_id(id);
    let call = call.timeout(Duration::from_millis(50)).retry(RetryPolicy::never());
    let error = call.send().await.unwrap_err();
    assert!(error.is_timeout() && error.may_have_been_sent());
    assert_eq!(error.correlation_id(), Some(id));
    let reply = partner.get_support_profile().send().await.unwrap();
    assert_ne!(reply.correlation_id(), id);
}

fn in_cloud(faulty: &Faulty, cloud: Cloud) -> Client {
    let url = faulty.proxy.partner_center_url();
    faulty.partner().cloud(cloud).base_url(url).build().unwrap()
}

#[tokio::test]
async fn what_a_cloud_does_not_offer_is_refused_before_anything_is_sent() {
    let faulty = Faulty::start().await;
    let government = in_cloud(&faulty, Cloud::UsGovernment);
    let patch = government.update_customer_user().customer_tenant_id(seed::CUSTOMER_TENANT_ID);
    let patch = patch.user_id(seed::USER_ID).body_map(|user| user.usage_location("US"));
    let china = in_cloud(&faulty, Cloud::China);
    for (error, operation, expected) in [
        (
            patch.send().await.unwrap_err(),
            "update_customer_user",
            "it isn't offered in the cloud `us-government` that the client is set up for, only in \
             global, china",
        ),
        (
            china.get_support_profile().send().await.unwrap_err(),
            "get_support_profile",
            "it isn't offered in the cloud `china` that the client is set up for, only in global, \
             us-government",
        ),
        (
            china.support_profile().update(|_| {}).await.unwrap_err(),
            "get_support_profile",
            "the cloud `china`",
        ),
    ] {
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert_eq!(error.operation(), Some(operation));
        assert!(error.is_invalid_request() && !error.may_have_been_sent());
        assert!(error.to_string().contains(expected), "{error}");
    }
    assert_eq!(faulty.proxy.request_count(), 0);
    for client in [government, china, in_cloud(&faulty, Cloud::Global)] {
        client.get_organization_profile().send().await.unwrap();
    }
}
