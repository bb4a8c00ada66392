//! Which operations each of Microsoft's clouds offers, and that no other one is sent there.

use std::collections::BTreeMap;

use letterhead::partner_center::Cloud;
use letterhead_document::Document;
use letterhead_sandbox::seed;

use super::{CUSTOMER, client_in, new_user, password};
use crate::support::World;

#[test]
fn the_document_says_of_each_operation_where_it_is_offered() {
    let vendor = &letterhead_spec::PARTNER_CENTER;
    let document = Document::parse(vendor.file, vendor.document()).unwrap();
    let mut offered = BTreeMap::new();
    for operation in document.operations() {
        let id = operation.id().unwrap();
        let clouds = operation.node.get("x-clouds").expect(id).to_json();
        let mut clouds: Vec<String> = serde_json::from_value(clouds).unwrap();
        clouds.sort();
        offered.insert(id.to_owned(), clouds.join(", "));
    }
    offered.retain(|_, clouds| clouds != "china, global, us-government");
    let expected = [
        ("addRoleMember", "china, global"),
        ("createCustomerUser", "china, global"),
        ("deleteCustomerUser", "china, global"),
        ("getSupportProfile", "global, us-government"),
        ("removeRoleMember", "china, global"),
        ("resetCustomerUserPassword", "global"),
        ("updateCustomerUser", "china, global"),
        ("updateCustomerUserLicenses", "global"),
    ];
    let expected = expected.map(|(id, clouds)| (id.to_owned(), clouds.to_owned()));
    assert_eq!(offered, BTreeMap::from(expected));
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
    assert_eq!(world.sandbox.requests().len(), 0);
}
