//! Every operation against the sandbox: what went over the wire, and what came back.

mod common;

use common::{World, whole_profile};
use letterhead::campaign_standard::types::{OrganizationalUnitReference, ProfilePatch};
use letterhead::partner_center::types::{SortDirection, SupportProfile, UserState};
use letterhead::{CorrelationId, Patch, Secret};
use letterhead_sandbox::{Exchange, credentials, seed};
use serde_json::{Value, json};

/// Method, target, and the headers that every request to a vendor has.
fn assert_request(exchange: &Exchange, method: &str, target: &str, headers: &[(&str, &str)]) {
    assert_eq!(exchange.method, method);
    assert_eq!(exchange.target, target);
    let common = [
        ("accept", "application/json"),
        (
            "user-agent",
            concat!("letterhead/", env!("CARGO_PKG_VERSION")),
        ),
    ];
    for (name, value) in common.iter().chain(headers) {
        assert_eq!(exchange.request_header(name), Some(*value), "{name}");
    }
    // progenitor's own, which no vendor asks for.
    assert_eq!(exchange.request_header("api-version"), None);
    let sends_json = exchange.request_header("content-type") == Some("application/json");
    assert_eq!(sends_json, !exchange.request_body.is_empty());
}

fn partner_headers() -> Vec<(&'static str, String)> {
    vec![(
        "authorization",
        format!("Bearer {}", credentials::PARTNER_CENTER_TOKEN),
    )]
}

fn assert_partner(exchange: &Exchange, method: &str, target: &str) {
    let headers = partner_headers();
    let headers: Vec<_> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
    assert_request(exchange, method, target, &headers);
    for id in ["ms-requestid", "ms-correlationid"] {
        let id = exchange.request_header(id).expect("both ids are sent");
        assert!(id.parse::<uuid::Uuid>().is_ok(), "{id}");
    }
    if exchange.status.is_success() {
        assert!(
            exchange.response_body.starts_with(b"\xef\xbb\xbf"),
            "the sandbox sends the BOM"
        );
    }
}

fn assert_cloudflare(exchange: &Exchange, method: &str) {
    let target = format!(
        "/client/v4/organizations/{}/profile",
        seed::CLOUDFLARE_ORGANIZATION_ID
    );
    let headers = [
        ("x-auth-email", credentials::CLOUDFLARE_EMAIL),
        ("x-auth-key", credentials::CLOUDFLARE_API_KEY),
    ];
    assert_request(exchange, method, &target, &headers);
    for absent in ["authorization", "ms-requestid", "ms-correlationid"] {
        assert_eq!(exchange.request_header(absent), None);
    }
}

fn assert_campaign(exchange: &Exchange, method: &str, path: &str) {
    let token = format!("Bearer {}", credentials::CAMPAIGN_ACCESS_TOKEN);
    let headers = [
        ("authorization", token.as_str()),
        ("x-api-key", credentials::CAMPAIGN_API_KEY),
    ];
    let target = format!(
        "/{}/campaign/profileAndServicesExt/{path}",
        seed::CAMPAIGN_ORGANIZATION
    );
    assert_request(exchange, method, &target, &headers);
}

#[tokio::test]
async fn organization_profile_is_read_changed_and_read_again() {
    let world = World::start().await;
    let reply = world
        .partner
        .get_organization_profile()
        .send()
        .await
        .unwrap();
    let exchange = world.exchange();
    assert_partner(&exchange, "GET", "/v1/profiles/organization");
    assert_eq!(
        reply.company_name.as_deref(),
        Some("Fabrikam Partner Services")
    );
    assert_eq!(reply.status(), 200);
    assert_eq!(
        reply.trace_id(),
        exchange.response_headers["ms-cv"].to_str().ok()
    );

    let before = world.sandbox.resource("/v1/profiles/organization").unwrap();
    let mut profile = reply.into_inner();
    let address = profile.default_address.get_or_insert_default();
    address.phone_number = Some("4255550188".to_owned());
    let updated = world
        .partner
        .update_organization_profile()
        .body(profile)
        .send()
        .await
        .unwrap();
    let exchange = world.exchange();
    assert_partner(&exchange, "PUT", "/v1/profiles/organization");
    let mut expected = before.clone();
    expected["defaultAddress"]["phoneNumber"] = json!("4255550188");
    assert_eq!(exchange.request_json().unwrap(), expected);

    let again = world
        .partner
        .get_organization_profile()
        .send()
        .await
        .unwrap();
    assert_eq!(*again, *updated);
    let etag = |value: &Value| value["attributes"]["etag"].clone();
    let after = world.sandbox.resource("/v1/profiles/organization").unwrap();
    assert_ne!(etag(&before), etag(&after));
}

