//! What the setters of members and arguments take.

use std::borrow::Cow;

use letterhead::cloudflare::types::NewMember;
use letterhead::partner_center::types::{Address, CustomerUserPatch, PasswordProfile};
use letterhead::{Error, ErrorKind, Patch, Secret, cloudflare, partner_center};
use serde_json::json;

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
        builder()
            .city(Some(owned.clone()).as_deref())
            .region(none.as_deref()),
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
