//! The whole family of Partner Center: what went over the wire, what came back, and that both are what
//! the document says.

mod common;

use std::sync::LazyLock;

use common::{Contract, World};
use letterhead::Secret;
use letterhead::partner_center::types::{
    CustomerUser, LicenseAssignment, LicenseGroup, LicenseUpdate, NewCustomerUser, NewUserMember,
    PasswordProfile, ResourceAttributes, UserState, VettingStatus, VettingVersion,
};
use letterhead::partner_center::{Client, Cloud, Credential, time_of};
use letterhead_sandbox::{Fault, Faults, FaultyProxy, Sandbox, credentials, seed};
use serde_json::{Value, json};

const CUSTOMER: &str = seed::CUSTOMER_TENANT_ID;
const PASSWORD: &str = "Copper-Kettle-41";

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| Contract::new("partner-center", ""));

/// The operation of an exchange that is as the document has it.
fn conforming_operation(exchange: &letterhead_sandbox::Exchange) -> &'static str {
    CONTRACT.assert_holds(exchange)
}

/// The body of the last request, which was this operation and went there.
fn assert_sent(world: &World, operation: &str, method: &str, target: &str) -> Value {
    let exchange = world.exchange();
    assert_eq!(conforming_operation(&exchange), operation);
    assert_eq!(
        (exchange.method.as_str(), exchange.target.as_str()),
        (method, target)
    );
    exchange.request_json().unwrap_or_default()
}

/// A client that believes itself in `cloud`.
fn client_in(cloud: Cloud, url: String) -> Client {
    Client::builder()
        .cloud(cloud)
        .base_url(url)
        .credential(Credential::bearer(credentials::PARTNER_CENTER_TOKEN).unwrap())
        .build()
        .unwrap()
}

fn password() -> PasswordProfile {
    PasswordProfile::builder()
        .password(Secret::from(PASSWORD))
        .force_change_password(true)
        .try_into()
        .unwrap()
}

fn new_user() -> NewCustomerUser {
    NewCustomerUser::builder()
        .usage_location("DE".to_owned())
        .user_principal_name("gita@contoso.onmicrosoft.example".to_owned())
        .display_name("Gita Rao".to_owned())
        .password_profile(password())
        .try_into()
        .unwrap()
}

/// The licence that has one seat left.
fn assignment() -> LicenseUpdate {
    let one = LicenseAssignment::builder().sku_id(seed::LAST_SEAT_SKU_ID.to_owned());
    LicenseUpdate::builder()
        .licenses_to_assign(vec![one.try_into().unwrap()])
        .try_into()
        .unwrap()
}

fn member(id: &str) -> NewUserMember {
    NewUserMember::builder()
        .id(id.to_owned())
        .display_name("Ada Lindqvist".to_owned())
        .user_principal_name("ada@contoso.onmicrosoft.example".to_owned())
        .attributes(ResourceAttributes::default())
        .try_into()
        .unwrap()
}

/// The users of the customer that are, or aren't, deleted.
async fn user_ids(world: &World, deleted: bool) -> Vec<String> {
    let users = world
        .partner
        .list_customer_users()
        .customer_tenant_id(CUSTOMER);
    let users = if deleted { users.deleted() } else { users };
    let page = users.send().await.unwrap().into_inner();
    assert_eq!(conforming_operation(&world.exchange()), "listCustomerUsers");
    page.items.into_iter().filter_map(|user| user.id).collect()
}

