//! The directory roles of a customer's users.

use letterhead_sandbox::seed;

use super::{CUSTOMER, assert_sent, member};
use crate::support::World;

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
        add.role_id(seed::ROLE_ID).body(member(seed::USER_ID)).send()
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
    for request in world.sandbox.take_requests() {
        assert_eq!(request.operation, Some("listRoleMembers"));
    }

    let remove = || {
        let remove = partner.remove_role_member().customer_tenant_id(CUSTOMER);
        remove.role_id(seed::ROLE_ID).user_id(seed::USER_ID).send()
    };
    let had = async || {
        let list = partner.list_customer_user_roles();
        let list = list.customer_tenant_id(CUSTOMER).user_id(seed::USER_ID);
        let count = list.send().await.unwrap().items.len();
        let target = format!("/v1/customers/{CUSTOMER}/users/{}/directoryroles", seed::USER_ID);
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
