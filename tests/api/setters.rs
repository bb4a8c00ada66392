//! What the setters of members and arguments take.

use std::borrow::Cow;
use std::collections::VecDeque;

use crate::support::World;
use letterhead::cloudflare::types::{NewMember, NewMemberUser};
use letterhead::partner_center::types::{
    Address, CustomerUserPatch, LicenseAssignment, LicenseUpdate, LicenseWarning, PasswordProfile,
};
use letterhead::{Error, ErrorKind, IntoList, Patch, Secret, cloudflare, partner_center};
use letterhead_sandbox::seed;
use serde_json::{Value, json};

/// The licences to remove that a list comes to.
fn removed(list: impl IntoList<Option<Vec<String>>>) -> Value {
    let update = LicenseUpdate::builder().licenses_to_remove(list);
    serde_json::to_value(LicenseUpdate::try_from(update).unwrap()).unwrap()
}

#[test]
fn text_comes_in_every_form_and_as_an_option_of_it() {
    let (owned, none) = ("Redmond".to_owned(), None::<String>);
    let cow = || Cow::Borrowed("Redmond");
    let builder = Address::builder;
    for address in [
        builder().city("Redmond"),
        builder().city(&owned),
        builder().city(owned.clone()),
        builder().city(cow()),
        builder().city(Some("Redmond")),
        builder().city(Some(&owned)),
        builder().city(Some(owned.clone())),
        builder().city(Some(cow())),
        builder().city(Some(owned.clone()).as_deref()).region(none.as_deref()),
    ] {
        let address = serde_json::to_value(Address::try_from(address).unwrap());
        assert_eq!(address.unwrap(), json!({"city": "Redmond"}));
    }

    let builder = PasswordProfile::builder;
    for password in [
        builder().password(&owned),
        builder().password(cow()),
        builder().password(Some("Redmond")),
        builder().password(Some(owned.clone())),
        builder().password(Some(Secret::from("Redmond"))),
    ] {
        let password = PasswordProfile::try_from(password).unwrap().password;
        assert_eq!(password.unwrap().expose(), "Redmond");
    }

    let builder = CustomerUserPatch::builder;
    for user in [
        builder().usage_location(&owned),
        builder().usage_location(cow()),
        builder().usage_location(Patch::set_or_keep(Some(owned.clone()))),
    ] {
        let user = CustomerUserPatch::try_from(user).unwrap();
        assert_eq!(user.usage_location, Patch::Set(owned.clone()));
    }
}

#[test]
fn a_list_comes_in_every_form_and_as_an_option_of_it() {
    let owned = ["a", "b"].map(str::to_owned);
    let vec = owned.to_vec();
    let cows = [Cow::Borrowed("a"), Cow::Owned("b".to_owned())];
    for removed in [
        removed(["a", "b"]),
        removed(vec!["a", "b"]),
        removed(owned.clone()),
        removed(&vec),
        removed(vec),
        removed(&owned),
        removed(&owned[..]),
        removed(Some(owned.as_slice())),
        removed(owned.iter().collect::<Vec<_>>()),
        removed(owned.iter().collect::<VecDeque<_>>()),
        removed(owned.iter().collect::<Box<[_]>>()),
        removed(Cow::Borrowed(&owned[..])),
        removed(cows),
        removed([Some("a"), None, Some("b")]),
    ] {
        assert_eq!(removed, json!({"licensesToRemove": ["a", "b"]}));
    }
    assert_eq!(removed(None::<Vec<String>>), json!({}));
    assert_eq!(removed(None::<[&str; 1]>), json!({}));
}

#[tokio::test]
async fn lists_of_builders_and_of_text_are_sent() {
    let world = World::start().await;
    let sku = seed::LAST_SEAT_SKU_ID;
    let call = world.partner.update_customer_user_licenses();
    let call = call.customer_tenant_id(seed::CUSTOMER_TENANT_ID);
    let licence = LicenseAssignment::builder().sku_id(sku);
    let call = call.user_id(seed::USER_ID).body_map(|update| {
        let update = update.licenses_to_assign([licence.excluded_plans(vec!["a"; 0])]);
        update.license_warnings(None::<Vec<LicenseWarning>>)
    });
    call.send().await.unwrap();
    let sent = world.request().json().unwrap();
    assert_eq!(sent["licensesToAssign"][0]["skuId"], sku);

    let call = world.cloudflare.batch_create_organization_members();
    let call = call.organization_id(seed::CLOUDFLARE_ORGANIZATION_ID);
    let member = |email| NewMember::builder().user(NewMemberUser::builder().email(email));
    let members = ["a@fabrikam.example", "b@fabrikam.example"].map(member);
    call.body_map(|batch| batch.members(members)).send().await.unwrap();
    let sent = world.request().json().unwrap();
    assert_eq!(sent["members"][1]["user"]["email"], "b@fabrikam.example");

    let shares = world.cloudflare.list_organization_shares();
    let shares = shares.organization_id(seed::CLOUDFLARE_ORGANIZATION_ID);
    let kinds = ["a", "b"].map(str::to_owned);
    shares.resource_types(&kinds[..]).send().await.unwrap();
    let target = world.request().target;
    assert!(target.ends_with("resource_types=a&resource_types=b"), "{target}");
}

#[tokio::test]
async fn the_item_that_is_none_is_named_by_its_place() {
    let world = World::start().await;
    let call = world.cloudflare.batch_create_organization_members();
    let call = call.organization_id(seed::CLOUDFLARE_ORGANIZATION_ID);
    let whole = NewMember::builder().user(NewMemberUser::builder().email("a@fabrikam.example"));
    let call = call.body_map(|batch| batch.members([whole, NewMember::builder()]));
    let error = call.send().await.unwrap_err();
    let expected =
        "batch_create_organization_members: members[1]: user is required and was not set";
    assert!(error.to_string().starts_with(expected), "{error}");
    assert_eq!(world.sandbox.requests().len(), 0);
}

#[test]
fn an_object_that_cannot_be_built_is_an_invalid_request() {
    fn member() -> Result<cloudflare::types::NewMember, Error> {
        Ok(NewMember::builder().try_into()?)
    }
    fn role_member() -> Result<partner_center::types::NewUserMember, Error> {
        let member = partner_center::types::NewUserMember::builder();
        Ok(member.try_into()?)
    }
    let error = member().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.is_invalid_request() && !error.may_have_been_sent());
    assert_eq!(error.to_string(), "user is required and was not set");
    let error = role_member().unwrap_err().to_string();
    assert!(error.ends_with("is required and was not set"), "{error}");
}