#[tokio::test]
async fn a_user_goes_through_a_whole_life() {
    let world = World::start().await;
    let partner = &world.partner;
    let users = format!("/v1/customers/{CUSTOMER}/users");

    let create = partner.create_customer_user().customer_tenant_id(CUSTOMER);
    let user = create.body(new_user()).send().await.unwrap();
    assert_eq!(user.status(), 201);
    let sent = assert_sent(&world, "createCustomerUser", "POST", &users);
    assert_eq!(
        sent,
        json!({
            "usageLocation": "DE",
            "userPrincipalName": "gita@contoso.onmicrosoft.example",
            "displayName": "Gita Rao",
            "passwordProfile": {"password": PASSWORD, "forceChangePassword": true},
        })
    );
    // The service repeats the password; nobody gets to see it by accident.
    let profile = user.password_profile.as_ref().unwrap();
    assert_eq!(profile.password.as_ref().unwrap().expose(), PASSWORD);
    assert!(!format!("{user:?}").contains(PASSWORD));
    let id = user.id.clone().unwrap();
    let target = format!("{users}/{id}");
    assert!(user_ids(&world, false).await.contains(&id));

    let renamed = partner
        .update_customer_user()
        .customer_tenant_id(CUSTOMER)
        .user_id(&id)
        .body_map(|user| user.display_name("Gita Rao-Lind"));
    let renamed = renamed.send().await.unwrap();
    assert_eq!(renamed.display_name.as_deref(), Some("Gita Rao-Lind"));
    assert_sent(&world, "updateCustomerUser", "PATCH", &target);

    let reset = partner
        .reset_customer_user_password()
        .customer_tenant_id(CUSTOMER)
        .user_id(&id)
        .body_map(|reset| reset.password_profile(password()));
    let user = reset.send().await.unwrap();
    assert!(!format!("{user:?}").contains(PASSWORD));
    let sent = assert_sent(
        &world,
        "resetCustomerUserPassword",
        "PATCH",
        &format!("{target}/resetpassword"),
    );
    assert_eq!(sent["passwordProfile"]["password"], PASSWORD);

    let delete = || {
        let delete = partner.delete_customer_user();
        delete.customer_tenant_id(CUSTOMER).user_id(&id).send()
    };
    assert_eq!(delete().await.unwrap().status(), 204);
    assert_sent(&world, "deleteCustomerUser", "DELETE", &target);
    assert!(!user_ids(&world, false).await.contains(&id));
    assert!(user_ids(&world, true).await.contains(&id));
    let read = partner.get_customer_user().customer_tenant_id(CUSTOMER);
    let deleted = read.user_id(&id).send().await.unwrap();
    assert_sent(&world, "getCustomerUser", "GET", &target);
    assert_eq!(deleted.deleted_at(), time_of("2026-03-20T00:33:34Z"));
    assert!(deleted.deleted_at() > Some(std::time::UNIX_EPOCH));
    assert_eq!(deleted.last_synced_at(), None);
    assert!(delete().await.unwrap_err().is_not_found());
    assert_sent(&world, "deleteCustomerUser", "DELETE", &target);

    let restore = partner
        .update_customer_user()
        .customer_tenant_id(CUSTOMER)
        .user_id(&id)
        .body_map(|user| user.state(UserState::Active));
    restore.send().await.unwrap();
    let sent = assert_sent(&world, "updateCustomerUser", "PATCH", &target);
    assert_eq!(sent, json!({"state": "active"}));
    let read = partner.get_customer_user().customer_tenant_id(CUSTOMER);
    let user = read.user_id(&id).send().await.unwrap();
    assert_sent(&world, "getCustomerUser", "GET", &target);
    assert_eq!(user.state, Some(UserState::Active));
    assert_eq!(user.soft_deletion_time, None);
    assert_eq!(user.display_name.as_deref(), Some("Gita Rao-Lind"));
}

#[tokio::test]
async fn a_sign_in_name_is_given_once() {
    let world = World::start().await;
    let create = || {
        let create = world.partner.create_customer_user();
        create.customer_tenant_id(CUSTOMER).body(new_user()).send()
    };
    create().await.unwrap();
    let users = format!("/v1/customers/{CUSTOMER}/users");
    assert_sent(&world, "createCustomerUser", "POST", &users);
    let error = create().await.unwrap_err();
    assert!(error.is_conflict(), "{error}");
    assert_sent(&world, "createCustomerUser", "POST", &users);
}

