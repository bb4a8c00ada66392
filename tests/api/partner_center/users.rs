//! The users of a customer.

use letterhead::partner_center::time_of;
use letterhead::partner_center::types::UserState;
use serde_json::json;

use super::{CUSTOMER, PASSWORD, assert_sent, new_user, password};
use crate::support::World;

/// The users of the customer that are, or aren't, deleted.
async fn user_ids(world: &World, deleted: bool) -> Vec<String> {
    let users = world.partner.list_customer_users().customer_tenant_id(CUSTOMER);
    let users = if deleted { users.deleted() } else { users };
    let page = users.send().await.unwrap().into_inner();
    assert_eq!(world.request().operation, Some("listCustomerUsers"));
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
    assert_eq!(deleted.deleted_at(), time_of("2026-10-05T07:12:44Z"));
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
