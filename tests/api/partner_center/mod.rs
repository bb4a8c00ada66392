//! The whole family of Partner Center: what went over the wire, and what came back.

mod clouds;
mod customers;
mod licences;
mod profiles;
mod roles;
mod users;

use crate::support::World;
use letterhead::partner_center::types::{
    CustomerUser, LicenseAssignment, LicenseUpdate, NewCustomerUser, NewUserMember,
    PasswordProfile, ResourceAttributes,
};
use letterhead::partner_center::{Client, Cloud, Credential, types};
use letterhead_sandbox::{Fault, Faults, FaultyProxy, Sandbox, credentials, seed};
use serde_json::{Value, json};

const CUSTOMER: &str = seed::CUSTOMER_TENANT_ID;
const PASSWORD: &str = "Copper-Kettle-41";

/// The body of the last request, which was this operation and went there.
fn assert_sent(world: &World, operation: &str, method: &str, target: &str) -> Value {
    let request = world.request();
    assert_eq!(request.operation, Some(operation));
    assert_eq!((request.method.as_str(), request.target.as_str()), (method, target));
    request.json().unwrap_or_default()
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

fn password() -> types::builder::PasswordProfile {
    PasswordProfile::builder().password(PASSWORD).force_change_password(true)
}

fn new_user() -> NewCustomerUser {
    NewCustomerUser::builder()
        .usage_location("DE")
        .user_principal_name("gita@contoso.onmicrosoft.example")
        .display_name("Gita Rao")
        .password_profile(password())
        .try_into()
        .unwrap()
}

/// The licence that has one seat left.
fn assignment() -> LicenseUpdate {
    let one = LicenseAssignment::builder().sku_id(seed::LAST_SEAT_SKU_ID);
    LicenseUpdate::builder().licenses_to_assign([one]).try_into().unwrap()
}

fn member(id: &str) -> NewUserMember {
    NewUserMember::builder()
        .id(id)
        .display_name("Ada Lindqvist")
        .user_principal_name("ada@contoso.onmicrosoft.example")
        .attributes(ResourceAttributes::default())
        .try_into()
        .unwrap()
}

#[tokio::test]
async fn either_status_of_a_creation_and_of_a_deletion_is_a_success() {
    use letterhead_sandbox::Response;

    let world = World::start().await;
    world.sandbox.respond_next(Response::new(200).json(&json!({"id": "a"})));
    let create = world.partner.create_customer_user();
    let user: CustomerUser =
        create.customer_tenant_id(CUSTOMER).body(new_user()).send().await.unwrap().into_inner();
    assert_eq!(user.id.as_deref(), Some("a"));
    world.sandbox.respond_next(Response::new(200));
    let delete = world.partner.delete_customer_user();
    let delete = delete.customer_tenant_id(CUSTOMER).user_id("a");
    assert_eq!(delete.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_write_without_a_response_is_done_once() {
    let sandbox = Sandbox::start().await.unwrap();
    let lost = [Some(Fault::ResetAfterApplied), None].repeat(4);
    let proxy = FaultyProxy::start(&sandbox, Faults::script(lost)).await.unwrap();
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

    let writes = sandbox.applied_writes();
    let methods: Vec<_> = writes.iter().map(|write| write.method.as_str()).collect();
    assert_eq!(methods, ["POST", "POST", "POST", "DELETE"]);
    assert_eq!(sandbox.requests().len(), 8);
}