#[tokio::test]
async fn either_status_of_a_creation_and_of_a_deletion_is_a_success() {
    use letterhead_sandbox::Reply;

    let world = World::start().await;
    world
        .sandbox
        .reply_next(Reply::new(200).json(&json!({"id": "a"})));
    let create = world.partner.create_customer_user();
    let user: CustomerUser = create
        .customer_tenant_id(CUSTOMER)
        .body(new_user())
        .send()
        .await
        .unwrap()
        .into_inner();
    assert_eq!(user.id.as_deref(), Some("a"));
    world.sandbox.reply_next(Reply::new(200));
    let delete = world.partner.delete_customer_user();
    let delete = delete.customer_tenant_id(CUSTOMER).user_id("a");
    assert_eq!(delete.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn what_lost_its_answer_is_done_once() {
    let sandbox = Sandbox::start().await.unwrap();
    let lost = [Some(Fault::ResetAfterApplied), None].repeat(4);
    let proxy = FaultyProxy::start(&sandbox, Faults::script(lost))
        .await
        .unwrap();
    let partner = client_in(Cloud::Global, proxy.partner_center_url());

    let create = partner.create_customer_user().customer_tenant_id(CUSTOMER);
    let user = create.body(new_user()).send().await.unwrap().into_inner();
    let id = user.id.unwrap();
    let update = partner.update_customer_user_licenses();
    let update = update.customer_tenant_id(CUSTOMER).user_id(&id);
    update.body(assignment()).send().await.unwrap();
    let add = partner.add_role_member().customer_tenant_id(CUSTOMER);
    let add = add.role_id(seed::ROLE_ID).body(member(&id));
    add.send().await.unwrap();
    let delete = partner.delete_customer_user().customer_tenant_id(CUSTOMER);
    delete.user_id(&id).send().await.unwrap();

    let writes = sandbox.journal();
    let methods: Vec<_> = writes.iter().map(|write| write.method.as_str()).collect();
    assert_eq!(methods, ["POST", "POST", "POST", "DELETE"]);
    assert_eq!(sandbox.exchanges().len(), 8);
}

#[tokio::test]
async fn what_a_cloud_does_not_offer_is_not_sent() {
    let world = World::start().await;
    for cloud in [Cloud::UsGovernment, Cloud::China] {
        let client = client_in(cloud, world.sandbox.partner_center_url());
        let reset = client.reset_customer_user_password();
        let reset = reset.customer_tenant_id(CUSTOMER).user_id(seed::USER_ID);
        let reset = reset.body_map(|reset| reset.password_profile(password()));
        assert!(!reset.send().await.unwrap_err().may_have_been_sent());
    }
    let government = client_in(Cloud::UsGovernment, world.sandbox.partner_center_url());
    let create = government.create_customer_user();
    let create = create.customer_tenant_id(CUSTOMER).body(new_user());
    assert!(!create.send().await.unwrap_err().may_have_been_sent());
    assert_eq!(world.sandbox.exchanges().len(), 0);
}

#[tokio::test]
async fn a_customer_is_found_by_its_domain_and_read() {
    let world = World::start().await;
    let found = |domain| world.partner.find_customer_by_domain(domain);
    let id = found("Contoso.onmicrosoft.example")
        .await
        .unwrap()
        .unwrap()
        .id;
    assert_eq!(id.as_deref(), Some(CUSTOMER));
    assert!(found("contoso").await.unwrap().is_none());
    for exchange in world.sandbox.take_exchanges() {
        assert_eq!(conforming_operation(&exchange), "listCustomers");
        assert!(exchange.target.contains("starts_with"));
    }

    let customer = world.partner.get_customer().customer_tenant_id(CUSTOMER);
    let customer = customer.send().await.unwrap().into_inner();
    let target = format!("/v1/customers/{CUSTOMER}");
    assert_sent(&world, "getCustomer", "GET", &target);
    assert!(customer.billing_profile.is_some());
    let company = world
        .partner
        .get_customer_company_profile()
        .customer_tenant_id(CUSTOMER);
    let company = company.send().await.unwrap().into_inner();
    let target = format!("{target}/profiles/company");
    assert_sent(&world, "getCustomerCompanyProfile", "GET", &target);
    let listed = customer.company_profile.unwrap();
    assert_eq!(company.domain, listed.domain);
}

#[tokio::test]
async fn a_billing_profile_is_not_overwritten_unseen() {
    let world = World::start().await;
    let target = format!("/v1/customers/{CUSTOMER}/profiles/billing");
    let read = || {
        let read = world.partner.get_customer_billing_profile();
        read.customer_tenant_id(CUSTOMER).send()
    };
    let write = |profile, etag: Option<&str>| {
        let write = world.partner.update_customer_billing_profile();
        let write = write.customer_tenant_id(CUSTOMER).body(profile);
        match etag {
            Some(etag) => write.if_match(etag).send(),
            None => write.send(),
        }
    };
    let stale = read().await.unwrap().into_inner();
    assert_sent(&world, "getCustomerBillingProfile", "GET", &target);

    let resource = world.partner.customer_billing_profile(CUSTOMER);
    let change = resource.update(|profile| profile.email = Some("a@contoso.example".to_owned()));
    assert!(change.await.unwrap().is_written());
    let exchanges = world.sandbox.take_exchanges();
    let operations: Vec<_> = exchanges.iter().map(conforming_operation).collect();
    assert_eq!(
        operations,
        ["getCustomerBillingProfile", "updateCustomerBillingProfile"]
    );

    assert!(write(stale, None).await.unwrap_err().is_conflict());
    assert_sent(&world, "updateCustomerBillingProfile", "PUT", &target);
    let current = read().await.unwrap().into_inner();
    let _ = world.sandbox.take_exchanges();
    assert_eq!(current.email.as_deref(), Some("a@contoso.example"));
    let refused = write(current, Some("\"1\"")).await.unwrap_err();
    assert!(refused.is_conflict());
    let exchange = world.exchange();
    assert_eq!(exchange.request_header("if-match"), Some("\"1\""));
}

#[tokio::test]
async fn licences_are_assigned_until_the_seats_run_out() {
    let world = World::start().await;
    let customer = format!("/v1/customers/{CUSTOMER}");
    let skus = || {
        let skus = world.partner.list_subscribed_skus();
        skus.customer_tenant_id(CUSTOMER)
    };
    let groups = skus().license_group_ids(vec![LicenseGroup::Group1, LicenseGroup::Group2]);
    assert_eq!(groups.send().await.unwrap().items.len(), 3);
    let both = "licenseGroupIds=Group1&licenseGroupIds=Group2";
    let target = format!("{customer}/subscribedskus?{both}");
    assert_sent(&world, "listSubscribedSkus", "GET", &target);

    let assign = |user| {
        let call = world.partner.update_customer_user_licenses();
        let call = call.customer_tenant_id(CUSTOMER).user_id(user);
        call.body(assignment()).send()
    };
    let target = |user| format!("{customer}/users/{user}/licenseupdates");
    let (first, second) = (seed::USER_IDS[0], seed::USER_IDS[1]);
    assert_eq!(assign(first).await.unwrap().status(), 201);
    assert_sent(&world, "updateCustomerUserLicenses", "POST", &target(first));
    let error = assign(second).await.unwrap_err();
    assert_eq!(error.codes(), ["60012"]);
    assert_sent(
        &world,
        "updateCustomerUserLicenses",
        "POST",
        &target(second),
    );

    let read = world.partner.list_customer_user_licenses();
    let read = read.customer_tenant_id(CUSTOMER).user_id(first);
    let licences = read.send().await.unwrap();
    let target = format!("{customer}/users/{first}/licenses");
    assert_sent(&world, "listCustomerUserLicenses", "GET", &target);
    let product = licences.items[0].product_sku.as_ref().unwrap();
    assert_eq!(product.id.as_deref(), Some(seed::LAST_SEAT_SKU_ID));
    let left = skus().send().await.unwrap();
    let scarce = left
        .items
        .iter()
        .find(|sku| sku.product_sku.as_ref() == Some(product));
    assert_eq!(scarce.unwrap().available_units, Some(0));
}

#[tokio::test]
async fn a_role_is_given_and_taken() {
    let world = World::start().await;
    let partner = &world.partner;
    let roles = format!("/v1/customers/{CUSTOMER}/directoryroles");
    let list = partner.list_directory_roles().customer_tenant_id(CUSTOMER);
    assert_eq!(list.send().await.unwrap().items.len(), 2);
    assert_sent(&world, "listDirectoryRoles", "GET", &roles);

    let members = format!("{roles}/{}/usermembers", seed::ROLE_ID);
    let add = || {
        let add = partner.add_role_member().customer_tenant_id(CUSTOMER);
        add.role_id(seed::ROLE_ID)
            .body(member(seed::USER_ID))
            .send()
    };
    let added = add().await.unwrap();
    assert_sent(&world, "addRoleMember", "POST", &members);
    assert_eq!(added.role_id.as_deref(), Some(seed::ROLE_ID));
    assert!(add().await.unwrap_err().is_conflict());
    assert_sent(&world, "addRoleMember", "POST", &members);

    let list = partner.list_role_members().customer_tenant_id(CUSTOMER);
    let mut list = list.role_id(seed::ROLE_ID).size(1).items();
    let mut ids = Vec::new();
    while let Some(member) = list.next().await {
        ids.extend(member.unwrap().id);
    }
    assert_eq!(ids, [seed::USER_ID, seed::USER_IDS[3]]);
    for exchange in world.sandbox.take_exchanges() {
        assert_eq!(conforming_operation(&exchange), "listRoleMembers");
    }

    let remove = || {
        let remove = partner.remove_role_member().customer_tenant_id(CUSTOMER);
        remove.role_id(seed::ROLE_ID).user_id(seed::USER_ID).send()
    };
    let had = async || {
        let list = partner.list_customer_user_roles();
        let list = list.customer_tenant_id(CUSTOMER).user_id(seed::USER_ID);
        let count = list.send().await.unwrap().items.len();
        let target = format!(
            "/v1/customers/{CUSTOMER}/users/{}/directoryroles",
            seed::USER_ID
        );
        assert_sent(&world, "listCustomerUserRoles", "GET", &target);
        count
    };
    assert_eq!(had().await, 1);
    let target = format!("{members}/{}", seed::USER_ID);
    assert_eq!(remove().await.unwrap().status(), 204);
    assert_sent(&world, "removeRoleMember", "DELETE", &target);
    assert_eq!(had().await, 0);
    assert!(remove().await.unwrap_err().is_not_found());
    assert_sent(&world, "removeRoleMember", "DELETE", &target);
}

#[tokio::test]
async fn the_legal_profile_is_changed_and_what_was_vetted_stays() {
    let world = World::start().await;
    let target = "/v1/profiles/legalbusiness";
    let resource = world.partner.legal_business_profile();
    let updated = resource
        .update(|profile| {
            let contact = profile.primary_contact.get_or_insert_default();
            contact.phone_number = Some("4255550177".to_owned());
        })
        .await
        .unwrap();
    assert_eq!(updated.vetting_status, Some(VettingStatus::Authorized));
    let exchanges = world.sandbox.take_exchanges();
    let operations: Vec<_> = exchanges.iter().map(conforming_operation).collect();
    assert_eq!(
        operations,
        ["getLegalBusinessProfile", "updateLegalBusinessProfile"]
    );
    let sent = exchanges[1].request_json().unwrap();
    assert_eq!(sent["companyName"], "Fabrikam Partner Services");

    let phone = async |version: VettingVersion| {
        let read = world.partner.get_legal_business_profile();
        let query = version.to_string();
        let profile = read.vetting_version(version).send().await.unwrap();
        let target = format!("{target}?vettingVersion={query}");
        assert_sent(&world, "getLegalBusinessProfile", "GET", &target);
        profile.into_inner().primary_contact.unwrap().phone_number
    };
    let current = phone(VettingVersion::Current).await;
    assert_eq!(current.as_deref(), Some("4255550177"));
    let finalized = phone(VettingVersion::LastFinalized).await;
    assert_eq!(finalized.as_deref(), Some("4255550142"));
}

#[tokio::test]
async fn the_partners_billing_profile_has_an_etag() {
    let world = World::start().await;
    let target = "/v1/profiles/billing";
    let read = world.partner.get_billing_profile().send().await.unwrap();
    assert_sent(&world, "getBillingProfile", "GET", target);
    let mut profile = read.into_inner();
    profile.purchase_order_number = Some("1184".to_owned());
    let write = |profile| world.partner.update_billing_profile().body(profile).send();
    let updated = write(profile.clone()).await.unwrap();
    let sent = assert_sent(&world, "updateBillingProfile", "PUT", target);
    assert_eq!(sent["purchaseOrderNumber"], "1184");
    assert_ne!(updated.attributes, profile.attributes);
    assert!(write(profile).await.unwrap_err().is_conflict());
    assert_sent(&world, "updateBillingProfile", "PUT", target);

    let resource = world.partner.billing_profile();
    let same = resource.update(|profile| profile.billing_currency = Some("USD".to_owned()));
    assert!(!same.await.unwrap().is_written());
}

#[tokio::test]
async fn a_partner_network_id_is_looked_up() {
    let world = World::start().await;
    let own = world.partner.get_mpn_profile().send().await.unwrap();
    assert_sent(&world, "getMpnProfile", "GET", "/v1/profiles/mpn");
    assert_eq!(own.mpn_id.as_deref(), Some(seed::MPN_ID));
    let ask = |id| world.partner.get_mpn_profile().mpn_id(id).send();
    let other = ask(seed::OTHER_MPN_ID).await.unwrap();
    assert_eq!(other.partner_name.as_deref(), Some("Wide World Desks"));
    let target = format!("/v1/profiles/mpn?mpnId={}", seed::OTHER_MPN_ID);
    assert_sent(&world, "getMpnProfile", "GET", &target);
    let nobody = ask("1").await.unwrap_err();
    assert!(nobody.is_not_found());
    assert_eq!(nobody.codes(), ["3000"]);
    assert_sent(&world, "getMpnProfile", "GET", "/v1/profiles/mpn?mpnId=1");
    let advisor = world.partner.get_mpn_profile().verify_advisor(true);
    advisor.send().await.unwrap();
    let target = "/v1/profiles/mpn?verifyAdvisor=true";
    assert_sent(&world, "getMpnProfile", "GET", target);
}

#[tokio::test]
async fn a_partner_network_id_is_looked_up_at_its_other_path_as_well() {
    let world = World::start().await;
    let operation = "getPartnerNetworkProfile";
    let target = "/v1/profiles/partnernetworkprofile";
    let read = || world.partner.get_partner_network_profile();
    let own = read().send().await.unwrap().into_inner();
    assert_sent(&world, operation, "GET", target);
    assert_eq!(own.mpn_id.as_deref(), Some(seed::MPN_ID));
    let other = read().mpn_id(seed::OTHER_MPN_ID).send().await.unwrap();
    let query = format!("mpnId={}", seed::OTHER_MPN_ID);
    assert_sent(&world, operation, "GET", &format!("{target}?{query}"));
    let same = world.partner.get_mpn_profile().mpn_id(seed::OTHER_MPN_ID);
    assert_eq!(other.into_inner(), same.send().await.unwrap().into_inner());
    let nobody = read().mpn_id("1").send().await.unwrap_err();
    assert!(nobody.is_not_found());
    assert_eq!(nobody.codes(), ["3000"]);
}
