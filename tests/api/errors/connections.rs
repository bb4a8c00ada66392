//! Responses that don't come, come in part or come from elsewhere.

use std::error::Error as _;
use std::time::Duration;

use letterhead::partner_center::types::SupportProfile;
use letterhead::{ErrorKind, partner_center};
use letterhead_sandbox::{Response, seed};
use serde_json::json;

use super::{assert_traceable, error_of};
use crate::support::{World, nobody, partner_at};

#[tokio::test]
async fn a_body_cut_off_is_a_failure_of_the_connection() {
    let body = r#"{"companyName": "Fabrikam"}"#;
    let (_world, error) = error_of(Response::new(200).body(body).truncate(10)).await;
    assert_traceable(&error, "get_organization_profile");
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert_eq!(error.status().unwrap(), 200);

    // What a failure said before it broke off is still what it said.
    let refusal = r#"{"code": 800001, "description": "no token"}"#;
    let reply = Response::new(401).body(refusal).truncate(refusal.len() - 1);
    let (_world, error) = error_of(reply).await;
    assert!(error.is_unauthorized() && error.source().is_some(), "{error:?}");
    assert_eq!(error.body().unwrap(), &refusal.as_bytes()[..refusal.len() - 1]);

    // Cut off by someone who counted again.
    let (_world, error) = error_of(Response::new(200).body(&body.as_bytes()[..10])).await;
    assert!(error.is_decode());
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let reply = Response::new(307).header("location", "https://elsewhere.example/v1");
    let (world, error) = error_of(reply).await;
    assert_eq!(error.status().unwrap(), 307);
    assert!(error.to_string().contains("redirects aren't followed"), "{error}");
    assert_eq!(world.sandbox.requests().len(), 1);
}

#[tokio::test]
async fn a_failure_is_sent_once() {
    for status in [408, 429, 500, 503] {
        let (world, _) = error_of(Response::new(status)).await;
        assert_eq!(world.sandbox.requests().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn without_a_connection_nothing_was_sent() {
    let sandbox = letterhead_sandbox::Sandbox::start().await.unwrap();
    let unknown = partner_center::Credential::bearer("token").unwrap();
    let client = partner_at(sandbox.url()).credential(unknown).build().unwrap();
    let nobody = partner_at(nobody()).build().unwrap();
    let error = nobody.get_support_profile().send().await.unwrap_err();
    assert!(error.is_connect());
    assert_traceable(&error, "get_support_profile");
    assert!(error.to_string().contains("nothing was sent"), "{error}");
    // The source says why, and the text doesn't repeat it.
    let source = error.source().unwrap().to_string();
    assert!(!error.to_string().contains(&source), "{error} / {source}");
    assert!(client.get_support_profile().send().await.unwrap_err().is_unauthorized());
}

#[tokio::test]
async fn a_server_that_never_responds_is_given_up_on() {
    // Connections are taken by the system; nobody reads from them.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let client = partner_at(format!("http://{}", listener.local_addr().unwrap()))
        .timeout(Duration::from_millis(50))
        .build()
        .unwrap();
    let error = client.get_support_profile().send().await.unwrap_err();
    assert!(error.is_timeout() && !error.is_connect());
    assert!(error.may_have_been_sent() && !error.may_have_taken_effect());
    assert!(!error.to_string().contains("may have acted"), "{error}");

    let write = client.update_support_profile().body(SupportProfile::default());
    let error = write.send().await.unwrap_err();
    assert!(error.is_timeout() && error.may_have_taken_effect());
    assert!(error.to_string().contains("may have acted on the request"), "{error}");
}

#[tokio::test]
async fn a_redirect_that_the_callers_client_followed_is_reported() {
    let world = World::without_retries().await;
    let http = letterhead::http_client_builder().unwrap();
    let http = http.redirect(letterhead::reqwest::redirect::Policy::default());
    let client = partner_at(world.sandbox.url()).http_client(http.build().unwrap());
    let client = client.build().unwrap();
    world.sandbox.respond_next(Response::new(307).header("location", "/v1/profiles/organization"));
    let error = client.get_support_profile().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("followed a redirect"), "{error}");
}

#[tokio::test]
async fn a_list_that_leads_back_to_itself_ends() {
    let world = World::without_retries().await;
    let path =
        format!("/{}/campaign/profileAndServicesExt/orgUnitBase/", seed::CAMPAIGN_ORGANIZATION);
    let href = format!("{}{path}?_lineStart=x", world.sandbox.url());
    world.sandbox.put_resource(&path, json!({"content": [], "next": {"href": href}}));
    let page = world.campaign.list_organizational_units().send().await.unwrap();
    let error = world.campaign.next_page(&page).await.unwrap_err();
    assert!(error.to_string().contains("leads back to the page"), "{error}");
}
