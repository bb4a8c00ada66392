//! Partner Center's profiles, customers and their users.

use letterhead::Patch;
use letterhead::partner_center::types::{SortDirection, SupportProfile, UserState};
use letterhead_sandbox::{RecordedRequest, credentials, seed};
use serde_json::{Value, json};

use super::assert_request;
use crate::support::World;

fn partner_headers() -> Vec<(&'static str, String)> {
    vec![("authorization", format!("Bearer {}", credentials::PARTNER_CENTER_TOKEN))]
}

fn assert_partner(request: &RecordedRequest, method: &str, target: &str) {
    let headers = partner_headers();
    let headers: Vec<_> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
    assert_request(request, method, target, &headers);
    for id in ["ms-requestid", "ms-correlationid"] {
        let id = request.header(id).expect("both ids are sent");
        assert!(id.parse::<uuid::Uuid>().is_ok(), "{id}");
    }
    if request.response.status().is_success() {
        assert!(request.response.body().starts_with(b"\xef\xbb\xbf"), "the sandbox sends the BOM");
    }
}

#[tokio::test]
async fn organization_profile_is_read_changed_and_read_again() {
    let world = World::start().await;
    let reply = world.partner.get_organization_profile().send().await.unwrap();
    let request = world.request();
    assert_partner(&request, "GET", "/v1/profiles/organization");
    assert_eq!(reply.company_name.as_deref(), Some("Fabrikam Partner Services"));
    assert_eq!(reply.status(), 200);
    assert_eq!(reply.trace_id(), request.response.headers()["ms-cv"].to_str().ok());

    let before = world.sandbox.resource("/v1/profiles/organization").unwrap();
    let mut profile = reply.into_inner();
    let address = profile.default_address.get_or_insert_default();
    address.phone_number = Some("4255550188".to_owned());
    let updated = world.partner.update_organization_profile().body(profile).send().await.unwrap();
    let request = world.request();
    assert_partner(&request, "PUT", "/v1/profiles/organization");
    let mut expected = before.clone();
    expected["defaultAddress"]["phoneNumber"] = json!("4255550188");
    assert_eq!(request.json().unwrap(), expected);

    let again = world.partner.get_organization_profile().send().await.unwrap();
    assert_eq!(*again, *updated);
    let etag = |value: &Value| value["attributes"]["etag"].clone();
    let after = world.sandbox.resource("/v1/profiles/organization").unwrap();
    assert_ne!(etag(&before), etag(&after));
}

#[tokio::test]
async fn an_etag_header_is_sent_as_it_is_given() {
    let world = World::start().await;
    let profile = world.partner.get_organization_profile().send().await.unwrap().into_inner();
    let etag = profile.attributes.as_ref().and_then(|a| a.etag.clone()).unwrap();
    let quoted = format!("\"{etag}\"");
    world
        .partner
        .update_organization_profile()
        .if_match(quoted.as_str())
        .body(profile)
        .send()
        .await
        .unwrap();
    let requests = world.sandbox.take_requests();
    assert_eq!(requests[1].header("if-match"), Some(quoted.as_str()));
}

#[tokio::test]
async fn support_profile_is_read_and_replaced() {
    let world = World::start().await;
    let profile = world.partner.get_support_profile().send().await.unwrap().into_inner();
    assert_partner(&world.request(), "GET", "/v1/profiles/support");
    assert!(profile.email.is_some());

    let new = SupportProfile::builder()
        .email("help@fabrikam.example")
        .telephone("4255550111")
        .website("www.fabrikam.example");
    let new: SupportProfile = new.try_into().unwrap();
    let updated = world.partner.update_support_profile().body(new).send().await.unwrap();
    let request = world.request();
    // The page says `/profiles/supportprofile`; every working client says this.
    assert_partner(&request, "PUT", "/v1/profiles/support");
    assert_eq!(
        request.json().unwrap(),
        json!({
            "email": "help@fabrikam.example",
            "telephone": "4255550111",
            "website": "www.fabrikam.example",
        })
    );
    assert_eq!(updated.telephone.as_deref(), Some("4255550111"));
}

