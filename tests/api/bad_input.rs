//! Input that fails clearly before anything is sent, or is sent as what it is.

use crate::support::World;
use letterhead::campaign_standard::types::OrganizationalUnitReference;
use letterhead::cloudflare::types::OrganizationParentInput;
use letterhead::{Error, ErrorKind, campaign_standard, cloudflare, partner_center};
use letterhead_sandbox::seed;
use serde_json::json;

async fn read_user(world: &World, id: &str) -> Result<(), Error> {
    let call = world.partner.get_customer_user().customer_tenant_id(seed::CUSTOMER_TENANT_ID);
    call.user_id(id).send().await.map(drop)
}

#[tokio::test]
async fn ids_that_lead_elsewhere_are_refused_before_anything_is_sent() {
    let world = World::start().await;
    for (id, expected) in [
        ("", "`user_id` is empty"),
        (".", "`user_id` is `.`, which would lead to another resource"),
        ("..", "`user_id` is `..`, which would lead to another resource"),
        ("..;x", "`user_id` would lead to another resource"),
    ] {
        let error = read_user(&world, id).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.is_invalid_request());
        let text = error.to_string();
        assert!(text.starts_with(&format!("get_customer_user: {expected}")), "{text}");
    }
    assert_eq!(world.sandbox.requests().len(), 0);
}

#[tokio::test]
async fn every_other_id_is_one_segment() {
    let world = World::start().await;
    let base = format!("/v1/customers/{}/users/", seed::CUSTOMER_TENANT_ID);
    for (id, encoded) in [
        ("a/b", "a%2Fb"),
        ("a\\b", "a%5Cb"),
        ("../../organization", "..%2F..%2Forganization"),
        ("..\\x", "..%5Cx"),
        ("%2e%2e", "%252e%252e"),
        ("a?b=c#d", "a%3Fb=c%23d"),
        ("100%", "100%25"),
        ("a b\tc\n", "a%20b%09c%0A"),
        ("é\u{202e}日", "%C3%A9%E2%80%AE%E6%97%A5"),
        ("@xxx-yy_==", "@xxx-yy_=="),
        ("...", "..."),
        ("a;b:c,d", "a;b:c,d"),
        ("<a>\"{b}|^`[c]", "%3Ca%3E%22%7Bb%7D%7C%5E%60%5Bc%5D"),
    ] {
        let error = read_user(&world, id).await.unwrap_err();
        assert_eq!(error.codes(), ["60002"], "{id}: the sandbox knows no such user");
        assert_eq!(world.request().target, format!("{base}{encoded}"), "{id}");
    }
}

#[tokio::test]
async fn a_missing_argument_is_named() {
    let world = World::start().await;
    let error = world.partner.get_customer_user().user_id("u").send().await.unwrap_err();
    let text = error.to_string();
    let expected = "get_customer_user: customer_tenant_id is required and was not set";
    assert!(text.starts_with(expected), "{text}");
    assert_eq!(world.sandbox.requests().len(), 0);
}

#[tokio::test]
async fn a_forgotten_body_is_not_sent_as_a_blank_one() {
    let world = World::start().await;
    let user = world.partner.update_customer_user().customer_tenant_id("c").user_id("u");
    let errors = [
        world.partner.update_organization_profile().send().await.unwrap_err(),
        world
            .cloudflare
            .modify_organization_profile()
            .organization_id("o")
            .send()
            .await
            .unwrap_err(),
        user.send().await.unwrap_err(),
    ];
    for error in errors {
        assert!(error.to_string().contains("body is required and was not set"), "{error}");
    }
    assert_eq!(world.sandbox.requests().len(), 0);
}

#[tokio::test]
async fn a_member_that_a_builder_within_a_body_lacks_is_named() {
    let world = World::start().await;
    let organization = world.cloudflare.create_organization();
    let parent = OrganizationParentInput::builder();
    let organization = organization.body_map(|new| new.name("Fabrikam").parent(parent));
    let profile = world.campaign.update_profile().profile_pkey("@p");
    let unit = OrganizationalUnitReference::builder();
    let profile = profile.body_map(|profile| profile.org_unit(unit));
    let errors = [
        (
            organization.send().await.unwrap_err(),
            "create_organization: error converting supplied value for parent: \
             id is required and was not set",
        ),
        (
            profile.send().await.unwrap_err(),
            "update_profile: error converting supplied value for org_unit: \
             p_key is required and was not set",
        ),
    ];
    for (error, expected) in errors {
        assert!(error.to_string().starts_with(expected), "{error}");
    }
    assert_eq!(world.sandbox.requests().len(), 0);
}

#[tokio::test]
async fn a_header_argument_that_cannot_be_sent_is_named() {
    let world = World::start().await;
    let call = world.partner.update_organization_profile().if_match("\"1\"\r\nX-Evil: 1");
    let error = call.body_map(|profile| profile).send().await.unwrap_err();
    assert!(error.to_string().contains("the header `if-match`"), "{error}");
    assert_eq!(world.sandbox.requests().len(), 0);
}

