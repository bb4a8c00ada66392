//! What a resource that is replaced whole takes besides its change: settings, refusals, previews.

use crate::support::{Faulty, World, nobody, partner_at};
use letterhead::partner_center::types::OrganizationProfile;
use letterhead::{Error, ErrorKind, RetryPolicy};
use letterhead_sandbox::{Fault, Faults, Response, seed};
use serde_json::json;

const ORGANIZATION: &str = "/v1/profiles/organization";

/// A caller's own error.
#[derive(Debug)]
enum Refused {
    NoAddress,
    Call(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

fn move_to(profile: &mut OrganizationProfile, city: &str) -> Result<(), Refused> {
    let address = profile.default_address.as_mut().ok_or(Refused::NoAddress)?;
    address.city = Some(city.to_owned());
    Ok(())
}

#[tokio::test]
async fn every_call_of_an_update_has_its_settings() {
    let world = World::start().await;
    let profile = world.partner.organization_profile();
    let profile = profile.extra_header("x-gateway", "ops");
    let email = || Some("office@fabrikam.example".to_owned());
    let update = profile.clone().update(|profile| profile.email = email());
    assert!(update.await.unwrap().is_written());
    profile.clone().get().await.unwrap();
    let requests = world.sandbox.take_requests();
    let headers = requests.iter().map(|sent| sent.header("x-gateway"));
    assert_eq!(headers.collect::<Vec<_>>(), [Some("ops"); 3]);

    let refused = profile.extra_header("authorization", "ops");
    let error = refused.update(|_| {}).await.unwrap_err();
    assert!(error.to_string().contains("letterhead's own"), "{error}");
    assert_eq!(world.sandbox.requests().len(), 0);
}

#[tokio::test]
async fn an_update_has_a_policy_of_its_own() {
    for (policy, attempts) in [(RetryPolicy::never(), 1), (RetryPolicy::default(), 2)] {
        let faulty = Faulty::with(Faults::script([Some(Fault::Html502)])).await;
        let partner = faulty.partner().retry(RetryPolicy::never()).build().unwrap();
        let profile = partner.organization_profile().retry(policy);
        let updated = profile.update(|_| {}).await;
        assert_eq!(updated.is_ok(), attempts == 2, "{updated:?}");
        assert_eq!(faulty.sandbox.take_requests().len(), attempts - 1);
    }
}

#[tokio::test]
async fn a_change_that_refuses_what_it_finds_sends_nothing() {
    let world = World::start().await;
    let profile = || world.partner.organization_profile();
    let moved = profile().try_update(|profile| move_to(profile, "Bellevue"));
    let city = |profile: &OrganizationProfile| profile.default_address.clone()?.city;
    assert_eq!(city(&moved.await.unwrap()).as_deref(), Some("Bellevue"));
    let _ = world.sandbox.take_requests();

    let bare = json!({"companyName": "Fabrikam", "attributes": {"etag": "1"}});
    world.sandbox.respond_next(Response::new(200).json(&bare));
    let moved = profile().try_update(|profile| move_to(profile, "Redmond"));
    assert!(matches!(moved.await, Err(Refused::NoAddress)));
    assert_eq!(world.request().method, "GET");

    // A refusal after a conflict ends the update too.
    let conflict = Response::new(400).json(&json!({"code": 2055}));
    let mut rounds = 0;
    let moved = profile().try_update(|profile| {
        rounds += 1;
        world.sandbox.respond_next_to(ORGANIZATION, conflict.clone());
        if rounds == 2 {
            return Err(Refused::NoAddress);
        }
        move_to(profile, "Redmond")
    });
    assert!(matches!(moved.await, Err(Refused::NoAddress)));
    assert_eq!((rounds, world.sandbox.applied_writes().len()), (2, 1));
}

#[tokio::test]
async fn an_error_of_a_call_becomes_the_callers_own() {
    let partner = partner_at(nobody()).retry(RetryPolicy::never());
    let partner = partner.build().unwrap();
    let moved = partner.organization_profile();
    let moved = moved.try_update(|profile| move_to(profile, "Redmond"));
    let Err(Refused::Call(error)) = moved.await else {
        panic!("nobody responds");
    };
    assert_eq!(error.kind(), ErrorKind::Connect);
}

#[tokio::test]
async fn a_preview_shows_what_would_be_sent_and_sends_nothing() {
    let world = World::start().await;
    let profile = || world.partner.organization_profile();
    let email = "new@fabrikam.example";
    let preview = profile().preview(|profile| profile.email = Some(email.to_owned()));
    let preview = preview.await.unwrap();
    assert_ne!(preview.read.email.as_deref(), Some(email));
    let write = preview.write.unwrap();
    assert_eq!(write.email.as_deref(), Some(email));
    assert_eq!(write.company_name, preview.read.company_name);
    assert_eq!(world.request().method, "GET");

    let preview = profile().preview(|_| {}).await.unwrap();
    assert!(preview.write.is_none());
    assert_eq!(world.request().method, "GET");
}

#[tokio::test]
async fn the_key_of_a_resource_may_be_a_text_of_any_kind() {
    let world = World::start().await;
    let customer = seed::CUSTOMER_TENANT_ID.to_owned();
    let borrowed = world.partner.customer_billing_profile(&customer);
    borrowed.get().await.unwrap();
    let owned = world.partner.customer_billing_profile(customer.clone());
    owned.get().await.unwrap();
    let target = format!("/v1/customers/{customer}/profiles/billing");
    let requests = world.sandbox.take_requests();
    assert!(requests.iter().all(|sent| sent.target == target));
}
