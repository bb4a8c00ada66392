//! The partner's own profiles.

use letterhead::partner_center::types::{VettingStatus, VettingVersion};
use letterhead_sandbox::seed;

use super::assert_sent;
use crate::support::World;

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
    let requests = world.sandbox.take_requests();
    let operations: Vec<_> = requests.iter().filter_map(|sent| sent.operation).collect();
    assert_eq!(operations, ["getLegalBusinessProfile", "updateLegalBusinessProfile"]);
    let sent = requests[1].json().unwrap();
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
