//! Business profiles of organizations and accounts.

use letterhead::cloudflare::types;
use serde_json::{Value, json};

use crate::{ACCOUNT, Cloudflare, EUROPE, ORGANIZATION, nothing_sent};

#[tokio::test]
async fn a_profile_is_read_and_replaced() {
    let cloudflare = Cloudflare::start().await;
    let client = cloudflare.client();
    let read = client.get_organization_profile();
    let read = read.organization_id(ORGANIZATION).send().await.unwrap();
    let path = format!("/organizations/{ORGANIZATION}/profile");
    assert_eq!(cloudflare.sent(), nothing_sent(format!("GET {path}")));
    let profile = read.into_inner().result.unwrap();
    let write = client.modify_organization_profile().body(profile.clone());
    write.organization_id(ORGANIZATION).send().await.unwrap();
    let body = serde_json::to_value(profile).unwrap();
    assert_eq!(cloudflare.sent(), (format!("PUT {path}"), Some(body)));
}

#[tokio::test]
async fn the_profile_of_an_account_is_read_and_replaced() {
    let cloudflare = Cloudflare::start().await;
    let client = cloudflare.client();
    let path = format!("/accounts/{ACCOUNT}/profile");
    let read = client
        .get_account_profile()
        .account_id(ACCOUNT)
        .send()
        .await;
    assert_eq!(cloudflare.sent(), nothing_sent(format!("GET {path}")));
    let mut profile = read.unwrap().into_inner().result.unwrap();
    profile.business_phone = Some("+1 425 555 0161".into());
    let write = client.modify_account_profile().account_id(ACCOUNT);
    write.body(profile.clone()).send().await.unwrap();
    let body = serde_json::to_value(profile).unwrap();
    assert_eq!(cloudflare.sent(), (format!("PUT {path}"), Some(body)));
    let missing = client.get_account_profile().account_id(EUROPE).send().await;
    assert!(missing.unwrap_err().is_not_found());
    cloudflare.exchanges();
}

#[tokio::test]
async fn a_profile_of_an_account_is_updated_with_values_in_its_texts() {
    let cloudflare = Cloudflare::start().await;
    let profile = || cloudflare.client().account_profile(ACCOUNT);
    let read = profile().get().await.unwrap();
    let prose = json!("14 Calibration Way, Redmond");
    assert_eq!(read.business_address_value(), prose);
    assert_eq!(
        read.external_metadata_value(),
        json!({"department": "metrology"})
    );

    let address = json!({"line1": "14 Calibration Way", "city": "Redmond"});
    let updated = profile().update(|profile| profile.set_business_address(address.clone()));
    let updated = updated.await.unwrap();
    assert!(updated.is_written());
    assert_eq!(updated.business_address_value(), address);
    assert_eq!(updated.business_name, read.business_name);
    let exchanges = cloudflare.exchanges();
    assert_eq!(exchanges.len(), 3);
    let body = exchanges[2].request_json().unwrap();
    let text = body["business_address"].as_str().unwrap();
    assert_eq!(serde_json::from_str::<Value>(text).unwrap(), address);

    // The same in other words is no change.
    let text = r#"{ "city": "Redmond", "line1": "14 Calibration Way" }"#;
    let update = profile().update(|profile| profile.business_address = Some(text.into()));
    assert!(!update.await.unwrap().is_written());
    let cleared = profile().update(|profile| profile.set_external_metadata(Value::Null));
    assert_eq!(
        cleared.await.unwrap().external_metadata.as_deref(),
        Some("")
    );
    cloudflare.exchanges();
}

#[test]
fn profiles_are_compared_by_what_they_mean() {
    let profile = |address: &str, name: &str| {
        let mut profile = types::OrganizationProfile::default();
        profile.business_address = Some(address.to_owned());
        profile.business_name = Some(name.to_owned());
        profile
    };
    for (one, other, is_same) in [
        (r#"{"a": 1, "b": []}"#, r#"{"b":[],"a":1}"#, true),
        (r#"{"a": 1}"#, r#"{"a": "1"}"#, false),
        ("Laternenweg 3", "Laternenweg 3", true),
        ("Laternenweg 3", "Laternenweg  3", false),
        // A number, but not one that somebody wrote as JSON.
        ("10", "10.0", false),
        ("", "{}", false),
    ] {
        let [one, other] = [one, other].map(|address| profile(address, "Fabrikam"));
        assert_eq!(one.means_the_same_as(&other), is_same, "{one:?} {other:?}");
    }
    assert!(!profile("", "Fabrikam").means_the_same_as(&profile("", "Northwind")));
    for value in [
        json!(null),
        json!("prose"),
        json!(["a"]),
        json!({"a": null}),
    ] {
        let mut profile = types::OrganizationProfile::default();
        profile.set_external_metadata(value.clone());
        assert_eq!(profile.external_metadata_value(), value);
    }
}
