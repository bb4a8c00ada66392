//! Read, change, write: nothing is lost, nothing is done twice, and nothing is sent for nothing.

use std::time::Duration;

use crate::support::Faulty;
use letterhead::partner_center::types::OrganizationProfile;
use letterhead::{CorrelationId, Error, ErrorKind, Updated};
use letterhead_sandbox::{Fault, Faults, RecordedRequest, Response, seed};
use serde_json::json;
use tokio::task::JoinSet;

const ORGANIZATION: &str = "/v1/profiles/organization";

fn methods(requests: &[RecordedRequest]) -> Vec<&str> {
    requests.iter().map(|sent| sent.method.as_str()).collect()
}

fn conflict() -> Response {
    Response::new(400).json(&json!({"code": 2055, "description": "The etag is out of date."}))
}

/// Adds a word to a member that no document knows.
fn mark(profile: &mut OrganizationProfile, marker: &str) {
    let markers = profile.extra.get::<String>("markers").transpose();
    let markers = markers.unwrap().unwrap_or_default();
    profile.extra.insert("markers", format!("{markers} {marker}"));
}

fn markers(faulty: &Faulty) -> String {
    let profile = faulty.sandbox.resource(ORGANIZATION).unwrap();
    profile["markers"].as_str().unwrap_or_default().to_owned()
}

async fn update(
    faulty: &Faulty,
    change: impl FnMut(&mut OrganizationProfile) + Send,
) -> Result<Updated<OrganizationProfile>, Error> {
    let partner = faulty.partner().build().unwrap();
    partner.organization_profile().rounds(3).update(change).await
}

/// Updates the profile, which somebody else writes between the first read and the first write. Returns how
/// often the change was applied.
async fn update_overtaken(faulty: &Faulty) -> u32 {
    let mut calls = 0;
    let updated = update(faulty, |profile| {
        calls += 1;
        if calls == 1 {
            let mut others = faulty.sandbox.resource(ORGANIZATION).unwrap();
            others["markers"] = " other".into();
            others["attributes"]["etag"] = "1".into();
            faulty.sandbox.put_resource(ORGANIZATION, others);
        }
        mark(profile, "own");
    });
    assert!(updated.await.unwrap().is_written());
    calls
}

#[tokio::test]
async fn an_update_keeps_what_it_does_not_change() {
    let faulty = Faulty::start().await;
    let mut before = faulty.sandbox.resource(ORGANIZATION).unwrap();
    before["partnerTier"] = json!({"name": "gold", "since": null, "awards": []});
    faulty.sandbox.put_resource(ORGANIZATION, before.clone());
    let email = || Some("office@fabrikam.example".to_owned());
    let updated = update(&faulty, |profile| profile.email = email()).await.unwrap();
    assert!(updated.is_written());
    assert_eq!((updated.email.clone(), updated.status().as_u16()), (email(), 200));
    let mut after = faulty.sandbox.resource(ORGANIZATION).unwrap();
    assert_ne!(after["attributes"]["etag"], before["attributes"]["etag"]);
    after["attributes"] = before["attributes"].clone();
    before["email"] = email().into();
    assert_eq!(after, before);
}

#[tokio::test]
async fn a_change_that_changes_nothing_sends_nothing() {
    let faulty = Faulty::start().await;
    let partner = faulty.partner().build().unwrap();
    let cloudflare = faulty.cloudflare().build().unwrap();
    let organization = update(&faulty, |profile| profile.email = profile.email.clone());
    let support = partner.support_profile().update(|_| {});
    let id = seed::CLOUDFLARE_ORGANIZATION_ID;
    let cloudflare = cloudflare.organization_profile(id).update(|_| {});
    assert!(!organization.await.unwrap().is_written());
    assert!(!support.await.unwrap().is_written());
    assert!(!cloudflare.await.unwrap().is_written());
    assert_eq!(methods(&faulty.sandbox.take_requests()), ["GET"; 3]);
}

#[tokio::test]
async fn a_stale_etag_is_read_again_and_the_change_applied_again() {
    let faulty = Faulty::start().await;
    assert_eq!(update_overtaken(&faulty).await, 2);
    assert_eq!(markers(&faulty), " other own");
    let requests = faulty.sandbox.take_requests();
    assert_eq!(methods(&requests), ["GET", "PUT", "GET", "PUT"]);
    let id = |at: usize| requests[at].header("ms-requestid");
    assert_ne!(id(1), id(3), "another write is another request");
}

