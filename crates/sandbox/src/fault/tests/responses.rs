//! Responses that are late, spoiled, replaced or lost.

use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::io::AsyncWriteExt;

use super::*;
use crate::credentials::{CAMPAIGN_CLIENT_ID, CAMPAIGN_CLIENT_SECRET};
use crate::seed::{CAMPAIGN_PROFILE_PKEY, CLOUDFLARE_ORGANIZATION_ID};
use crate::testing::{credentials, request_id, send};

#[tokio::test]
async fn an_undecodable_success_or_an_unclear_status_comes_after_the_write() {
    for (fault, is_success) in
        [(Fault::UndecodableSuccess, true), (Fault::UnclearStatusAfterApplied, false)]
    {
        let world = World::with(Faults::random(1, 1.0).only([fault])).await;
        let mut statuses = std::collections::BTreeSet::new();
        for number in 0..6 {
            let received = world.patch(&user_path(), &request_id(number)).await;
            let received = received.expect("a response");
            assert_eq!((200..300).contains(&received.status), is_success, "{fault}");
            let json = serde_json::from_slice::<Value>(&received.body);
            assert!(json.is_err(), "{fault}");
            statuses.insert(received.status);
        }
        assert!(statuses.len() > 2, "{fault}: {statuses:?}");
        assert_eq!(world.sandbox.applied_writes().len(), 6, "{fault}");
        assert_eq!(world.proxy.fault_counts()[&fault], 6, "{fault}");
    }
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "a vendor's clock is not the client's")]
async fn responses_in_place_of_the_service_say_whether_it_was_asked() {
    for (fault, status, content_type, applied) in [
        (Fault::Html502, 502, "text/html; charset=utf-8", 0),
        (Fault::Html502AfterApplied, 502, "text/html; charset=utf-8", 1),
        (Fault::ThrottledForSeconds, 429, "application/json", 0),
        (Fault::ThrottledUntilDate, 429, "application/json", 0),
        (Fault::Unavailable, 503, "text/html; charset=utf-8", 0),
        (Fault::TokenEndpointError, 500, "application/json", 0),
        (Fault::TokenEndpointHtml, 200, "text/html; charset=utf-8", 0),
    ] {
        let world = World::with(Faults::script([Some(fault)]).retry_after(7)).await;
        let (received, journal) = world.patch_user().await;
        let received = received.expect("a response");
        assert_eq!(received.status, status, "{fault}");
        assert_eq!(received.header("content-type"), Some(content_type), "{fault}");
        assert_eq!(journal, applied, "{fault}");
        match (fault, received.header("retry-after")) {
            (Fault::ThrottledForSeconds | Fault::Unavailable, retry_after) => {
                assert_eq!(retry_after, Some("7"));
            }
            (Fault::ThrottledUntilDate, Some(date)) => {
                let date = httpdate::parse_http_date(date).expect("a date");
                let wait = date.duration_since(std::time::SystemTime::now());
                let wait = wait.expect("a date to come").as_secs_f32();
                assert!((4.0..=7.0).contains(&wait), "{wait}");
            }
            (_, retry_after) => assert_eq!(retry_after, None, "{fault}"),
        }
        assert_eq!(world.proxy.fault_counts()[&fault], 1);
    }
}

#[tokio::test]
async fn spoiled_json_has_the_right_length() {
    for fault in [Fault::TruncatedJson, Fault::CorruptedJson] {
        let world = World::one(fault).await;
        let (received, journal) = world.patch_user().await;
        let received = received.expect("a response");
        assert_eq!((received.status, journal), (200, 1), "{fault}");
        let length = received.header("content-length").expect("a length");
        assert_eq!(length, received.body.len().to_string(), "{fault}");
        let json = received.body.strip_prefix(b"\xef\xbb\xbf").expect("a mark");
        assert!(serde_json::from_slice::<Value>(json).is_err(), "{fault}");
    }
}

#[tokio::test]
async fn a_response_without_a_body_has_no_fault_in_it() {
    let world = World::with(Faults::random(1, 1.0).only([
        Fault::ResetMidBody,
        Fault::CloseMidBody,
        Fault::TruncatedJson,
        Fault::CorruptedJson,
        Fault::SlowBody,
    ]))
    .await;
    let target = format!("/client/v4/organizations/{CLOUDFLARE_ORGANIZATION_ID}/profile");
    let profile = world.sandbox.resource(&target).map(|profile| profile.to_string());
    for _ in 0..16 {
        let headers = credentials(&target);
        let received = send(&world.proxy.url(), "PUT", &target, &headers, profile.as_deref()).await;
        assert_eq!(received.expect("a response").status, 204);
    }
    assert_eq!(world.proxy.request_count(), 16);
    assert_eq!(world.proxy.fault_counts().values().sum::<u64>(), 0);
}

#[tokio::test]
async fn slow_responses_arrive_in_the_end() {
    let delay = Duration::from_millis(30);
    for fault in [Fault::SlowHeaders, Fault::SlowBody] {
        let world = World::with(Faults::script([Some(fault)]).delay(delay)).await;
        let start = Instant::now();
        let (received, _) = world.patch_user().await;
        assert!(start.elapsed() >= delay, "{fault}");
        assert_eq!(received.expect("a response").json()["firstName"], request_id(1));
    }
    let world = World::with(Faults::script([Some(Fault::SlowBody)]).delay(FOREVER)).await;
    let mut stream = world.connect().await;
    let request = get(ORGANIZATION);
    stream.write_all(request.as_bytes()).await.expect("sent");
    read_until(&mut stream, "companyName").await;
}

#[tokio::test]
async fn revoked_tokens_are_refused_on_the_spot() {
    let world = World::with(Faults::script([None, Some(Fault::TokensRevoked)])).await;
    let signed_in = world
        .sandbox
        .post_form(
            "/ims/token/v3",
            &[
                ("grant_type", "client_credentials"),
                ("client_id", CAMPAIGN_CLIENT_ID),
                ("client_secret", CAMPAIGN_CLIENT_SECRET),
                ("scope", "campaign_sdk"),
            ],
        )
        .await;
    let token = signed_in.json()["access_token"].as_str().expect("a token").to_owned();
    let target = "/fabrikam/campaign/profileAndServicesExt/orgUnitBase/";
    let headers = [
        ("authorization", format!("Bearer {token}")),
        ("x-api-key", CAMPAIGN_CLIENT_ID.to_owned()),
    ];
    for status in [200, 401, 401] {
        let received = send(&world.proxy.url(), "GET", target, &headers, None).await;
        assert_eq!(received.expect("a response").status, status);
    }
}

#[tokio::test]
async fn a_request_delivered_twice_has_one_response() {
    let world = World::with(Faults::random(1, 1.0).only([Fault::DuplicateDelivery])).await;
    let (received, journal) = world.patch_user().await;
    assert_eq!((received.expect("a response").status, journal), (200, 1));
    let profiles = "/fabrikam/campaign/profileAndServicesExt/profile";
    let campaign = format!("{profiles}/{CAMPAIGN_PROFILE_PKEY}");
    let received = world.patch(&campaign, &request_id(1)).await;
    let received = received.expect("a response");
    let journal = world.sandbox.take_applied_writes().len();
    assert_eq!((received.status, journal), (200, 2), "no id to recognize them by");
}
