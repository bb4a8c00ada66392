//! The partner's customers.

use super::{CUSTOMER, assert_sent};
use crate::support::World;

#[tokio::test]
async fn a_customer_is_found_by_its_domain_and_read() {
    let world = World::start().await;
    let found = |domain| world.partner.find_customer_by_domain(domain);
    let id = found("Contoso.onmicrosoft.example").await.unwrap().into_inner().unwrap().id;
    assert_eq!(id.as_deref(), Some(CUSTOMER));
    assert!(found("contoso").await.unwrap().is_none());
    for request in world.sandbox.take_requests() {
        assert_eq!(request.operation, Some("listCustomers"));
        assert!(request.target.contains("starts_with"));
    }

    let customer = world.partner.get_customer().customer_tenant_id(CUSTOMER);
    let customer = customer.send().await.unwrap().into_inner();
    let target = format!("/v1/customers/{CUSTOMER}");
    assert_sent(&world, "getCustomer", "GET", &target);
    assert!(customer.billing_profile.is_some());
    let company = world.partner.get_customer_company_profile().customer_tenant_id(CUSTOMER);
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
    let requests = world.sandbox.take_requests();
    let operations: Vec<_> = requests.iter().filter_map(|sent| sent.operation).collect();
    assert_eq!(operations, ["getCustomerBillingProfile", "updateCustomerBillingProfile"]);

    assert!(write(stale, None).await.unwrap_err().is_conflict());
    assert_sent(&world, "updateCustomerBillingProfile", "PUT", &target);
    let current = read().await.unwrap().into_inner();
    let _ = world.sandbox.take_requests();
    assert_eq!(current.email.as_deref(), Some("a@contoso.example"));
    let refused = write(current, Some("\"1\"")).await.unwrap_err();
    assert!(refused.is_conflict());
    let request = world.request();
    assert_eq!(request.header("if-match"), Some("\"1\""));
}