#[tokio::test]
async fn base_urls_may_have_a_path_and_a_slash_at_the_end() {
    let world = World::start().await;
    for (suffix, target) in [
        ("", "/v1/profiles/support"),
        ("/", "/v1/profiles/support"),
        ("/gateway/", "/gateway/v1/profiles/support"),
        ("\n", "/v1/profiles/support"),
    ] {
        let client = partner_center::Client::builder()
            .base_url(format!("{}{suffix}", world.sandbox.url()))
            .credential(partner_center::Credential::bearer("token").unwrap())
            .build()
            .unwrap();
        let _ = client.get_support_profile().send().await;
        assert_eq!(world.request().target, target);
    }
}

#[test]
fn other_base_urls_fail_with_the_way_out() {
    for (url, expected) in [
        ("api.example.com", "has no scheme; it looks like `https://api.example.com`"),
        ("http://hunter2.example.com", "plain http to another machine"),
        ("http://hunter2#x@api.example.com", "plain http"),
        ("https://me:hunter2@api.example.com", "has a user or a password"),
        ("https://api.example.com/?token=hunter2", "has a query or a fragment"),
        ("https://api.partnercenter.microsoft.com/v1", "ends in `/v1`"),
        ("", "has no scheme"),
        ("me:hunter2@api.example.com", "has no scheme"),
        ("api.example.com/?token=hunter2", "has no scheme"),
        ("https:/me:hunter2@api.example.com", "has no scheme"),
        ("hunter2", "has no scheme"),
        ("localhost:8080", "has no scheme"),
        ("//api.example.com", "has no scheme"),
        ("http://127.0.0.1.example.com", "plain http"),
        ("ftp://api.example.com", "another scheme than `https`"),
        ("hunter2://api.example.com", "another scheme than `https`"),
        ("https://api.example.com//hunter2", "an empty segment"),
        ("https://hunter2/x@api.example.com/?", "has a query"),
        ("https://", "can't be read"),
    ] {
        let builder = partner_center::Client::builder()
            .base_url(url)
            .credential(partner_center::Credential::bearer("token").unwrap());
        assert!(!format!("{builder:?}").contains("hunter2"));
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        let text = error.to_string();
        assert!(text.contains(expected), "{url}: {text}");
        assert!(!format!("{text}{error:?}").contains("hunter2"));
    }
}

#[test]
fn an_instance_is_one_segment() {
    for organization in
        ["", "..", "..\n", ".\t.", "acme\n", " ", "acme/campaign", "acme\\x", "a%2e"]
    {
        let error = campaign_standard::Client::builder(organization)
            .credential(campaign_standard::Credential::new("token", "key").unwrap())
            .build()
            .unwrap_err();
        assert!(error.to_string().contains("called by its tenant id"), "{error}");
    }
}

#[test]
fn a_client_needs_a_credential() {
    let error = cloudflare::Client::builder().build().unwrap_err();
    let expected = "the client for Cloudflare has no credential; give its builder one";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_credential_with_a_line_break_is_refused_and_not_shown() {
    let secret = "hunter2-hunter2\nX-Evil: 1";
    for error in [
        partner_center::Credential::bearer(secret).unwrap_err(),
        cloudflare::Credential::api_token(secret).unwrap_err(),
        cloudflare::Credential::api_key("a@b.example", secret).unwrap_err(),
        cloudflare::Credential::api_key("a@b.example\r\n", "key").unwrap_err(),
        campaign_standard::Credential::new("token", secret).unwrap_err(),
    ] {
        let text = format!("{error} {error:?}");
        assert!(text.contains("a line break at byte"), "{text}");
        assert!(!text.contains("hunter2"), "{text}");
    }
}

#[tokio::test]
async fn a_list_does_not_lead_to_another_origin_or_instance() {
    let world = World::start().await;
    let path =
        format!("/{}/campaign/profileAndServicesExt/orgUnitBase/", seed::CAMPAIGN_ORGANIZATION);
    let port = world.sandbox.url();
    for (href, expected) in [
        ("https://evil.example/x".to_owned(), "leads to `https://evil.example`"),
        ("//evil.example/x".to_owned(), "leads to `http://evil.example`"),
        (format!("{port}@evil.example/x"), "leads to `http://evil.example`"),
        (format!("https{}", port.trim_start_matches("http")), "leads to `https://127.0.0.1"),
        (format!("{port}/other/campaign/x"), "another instance's data"),
        (format!("{port}/fabrikam/../other/x"), "another instance's data"),
        ("http://[".to_owned(), "can't be read"),
    ] {
        let planted = json!({"content": [], "next": {"href": href}});
        world.sandbox.put_resource(&path, planted);
        let page = world.campaign.list_organizational_units().send().await.unwrap();
        let error = world.campaign.next_page(&page).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        let text = error.to_string();
        assert!(text.starts_with("next_page: ") && text.contains(expected), "{href}: {text}");
        assert_eq!(world.sandbox.take_requests().len(), 1, "only the first page was asked for");
    }
}

#[tokio::test]
async fn a_client_of_the_callers_own_is_used() {
    let world = World::start().await;
    let http = letterhead::http_client_builder().unwrap().build().unwrap();
    let builder = || {
        partner_center::Client::builder()
            .base_url(world.sandbox.url())
            .credential(partner_center::Credential::bearer("token").unwrap())
            .http_client(http.clone())
    };
    let error = builder().build().unwrap().get_support_profile().send().await.unwrap_err();
    assert!(error.is_unauthorized());
    let error = builder().connect_timeout(std::time::Duration::from_secs(1)).build().unwrap_err();
    assert!(error.to_string().contains("set it there"), "{error}");
}