/// The code by which a conflict is known is lost with the rest of the response.
#[tokio::test]
async fn a_conflict_whose_response_was_lost_is_retried() {
    for fault in [Fault::ResetMidBody, Fault::TruncatedJson] {
        let faulty = Faulty::with(Faults::script([None, Some(fault)])).await;
        assert_eq!(update_overtaken(&faulty).await, 2, "{fault}");
        assert_eq!(markers(&faulty), " other own", "{fault}");
        let requests = faulty.sandbox.take_requests();
        let expected = ["GET", "PUT", "PUT", "GET", "PUT"];
        assert_eq!(methods(&requests), expected, "{fault}");
    }
}

/// Many updates at once; how each came out, by its marker.
async fn update_at_once(faulty: &Faulty, count: usize) -> Vec<(String, Result<bool, Error>)> {
    let mut updates = JoinSet::new();
    let partner = faulty.partner().build().unwrap();
    for n in 0..count {
        let (partner, marker) = (partner.clone(), format!("<{n}>"));
        updates.spawn(async move {
            let resource = partner.organization_profile().rounds(1000);
            let outcome = resource.update(|profile| mark(profile, &marker)).await;
            (marker, outcome.map(|updated| updated.is_written()))
        });
    }
    updates.join_all().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_updates_lose_nothing() {
    let faulty = Faulty::start().await;
    for (marker, outcome) in update_at_once(&faulty, 32).await {
        assert!(outcome.unwrap(), "{marker}");
        assert_eq!(markers(&faulty).matches(&marker).count(), 1, "{marker}");
    }
    assert_eq!(faulty.sandbox.applied_writes().len(), 32);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_updates_lose_nothing_when_things_go_wrong() {
    for seed in 1..=3 {
        let drawn = Faults::random(seed, 0.2).delay(Duration::from_millis(5));
        let faulty = Faulty::with(drawn).await;
        for (marker, outcome) in update_at_once(&faulty, 24).await {
            let count = markers(&faulty).matches(&marker).count();
            match outcome {
                Ok(is_written) => assert_eq!((is_written, count), (true, 1), "seed {seed}"),
                Err(error) if error.may_have_taken_effect() => assert!(count < 2, "{error}"),
                Err(error) => assert_eq!(count, 0, "seed {seed}: {error}"),
            }
        }
    }
}

#[tokio::test]
async fn others_who_keep_writing_are_reported() {
    let faulty = Faulty::start().await;
    let error = update(&faulty, |profile| {
        faulty.sandbox.respond_next_to(ORGANIZATION, conflict());
        mark(profile, "own");
    });
    let error = error.await.unwrap_err();
    assert!(error.is_conflict() && !error.may_have_taken_effect());
    let expected = "others kept writing, and 3 rounds were not enough";
    assert!(error.to_string().contains(expected), "{error}");
    let requests = faulty.sandbox.take_requests();
    assert_eq!(methods(&requests), ["GET", "PUT", "GET", "PUT", "GET", "PUT"]);
    assert!(faulty.sandbox.applied_writes().is_empty());
}

/// An update whose first PUT gets no response and whose retry is refused for its ETag, as where the
/// vendor has forgotten the request id; `apply` says whether the first one took effect.
async fn lost(faulty: &Faulty, apply: bool) -> Result<Updated<OrganizationProfile>, Error> {
    let mut calls = 0;
    let outcome = update(faulty, |profile| {
        calls += 1;
        mark(profile, "own");
        let response = Response::new(200).body("{\"companyName\": \"Fabrikam\"}");
        let stored = if apply {
            serde_json::to_value(&*profile).unwrap()
        } else {
            let mut others = faulty.sandbox.resource(ORGANIZATION).unwrap();
            others["markers"] = " other".into();
            others
        };
        faulty.sandbox.put_resource(ORGANIZATION, stored);
        faulty.sandbox.respond_next_to(ORGANIZATION, response.truncate(9));
        faulty.sandbox.respond_next_to(ORGANIZATION, conflict());
    });
    let outcome = outcome.await;
    let requests = faulty.sandbox.take_requests();
    assert_eq!(methods(&requests), ["GET", "PUT", "PUT", "GET"]);
    assert_eq!(calls, 1, "the change isn't applied once more on a guess");
    outcome
}

#[tokio::test]
async fn a_conflict_with_the_change_itself_is_a_success() {
    let faulty = Faulty::start().await;
    let updated = lost(&faulty, true).await.unwrap();
    assert!(updated.is_written());
    assert_eq!(markers(&faulty), " own");
    assert_eq!(updated.extra.get_raw("markers"), Some(r#"" own""#));
}

#[tokio::test]
async fn a_conflict_after_an_attempt_without_a_response_is_reported_as_that() {
    let faulty = Faulty::start().await;
    let error = lost(&faulty, false).await.unwrap_err();
    assert!(error.is_conflict() && error.may_have_taken_effect());
    let expected = "an earlier one may have taken effect";
    assert!(error.to_string().contains(expected), "{error}");
    assert_eq!(markers(&faulty), " other");
}

#[tokio::test]
async fn a_conflict_is_reported_if_the_lost_change_cannot_be_looked_for() {
    let faulty = Faulty::start().await;
    let error = update(&faulty, |profile| {
        mark(profile, "own");
        let cut = Response::new(200).body("{\"companyName\": \"Fabrikam\"}").truncate(9);
        for reply in [cut, conflict(), Response::new(403)] {
            faulty.sandbox.respond_next_to(ORGANIZATION, reply);
        }
    });
    let error = error.await.unwrap_err();
    assert!(error.is_conflict() && error.may_have_taken_effect(), "{error}");
    let requests = faulty.sandbox.take_requests();
    assert_eq!(methods(&requests), ["GET", "PUT", "PUT", "GET"]);
}

#[tokio::test]
async fn a_lost_response_is_retried() {
    for fault in [Fault::ResetAfterApplied, Fault::Html502AfterApplied, Fault::TruncatedJson] {
        let faulty = Faulty::with(Faults::script([None, Some(fault)])).await;
        let updated = update(&faulty, |profile| mark(profile, "own")).await;
        assert!(updated.unwrap().is_written(), "{fault}");
        assert_eq!(markers(&faulty), " own", "{fault}");
        assert_eq!(faulty.sandbox.applied_writes().len(), 1, "{fault}");
    }
}

#[tokio::test]
async fn all_attempts_and_waits_have_one_timeout() {
    let faulty = Faulty::start().await;
    let partner = faulty.partner().build().unwrap();
    let resource = partner.organization_profile().timeout(Duration::from_secs(30));
    let error = resource.update(|profile| {
        faulty.clock.advance(Duration::from_secs(30));
        mark(profile, "own");
    });
    let error = error.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(error.operation(), Some("update_organization_profile"));
    assert!(!error.may_have_been_sent() && !error.may_have_taken_effect(), "{error}");
    assert_eq!(methods(&faulty.sandbox.take_requests()), ["GET"]);
}

#[tokio::test]
async fn all_calls_of_an_update_have_one_correlation_id() {
    let faulty = Faulty::start().await;
    let partner = faulty.partner().build().unwrap();
    let [given, scope] = [CorrelationId::new(), CorrelationId::new()];
    let change = |profile: &mut OrganizationProfile| mark(profile, "own");
    let resource = || partner.organization_profile();
    resource().correlation_id(given).update(change).await.unwrap();
    Box::pin(scope.scope(resource().update(change))).await.unwrap();
    let made = resource().update(change).await.unwrap().correlation_id();
    let ids: Vec<_> = faulty
        .sandbox
        .take_requests()
        .iter()
        .map(|sent| sent.header("ms-correlationid").unwrap().to_owned())
        .collect();
    let expected = [given, given, scope, scope, made, made].map(|id| id.to_string());
    assert_eq!(ids, expected);
}

#[tokio::test]
async fn resources_without_an_etag_keep_what_they_hold_too() {
    let faulty = Faulty::start().await;
    let partner = faulty.partner().build().unwrap();
    let cloudflare = faulty.cloudflare().build().unwrap();
    let id = seed::CLOUDFLARE_ORGANIZATION_ID;
    let profile_path = format!("/client/v4/organizations/{id}/profile");
    for path in ["/v1/profiles/support", &profile_path] {
        let mut profile = faulty.sandbox.resource(path).unwrap();
        profile["tier"] = json!(["gold", null]);
        faulty.sandbox.put_resource(path, profile);
    }
    let telephone = "4255550199";
    let support = partner.support_profile();
    let support = support.update(|profile| profile.telephone = Some(telephone.into()));
    let support = support.await.unwrap();
    assert_eq!(support.telephone.as_deref(), Some(telephone));
    let profile = cloudflare.organization_profile(id);
    let profile = profile.update(|profile| profile.business_phone = Some(telephone.into()));
    let profile = profile.await.unwrap();
    assert!(profile.is_written());
    assert_eq!(profile.status(), 204);
    assert_eq!(profile.business_phone.as_deref(), Some(telephone));
    for (path, member) in [("/v1/profiles/support", "telephone"), (&profile_path, "business_phone")]
    {
        let stored = faulty.sandbox.resource(path).unwrap();
        assert_eq!(stored[member], telephone);
        assert_eq!(stored["tier"], json!(["gold", null]));
    }
    let read = cloudflare.organization_profile(id).get().await.unwrap();
    assert_eq!(read.business_phone.as_deref(), Some(telephone));

    let bare = cloudflare.organization_profile(seed::CLOUDFLARE_BARE_ORGANIZATION_ID);
    let error = bare.update(|_| {}).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
}
