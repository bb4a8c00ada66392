//! The licences of a customer's users.

use letterhead::partner_center::types::LicenseGroup;
use letterhead_sandbox::seed;

use super::{CUSTOMER, assert_sent, assignment};
use crate::support::World;

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
    assert!(error.has_code("60012") && !error.has_code("6001"));
    assert!(error.is_invalid_request(), "{error}");
    assert_sent(&world, "updateCustomerUserLicenses", "POST", &target(second));

    let read = world.partner.list_customer_user_licenses();
    let read = read.customer_tenant_id(CUSTOMER).user_id(first);
    let licences = read.send().await.unwrap();
    let target = format!("{customer}/users/{first}/licenses");
    assert_sent(&world, "listCustomerUserLicenses", "GET", &target);
    let product = licences.items[0].product_sku.as_ref().unwrap();
    assert_eq!(product.id.as_deref(), Some(seed::LAST_SEAT_SKU_ID));
    let left = skus().send().await.unwrap();
    let scarce = left.items.iter().find(|sku| sku.product_sku.as_ref() == Some(product));
    assert_eq!(scarce.unwrap().available_units, Some(0));
}
