//! Campaign Standard's units and profiles.

use letterhead::Patch;
use letterhead::campaign_standard::types::{OrganizationalUnitReference, ProfilePatch};
use letterhead_sandbox::{RecordedRequest, credentials, seed};
use serde_json::json;

use super::assert_request;
use crate::support::World;

fn assert_campaign(request: &RecordedRequest, method: &str, path: &str) {
    let token = format!("Bearer {}", credentials::CAMPAIGN_ACCESS_TOKEN);
    let headers = [("authorization", token.as_str()), ("x-api-key", credentials::CAMPAIGN_API_KEY)];
    let target = format!("/{}/campaign/profileAndServicesExt/{path}", seed::CAMPAIGN_ORGANIZATION);
    assert_request(request, method, &target, &headers);
}

#[tokio::test]
async fn organizational_units_are_listed_over_all_pages_and_read() {
    let world = World::start().await;
    let mut page = world
        .campaign
        .list_organizational_units()
        .line_count(2)
        .order("name desc")
        .send()
        .await
        .unwrap();
    assert_campaign(&world.request(), "GET", "orgUnitBase/?_lineCount=2&_order=name%20desc");
    let mut keys = Vec::new();
    loop {
        keys.extend(page.content.iter().filter_map(|unit| unit.p_key.clone()));
        match world.campaign.next_page(&page).await.unwrap() {
            Some(next) => page = next,
            None => break,
        }
    }
    assert_eq!(keys.len(), 3, "{keys:?}");
    assert!(world.sandbox.take_requests().iter().all(|e| e.target.contains("_lineStart=")));

    let unit = world
        .campaign
        .get_organizational_unit()
        .org_unit_pkey(seed::CAMPAIGN_UNIT_PKEY)
        .send()
        .await
        .unwrap();
    assert_campaign(&world.request(), "GET", &format!("orgUnitBase/{}", seed::CAMPAIGN_UNIT_PKEY));
    assert_eq!(unit.p_key.as_deref(), Some(seed::CAMPAIGN_UNIT_PKEY));
    // A space where RFC 3339 has a `T`: kept as it came.
    assert_eq!(unit.created.as_ref().unwrap().as_bytes()[10], b' ');
}

#[tokio::test]
async fn a_profile_is_found_by_e_mail_and_moved_to_another_unit() {
    let world = World::start().await;
    let found = world
        .campaign
        .list_profiles_by_email()
        .email(seed::CAMPAIGN_LOOSE_PROFILE_EMAIL)
        .send()
        .await
        .unwrap();
    let encoded = seed::CAMPAIGN_LOOSE_PROFILE_EMAIL.replace('+', "%2B").replace('@', "%40");
    assert_campaign(&world.request(), "GET", &format!("profile/byEmail?email={encoded}"));
    assert_eq!(found.content.len(), 1);
    assert_eq!(found.content[0].org_unit, None);

    let unit = OrganizationalUnitReference::from(seed::CAMPAIGN_OTHER_UNIT_PKEY);
    let updated = world
        .campaign
        .update_profile()
        .profile_pkey(seed::CAMPAIGN_LOOSE_PROFILE_PKEY)
        .body_map(|profile| profile.org_unit(unit))
        .send()
        .await
        .unwrap();
    let request = world.request();
    let path = format!("profile/{}", seed::CAMPAIGN_LOOSE_PROFILE_PKEY);
    assert_campaign(&request, "PATCH", &path);
    assert_eq!(
        request.json().unwrap(),
        json!({"orgUnit": {"PKey": seed::CAMPAIGN_OTHER_UNIT_PKEY}})
    );
    let updated = updated.into_inner().expect("the response to a change has a body");
    assert_eq!(updated.p_key.as_deref(), Some(seed::CAMPAIGN_LOOSE_PROFILE_PKEY));

    let profile = world.campaign.get_profile().profile_pkey(seed::CAMPAIGN_LOOSE_PROFILE_PKEY);
    let profile = profile.send().await.unwrap();
    assert_campaign(&world.request(), "GET", &path);
    let unit = profile.org_unit.as_ref().unwrap();
    assert_eq!(unit.title.as_deref(), Some("Northwind Brand (northwind-brand)"));

    let clear = world.campaign.update_profile().profile_pkey(seed::CAMPAIGN_LOOSE_PROFILE_PKEY);
    clear.body_map(|profile| profile.org_unit(Patch::Clear)).send().await.unwrap();
    assert_eq!(world.request().json().unwrap(), json!({"orgUnit": null}));
}

#[tokio::test]
async fn a_patch_of_nothing_has_an_empty_response() {
    let world = World::start().await;
    let call = world.campaign.update_profile().profile_pkey(seed::CAMPAIGN_PROFILE_PKEY);
    let reply = call.body(ProfilePatch::default()).send().await.unwrap();
    assert_eq!(reply.status(), 204);
    assert_eq!(*reply, None);
    assert_eq!(world.request().json().unwrap(), json!({}));
}

#[tokio::test]
async fn members_that_the_document_does_not_know_can_be_patched() {
    let world = World::start().await;
    let mut patch = ProfilePatch::default();
    patch.extra.insert("cusLoyalty", json!({"level": 3}));
    let call = world.campaign.update_profile().profile_pkey(seed::CAMPAIGN_PROFILE_PKEY);
    call.body(patch).send().await.unwrap();
    assert_eq!(world.request().json().unwrap(), json!({"cusLoyalty": {"level": 3}}));
}
