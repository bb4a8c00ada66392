//! The body of a response as it came, beside its value.

use letterhead::cloudflare::types::OrganizationProfile;
use letterhead_sandbox::{Response, seed};
use serde_json::{Value, json};

use crate::support::{World, shown};

#[tokio::test]
async fn a_body_is_kept_where_the_call_asks_for_it() {
    let world = World::start().await;
    let reply = world.partner.get_support_profile().send().await.unwrap();
    assert!(reply.body().is_none());
    let reply = world.partner.get_support_profile().keep_body().send().await.unwrap();
    let body = reply.body().unwrap();
    // Partner Center's BOM, as it came.
    let json = body.strip_prefix(b"\xef\xbb\xbf").unwrap();
    let value: Value = serde_json::from_slice(json).unwrap();
    assert_eq!(value["email"].as_str(), reply.email.as_deref());
    assert!(!shown(&reply).contains("\\xef"));

    let odd = r#"{ "email":"a", "unknown" : 1.0 }"#;
    world.sandbox.respond_next(Response::new(200).body(odd));
    let reply = world.partner.get_support_profile().keep_body().send().await.unwrap();
    assert_eq!(&reply.body().unwrap()[..], odd.as_bytes());
    let mapped = reply.map(|profile| profile.email);
    assert_eq!(&mapped.body().unwrap()[..], odd.as_bytes());
}

#[tokio::test]
async fn lists_no_content_and_resources_keep_it_as_well() {
    let world = World::start().await;
    let page = json!({"items": [{"id": "a"}, 7]}).to_string();
    world.sandbox.respond_next(Response::new(200).body(page.clone()));
    let mut pages = world.partner.list_customers().keep_body().pages();
    assert!(pages.next().await.unwrap().unwrap_err().item().is_some());
    let reply = pages.next().await.unwrap().unwrap();
    assert_eq!(&reply.body().unwrap()[..], page.as_bytes());

    let profile = world.cloudflare.organization_profile(seed::CLOUDFLARE_ORGANIZATION_ID);
    let profile = profile.keep_body();
    let read = profile.clone().get().await.unwrap();
    let envelope: Value = serde_json::from_slice(read.body().unwrap()).unwrap();
    let value: OrganizationProfile = serde_json::from_value(envelope["result"].clone()).unwrap();
    assert_eq!(value, *read);
    let updated = profile.update(|profile| profile.business_name = Some("Other".into()));
    let updated = updated.await.unwrap();
    assert!(updated.is_written() && updated.body().unwrap().is_empty());
}
