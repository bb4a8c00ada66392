//! Every operation against the sandbox: what went over the wire, and what came back.

mod campaign_standard;
mod cloudflare;
mod ids;
mod partner_center;

use crate::support::World;
use letterhead::Patch;
use letterhead::partner_center::types::UserState;
use letterhead_sandbox::{RecordedRequest, seed};
use serde_json::{Value, json};

/// Method, target, and the headers that every request to a vendor has.
fn assert_request(request: &RecordedRequest, method: &str, target: &str, headers: &[(&str, &str)]) {
    assert_eq!(request.method, method);
    assert_eq!(request.target, target);
    let common = [
        ("accept", "application/json"),
        ("user-agent", concat!("letterhead/", env!("CARGO_PKG_VERSION"))),
    ];
    for (name, value) in common.iter().chain(headers) {
        assert_eq!(request.header(name), Some(*value), "{name}");
    }
    // progenitor's own, which no vendor asks for.
    assert_eq!(request.header("api-version"), None);
    let sends_json = request.header("content-type") == Some("application/json");
    assert_eq!(sends_json, !request.body.is_empty());
}

#[tokio::test]
async fn what_is_unknown_survives_read_and_write() {
    let world = World::start().await;
    let path = "/v1/profiles/organization";
    let mut planted = world.sandbox.resource(path).unwrap();
    planted["newMember"] = json!({"deep": [1, null, {"a": []}]});
    planted["profileType"] = Value::Null;
    planted["defaultAddress"]["futureLine"] = json!("Suite 5");
    planted["defaultAddress"]["addressLine3"] = Value::Null;
    planted["links"]["self"]["headers"] = json!([]);
    world.sandbox.put_resource(path, planted.clone());

    let profile = world.partner.get_organization_profile().send().await.unwrap().into_inner();
    assert_eq!(profile.profile_type, None);
    // Whether the service takes a null is its business; what is sent is what came.
    let _ = world.partner.update_organization_profile().body(profile).send().await;
    let put = world.sandbox.take_requests().remove(1);
    assert_eq!(put.json().unwrap(), planted);
}

#[tokio::test]
async fn unlisted_enum_values_survive_read_and_write() {
    let world = World::start().await;
    let path = format!("/v1/customers/{}/users/{}", seed::CUSTOMER_TENANT_ID, seed::USER_ID);
    let mut planted = world.sandbox.resource(&path).unwrap();
    planted["state"] = json!("suspended");
    world.sandbox.put_resource(&path, planted.clone());
    let call = world.partner.get_customer_user().customer_tenant_id(seed::CUSTOMER_TENANT_ID);
    let user = call.user_id(seed::USER_ID).send().await.unwrap();
    assert_eq!(user.state, Some(UserState::Unlisted("suspended".to_owned())));
    assert_eq!(serde_json::to_value(&*user).unwrap(), planted);
}

#[tokio::test]
async fn a_reply_can_be_written_back_as_it_is() {
    let world = World::start().await;
    let reply = world.partner.get_support_profile().send().await.unwrap();
    let before = serde_json::to_value(&*reply).unwrap();
    world.partner.update_support_profile().body(reply).send().await.unwrap();
    assert_eq!(world.sandbox.take_requests()[1].json().unwrap(), before);
}

#[tokio::test]
async fn patches_take_texts_for_enums_and_options() {
    let world = World::start().await;
    let call = world.partner.update_customer_user().customer_tenant_id(seed::CUSTOMER_TENANT_ID);
    call.user_id(seed::USER_ID)
        .body_map(|user| {
            user.state("active")
                .first_name(Patch::set_or_keep(None))
                .last_name(Patch::set_or_clear(None))
        })
        .send()
        .await
        .unwrap();
    let expected = json!({"state": "active", "lastName": null});
    assert_eq!(world.request().json().unwrap(), expected);
}
