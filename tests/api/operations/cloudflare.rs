//! Cloudflare's profile of an organization.

use letterhead_sandbox::{RecordedRequest, credentials, seed};
use serde_json::json;

use super::assert_request;
use crate::support::{World, whole_profile};

fn assert_cloudflare(request: &RecordedRequest, method: &str) {
    let target = format!("/client/v4/organizations/{}/profile", seed::CLOUDFLARE_ORGANIZATION_ID);
    let headers = [
        ("x-auth-email", credentials::CLOUDFLARE_EMAIL),
        ("x-auth-key", credentials::CLOUDFLARE_API_KEY),
    ];
    assert_request(request, method, &target, &headers);
    for absent in ["authorization", "ms-requestid", "ms-correlationid"] {
        assert_eq!(request.header(absent), None);
    }
}

#[tokio::test]
async fn cloudflare_profile_is_read_and_replaced() {
    let world = World::start().await;
    let reply = world
        .cloudflare
        .get_organization_profile()
        .organization_id(seed::CLOUDFLARE_ORGANIZATION_ID)
        .send()
        .await
        .unwrap();
    let request = world.request();
    assert_cloudflare(&request, "GET");
    assert_eq!(reply.trace_id(), request.response.headers()["cf-ray"].to_str().ok());
    assert_eq!(reply.success, Some(true));

    let mut profile = reply.into_inner().result.unwrap();
    profile.business_phone = Some("+1 425 555 0177".to_owned());
    let sent = serde_json::to_value(&profile).unwrap();
    let reply = world
        .cloudflare
        .modify_organization_profile()
        .organization_id(seed::CLOUDFLARE_ORGANIZATION_ID)
        .body(profile)
        .send()
        .await
        .unwrap();
    let request = world.request();
    assert_cloudflare(&request, "PUT");
    assert_eq!(reply.status(), 204);
    assert_eq!(request.json().unwrap(), sent);
    assert_eq!(sent.as_object().unwrap().len(), 5);
}

#[tokio::test]
async fn a_modified_profile_may_come_back_in_the_response() {
    let world = World::start().await;
    let body = json!({"success": true, "errors": [], "messages": [], "result": {}});
    world.sandbox.respond_next(letterhead_sandbox::Response::new(200).json(&body));
    let call = world.cloudflare.modify_organization_profile().organization_id("o");
    let reply = call.body(whole_profile()).send().await.unwrap();
    assert_eq!(reply.status(), 200);
}

#[tokio::test]
async fn cloudflare_takes_a_token_instead_of_the_key() {
    use letterhead::cloudflare::{Client, Credential};

    let world = World::start().await;
    let client = Client::builder()
        .base_url(world.sandbox.cloudflare_url())
        .credential(Credential::api_token(credentials::CLOUDFLARE_API_TOKEN).unwrap())
        .build()
        .unwrap();
    let call = client.get_organization_profile();
    call.organization_id(seed::CLOUDFLARE_ORGANIZATION_ID).send().await.unwrap();
    let request = world.request();
    let token = format!("Bearer {}", credentials::CLOUDFLARE_API_TOKEN);
    assert_eq!(request.header("authorization"), Some(token.as_str()));
    assert_eq!(request.header("x-auth-key"), None);
    assert_eq!(request.header("x-auth-email"), None);
}