#[tokio::test]
async fn customers_are_listed_page_by_page() {
    let world = World::start().await;
    let mut ids = Vec::new();
    let mut page = world.partner.list_customers().size(3).send().await.unwrap();
    assert_partner(&world.request(), "GET", "/v1/customers?size=3");
    loop {
        ids.extend(page.items.iter().filter_map(|customer| customer.id.clone()));
        let token = page.continuation_token.clone();
        let next = world.partner.list_customers().size(3).after(&page);
        let Some(next) = next.unwrap() else {
            break;
        };
        page = next.send().await.unwrap();
        let request = world.request();
        assert_partner(&request, "GET", "/v1/customers?seekOperation=Next&size=3");
        assert_eq!(request.header("ms-continuationtoken"), token.as_deref());
    }
    assert_eq!(ids, seed::CUSTOMER_TENANT_IDS);
}

#[tokio::test]
async fn a_filter_is_json_in_the_query() {
    let world = World::start().await;
    let filter = r#"{"Field":"CompanyName","Value":"a b&c=é/+%","Operator":"starts_with"}"#;
    let page = world.partner.list_customers().filter(filter).send().await.unwrap();
    assert_partner(
        &world.request(),
        "GET",
        "/v1/customers?filter=%7B%22Field%22%3A%22CompanyName%22%2C%22Value%22%3A%22a%20b%26c%3D\
         %C3%A9%2F%2B%25%22%2C%22Operator%22%3A%22starts_with%22%7D",
    );
    assert_eq!(page.items, []);
}

#[tokio::test]
async fn customer_users_are_listed_and_read() {
    let world = World::start().await;
    let users = world
        .partner
        .list_customer_users()
        .customer_tenant_id(seed::CUSTOMER_TENANT_ID)
        .size(2)
        .sort_field("DisplayName")
        .sort_direction(SortDirection::Descending)
        .send()
        .await
        .unwrap();
    assert_partner(
        &world.request(),
        "GET",
        &format!(
            "/v1/customers/{}/users?size=2&sortDirection=Descending&sortField=DisplayName",
            seed::CUSTOMER_TENANT_ID
        ),
    );
    assert_eq!(users.items.len(), 2);

    let user = world
        .partner
        .get_customer_user()
        .customer_tenant_id(seed::CUSTOMER_TENANT_ID)
        .user_id(seed::USER_ID)
        .send()
        .await
        .unwrap();
    let target = format!("/v1/customers/{}/users/{}", seed::CUSTOMER_TENANT_ID, seed::USER_ID);
    assert_partner(&world.request(), "GET", &target);
    assert_eq!(user.id.as_deref(), Some(seed::USER_ID));
    assert_eq!(user.state, Some(UserState::Active));
}

#[tokio::test]
async fn a_patch_keeps_absent_null_and_value_apart() {
    let world = World::start().await;
    let user = world
        .partner
        .update_customer_user()
        .customer_tenant_id(seed::CUSTOMER_TENANT_ID)
        .user_id(seed::USER_ID)
        .body_map(|user| user.usage_location("DE").immutable_id(Patch::Clear))
        .send()
        .await
        .unwrap();
    let request = world.request();
    let target = format!("/v1/customers/{}/users/{}", seed::CUSTOMER_TENANT_ID, seed::USER_ID);
    assert_partner(&request, "PATCH", &target);
    assert_eq!(request.json().unwrap(), json!({"usageLocation": "DE", "immutableId": null}));
    assert_eq!(user.usage_location.as_deref(), Some("DE"));
}

#[tokio::test]
async fn a_password_reaches_the_vendor_and_nobody_else() {
    use letterhead::partner_center::types::PasswordProfile;

    let world = World::start().await;
    let password = PasswordProfile::builder().password("Winter-2031!").force_change_password(true);
    world
        .partner
        .update_customer_user()
        .customer_tenant_id(seed::CUSTOMER_TENANT_ID)
        .user_id(seed::USER_ID)
        .body_map(|user| user.password_profile(password))
        .send()
        .await
        .unwrap();
    assert_eq!(
        world.request().json().unwrap(),
        json!({"passwordProfile": {"password": "Winter-2031!", "forceChangePassword": true}})
    );
}