#[tokio::test]
async fn an_etag_header_is_sent_as_it_is_given() {
    let world = World::start().await;
    let profile = world
        .partner
        .get_organization_profile()
        .send()
        .await
        .unwrap()
        .into_inner();
    let etag = profile
        .attributes
        .as_ref()
        .and_then(|a| a.etag.clone())
        .unwrap();
    let quoted = format!("\"{etag}\"");
    world
        .partner
        .update_organization_profile()
        .if_match(quoted.as_str())
        .body(profile)
        .send()
        .await
        .unwrap();
    let exchanges = world.sandbox.take_exchanges();
    assert_eq!(
        exchanges[1].request_header("if-match"),
        Some(quoted.as_str())
    );
}

#[tokio::test]
async fn support_profile_is_read_and_replaced() {
    let world = World::start().await;
    let profile = world
        .partner
        .get_support_profile()
        .send()
        .await
        .unwrap()
        .into_inner();
    assert_partner(&world.exchange(), "GET", "/v1/profiles/support");
    assert!(profile.email.is_some());

    let new = SupportProfile::builder()
        .email("help@fabrikam.example".to_owned())
        .telephone("4255550111".to_owned())
        .website("www.fabrikam.example".to_owned());
    let new: SupportProfile = new.try_into().unwrap();
    let updated = world
        .partner
        .update_support_profile()
        .body(new)
        .send()
        .await
        .unwrap();
    let exchange = world.exchange();
    // The page says `/profiles/supportprofile`; every working client says this.
    assert_partner(&exchange, "PUT", "/v1/profiles/support");
    assert_eq!(
        exchange.request_json().unwrap(),
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
    assert_partner(&world.exchange(), "GET", "/v1/customers?size=3");
    loop {
        ids.extend(page.items.iter().filter_map(|customer| customer.id.clone()));
        let token = page.continuation_token.clone();
        let Some(next) = world.partner.list_customers().size(3).after(&page) else {
            break;
        };
        page = next.send().await.unwrap();
        let exchange = world.exchange();
        assert_partner(&exchange, "GET", "/v1/customers?seekOperation=Next&size=3");
        assert_eq!(
            exchange.request_header("ms-continuationtoken"),
            token.as_deref()
        );
    }
    assert_eq!(ids, seed::CUSTOMER_TENANT_IDS);
}

#[tokio::test]
async fn a_filter_is_json_in_the_query() {
    let world = World::start().await;
    let filter = r#"{"Field":"CompanyName","Value":"a b&c=é/+%","Operator":"starts_with"}"#;
    let page = world
        .partner
        .list_customers()
        .filter(filter)
        .send()
        .await
        .unwrap();
    assert_partner(
        &world.exchange(),
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
        &world.exchange(),
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
    let target = format!(
        "/v1/customers/{}/users/{}",
        seed::CUSTOMER_TENANT_ID,
        seed::USER_ID
    );
    assert_partner(&world.exchange(), "GET", &target);
    assert_eq!(user.id.as_deref(), Some(seed::USER_ID));
    assert_eq!(user.state, Some(UserState::Active));
}

#[tokio::test]
async fn a_patch_tells_absent_null_and_value_apart() {
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
    let exchange = world.exchange();
    let target = format!(
        "/v1/customers/{}/users/{}",
        seed::CUSTOMER_TENANT_ID,
        seed::USER_ID
    );
    assert_partner(&exchange, "PATCH", &target);
    assert_eq!(
        exchange.request_json().unwrap(),
        json!({"usageLocation": "DE", "immutableId": null})
    );
    assert_eq!(user.usage_location.as_deref(), Some("DE"));
}

#[tokio::test]
async fn a_password_reaches_the_vendor_and_nobody_else() {
    use letterhead::partner_center::types::PasswordProfile;

    let world = World::start().await;
    let password: PasswordProfile = PasswordProfile::builder()
        .password(Secret::from("Winter-2031!"))
        .force_change_password(true)
        .try_into()
        .unwrap();
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
        world.exchange().request_json().unwrap(),
        json!({"passwordProfile": {"password": "Winter-2031!", "forceChangePassword": true}})
    );
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
    let exchange = world.exchange();
    assert_cloudflare(&exchange, "GET");
    assert_eq!(
        reply.trace_id(),
        exchange.response_headers["cf-ray"].to_str().ok()
    );
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
    let exchange = world.exchange();
    assert_cloudflare(&exchange, "PUT");
    assert_eq!(reply.status(), 204);
    assert_eq!(exchange.request_json().unwrap(), sent);
    assert_eq!(sent.as_object().unwrap().len(), 5);
}

#[tokio::test]
async fn a_modified_profile_may_be_answered_with_a_body() {
    let world = World::start().await;
    let body = json!({"success": true, "errors": [], "messages": [], "result": {}});
    world
        .sandbox
        .reply_next(letterhead_sandbox::Reply::new(200).json(&body));
    let call = world
        .cloudflare
        .modify_organization_profile()
        .organization_id("o");
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
    call.organization_id(seed::CLOUDFLARE_ORGANIZATION_ID)
        .send()
        .await
        .unwrap();
    let exchange = world.exchange();
    let token = format!("Bearer {}", credentials::CLOUDFLARE_API_TOKEN);
    assert_eq!(
        exchange.request_header("authorization"),
        Some(token.as_str())
    );
    assert_eq!(exchange.request_header("x-auth-key"), None);
    assert_eq!(exchange.request_header("x-auth-email"), None);
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
    assert_campaign(
        &world.exchange(),
        "GET",
        "orgUnitBase/?_lineCount=2&_order=name%20desc",
    );
    let mut keys = Vec::new();
    loop {
        keys.extend(page.content.iter().filter_map(|unit| unit.p_key.clone()));
        match world.campaign.next_page(&page).await.unwrap() {
            Some(next) => page = next,
            None => break,
        }
    }
    assert_eq!(keys.len(), 3, "{keys:?}");
    assert!(
        world
            .sandbox
            .take_exchanges()
            .iter()
            .all(|e| e.target.contains("_lineStart="))
    );

    let unit = world
        .campaign
        .get_organizational_unit()
        .org_unit_pkey(seed::CAMPAIGN_UNIT_PKEY)
        .send()
        .await
        .unwrap();
    assert_campaign(
        &world.exchange(),
        "GET",
        &format!("orgUnitBase/{}", seed::CAMPAIGN_UNIT_PKEY),
    );
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
    let encoded = seed::CAMPAIGN_LOOSE_PROFILE_EMAIL
        .replace('+', "%2B")
        .replace('@', "%40");
    assert_campaign(
        &world.exchange(),
        "GET",
        &format!("profile/byEmail?email={encoded}"),
    );
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
    let exchange = world.exchange();
    let path = format!("profile/{}", seed::CAMPAIGN_LOOSE_PROFILE_PKEY);
    assert_campaign(&exchange, "PATCH", &path);
    assert_eq!(
        exchange.request_json().unwrap(),
        json!({"orgUnit": {"PKey": seed::CAMPAIGN_OTHER_UNIT_PKEY}})
    );
    let updated = updated
        .into_inner()
        .expect("a change is answered with a body");
    assert_eq!(
        updated.p_key.as_deref(),
        Some(seed::CAMPAIGN_LOOSE_PROFILE_PKEY)
    );

    let profile = world
        .campaign
        .get_profile()
        .profile_pkey(seed::CAMPAIGN_LOOSE_PROFILE_PKEY);
    let profile = profile.send().await.unwrap();
    assert_campaign(&world.exchange(), "GET", &path);
    let unit = profile.org_unit.as_ref().unwrap();
    assert_eq!(unit.p_key.as_deref(), Some(seed::CAMPAIGN_OTHER_UNIT_PKEY));

    let clear = world
        .campaign
        .update_profile()
        .profile_pkey(seed::CAMPAIGN_LOOSE_PROFILE_PKEY);
    clear
        .body_map(|profile| profile.org_unit(Patch::Clear))
        .send()
        .await
        .unwrap();
    assert_eq!(
        world.exchange().request_json().unwrap(),
        json!({"orgUnit": null})
    );
}

#[tokio::test]
async fn a_patch_of_nothing_is_answered_with_nothing() {
    let world = World::start().await;
    let call = world
        .campaign
        .update_profile()
        .profile_pkey(seed::CAMPAIGN_PROFILE_PKEY);
    let reply = call.body(ProfilePatch::default()).send().await.unwrap();
    assert_eq!(reply.status(), 204);
    assert_eq!(*reply, None);
    assert_eq!(world.exchange().request_json().unwrap(), json!({}));
}

#[tokio::test]
async fn members_that_the_document_does_not_know_can_be_patched() {
    let world = World::start().await;
    let mut patch = ProfilePatch::default();
    patch
        .extra
        .insert("cusLoyalty".to_owned(), json!({"level": 3}));
    let call = world
        .campaign
        .update_profile()
        .profile_pkey(seed::CAMPAIGN_PROFILE_PKEY);
    call.body(patch).send().await.unwrap();
    assert_eq!(
        world.exchange().request_json().unwrap(),
        json!({"cusLoyalty": {"level": 3}})
    );
}

#[tokio::test]
async fn what_is_unknown_survives_read_and_write() {
    let world = World::start().await;
    let path = "/v1/profiles/organization";
    let mut planted = world.sandbox.resource(path).unwrap();
    planted["newMember"] = json!({"deep": [1, null, {"a": []}]});
    planted["email"] = Value::Null;
    planted["defaultAddress"]["futureLine"] = json!("Suite 5");
    planted["defaultAddress"]["addressLine3"] = Value::Null;
    planted["links"]["self"]["headers"] = json!([]);
    world.sandbox.put_resource(path, planted.clone());

    let profile = world
        .partner
        .get_organization_profile()
        .send()
        .await
        .unwrap()
        .into_inner();
    assert_eq!(profile.email, None);
    // Whether the service takes a null is its business; what is sent is what came.
    let _ = world
        .partner
        .update_organization_profile()
        .body(profile)
        .send()
        .await;
    let put = world.sandbox.take_exchanges().remove(1);
    assert_eq!(put.request_json().unwrap(), planted);
}

#[tokio::test]
async fn unlisted_enum_values_survive_read_and_write() {
    let world = World::start().await;
    let path = format!(
        "/v1/customers/{}/users/{}",
        seed::CUSTOMER_TENANT_ID,
        seed::USER_ID
    );
    let mut planted = world.sandbox.resource(&path).unwrap();
    planted["state"] = json!("suspended");
    world.sandbox.put_resource(&path, planted.clone());
    let call = world
        .partner
        .get_customer_user()
        .customer_tenant_id(seed::CUSTOMER_TENANT_ID);
    let user = call.user_id(seed::USER_ID).send().await.unwrap();
    assert_eq!(
        user.state,
        Some(UserState::Unlisted("suspended".to_owned()))
    );
    assert_eq!(serde_json::to_value(&*user).unwrap(), planted);
}

#[tokio::test]
async fn a_correlation_id_comes_from_the_call_else_the_scope_else_is_made() {
    let world = World::start().await;
    let (outer, own) = (CorrelationId::new(), CorrelationId::new());
    let (scoped, given) = outer
        .scope(async {
            let scoped = world.partner.get_support_profile().send().await.unwrap();
            let given = world
                .partner
                .get_support_profile()
                .correlation_id(own)
                .send()
                .await;
            (scoped, given.unwrap())
        })
        .await;
    let made = world.partner.get_support_profile().send().await.unwrap();

    assert_eq!(scoped.correlation_id(), outer);
    assert_eq!(given.correlation_id(), own);
    assert!(![outer, own].contains(&made.correlation_id()));
    let exchanges = world.sandbox.take_exchanges();
    for (exchange, reply) in exchanges.iter().zip([&scoped, &given, &made]) {
        let sent = |name| exchange.request_header(name).unwrap().to_owned();
        assert_eq!(sent("ms-correlationid"), reply.correlation_id().to_string());
        assert_eq!(sent("ms-requestid"), reply.request_id().to_string());
    }
    assert_ne!(scoped.request_id(), given.request_id());
    assert_eq!(CorrelationId::current(), None);
}

#[tokio::test]
async fn scopes_of_tasks_side_by_side_do_not_mix() {
    let world = World::start().await;
    let ids: [CorrelationId; 8] = std::array::from_fn(|_| CorrelationId::new());
    let calls = ids.map(|id| {
        let partner = world.partner.clone();
        tokio::spawn(id.scope(async move { partner.get_support_profile().send().await.unwrap() }))
    });
    for (id, call) in ids.into_iter().zip(calls) {
        assert_eq!(call.await.unwrap().correlation_id(), id);
    }
}

#[tokio::test]
async fn a_call_can_repeat_the_id_of_one_whose_answer_never_came() {
    let world = World::without_retries().await;
    world
        .sandbox
        .reply_next(letterhead_sandbox::Reply::new(200).body("{}").truncate(1));
    let error = world
        .partner
        .get_support_profile()
        .send()
        .await
        .unwrap_err();
    let id = error.request_id().unwrap();
    let reply = world
        .partner
        .get_support_profile()
        .request_id(id)
        .send()
        .await
        .unwrap();
    assert_eq!(reply.request_id(), id);
    let sent = world.sandbox.take_exchanges();
    assert_eq!(
        sent[0].request_header("ms-requestid"),
        sent[1].request_header("ms-requestid")
    );
}

#[tokio::test]
async fn a_reply_can_be_written_back_as_it_is() {
    let world = World::start().await;
    let reply = world.partner.get_support_profile().send().await.unwrap();
    let before = serde_json::to_value(&*reply).unwrap();
    world
        .partner
        .update_support_profile()
        .body(reply)
        .send()
        .await
        .unwrap();
    assert_eq!(
        world.sandbox.take_exchanges()[1].request_json().unwrap(),
        before
    );
}

#[tokio::test]
async fn patches_take_texts_for_enums_and_options() {
    let world = World::start().await;
    let call = world
        .partner
        .update_customer_user()
        .customer_tenant_id(seed::CUSTOMER_TENANT_ID);
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
    assert_eq!(world.exchange().request_json().unwrap(), expected);
}
