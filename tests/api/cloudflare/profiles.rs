//! Business profiles of organizations and accounts.

use letterhead::cloudflare::types;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{ACCOUNT, Cloudflare, EUROPE, ORGANIZATION, nothing_sent};

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
    let read = client.get_account_profile().account_id(ACCOUNT).send().await;
    assert_eq!(cloudflare.sent(), nothing_sent(format!("GET {path}")));
    let mut profile = read.unwrap().into_inner().result.unwrap();
    profile.business_phone = Some("+1 425 555 0161".into());
    let write = client.modify_account_profile().account_id(ACCOUNT);
    write.body(profile.clone()).send().await.unwrap();
    let body = serde_json::to_value(profile).unwrap();
    assert_eq!(cloudflare.sent(), (format!("PUT {path}"), Some(body)));
    let missing = client.get_account_profile().account_id(EUROPE).send().await;
    assert!(missing.unwrap_err().is_not_found());
    cloudflare.requests();
}

#[tokio::test]
async fn a_profile_of_an_account_is_updated_with_values_in_its_texts() {
    let cloudflare = Cloudflare::start().await;
    let profile = || cloudflare.client().account_profile(ACCOUNT);
    let read = profile().get().await.unwrap();
    let prose = json!("14 Calibration Way, Redmond");
    assert_eq!(read.business_address_value(), prose);
    assert_eq!(read.external_metadata_value(), json!({"department": "metrology"}));

    let address = json!({"line1": "14 Calibration Way", "city": "Redmond"});
    let updated = profile().update(|profile| profile.set_business_address(address.clone()));
    let updated = updated.await.unwrap();
    assert!(updated.is_written());
    assert_eq!(updated.business_address_value(), address);
    assert_eq!(updated.business_name, read.business_name);
    let requests = cloudflare.requests();
    assert_eq!(requests.len(), 3);
    let body = requests[2].json().unwrap();
    let text = body["business_address"].as_str().unwrap();
    assert_eq!(serde_json::from_str::<Value>(text).unwrap(), address);

    // The same in other words is no change.
    let text = r#"{ "city": "Redmond", "line1": "14 Calibration Way" }"#;
    let update = profile().update(|profile| profile.business_address = Some(text.into()));
    assert!(!update.await.unwrap().is_written());
    // A digit further than a value goes is one.
    for text in [r#"{"id": 18446744073709551616}"#, r#"{"id": 18446744073709551617}"#] {
        let update = profile().update(|profile| profile.external_metadata = Some(text.into()));
        let updated = update.await.unwrap();
        assert!(updated.is_written());
        assert_eq!(updated.external_metadata_value(), text);
    }
    let cleared = profile().update(|profile| profile.set_external_metadata(Value::Null));
    assert_eq!(cleared.await.unwrap().external_metadata.as_deref(), Some(""));
    cloudflare.requests();
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
        (" ", "", false),
        ("null", "", false),
        (" {} ", "{}", true),
        (r#"{"a": 1.0, "b": [1e2, -0.0]}"#, r#"{"a": 1, "b": [100, 0]}"#, true),
        (r#"{"a": 0.10}"#, r#"{"a": 1e-1}"#, true),
        (r#"{"a": 18446744073709551615}"#, r#"{ "a": 18446744073709551615 }"#, true),
        (r#"{"a": "1\":2"}"#, r#"{"a":"1\":2"}"#, true),
        // A value would hold less than the text, so the text is sent as it is.
        (r#"{"a": 18446744073709551616}"#, r#"{"a": 18446744073709551617}"#, false),
        (r#"{"a": 0.12345678901234567}"#, r#"{"a": 0.12345678901234566}"#, false),
        (r#"{"a": 1, "a": 2}"#, r#"{"a": 2}"#, false),
        (r#"[{""": {"b": 1, "b": 1}}]"#, r#"[{""": {"b": 1}}]"#, false),
        (r#"{"a": 1e-400}"#, r#"{"a": 0}"#, false),
        ("{", "{ ", false),
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
        json!({"\\": {"\"": [u64::MAX, i64::MIN, 0.1, 0.1 + 0.2, 1e300, f64::MIN_POSITIVE, "1:2,", true]}}),
    ] {
        let mut profile = types::OrganizationProfile::default();
        profile.set_external_metadata(value.clone());
        assert_eq!(profile.external_metadata_value(), value);
    }
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        r#"[a:,\[{"\\é ]{0,6}"#.prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 20, 4, |inner| {
        let members = proptest::collection::vec((r#"[a:"\\]{0,3}"#, inner.clone()), 0..4);
        prop_oneof![
            proptest::collection::vec(inner, 0..4).prop_map(Value::from),
            members.prop_map(|members| members.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn a_value_is_read_as_it_was_written(value in json()) {
        prop_assume!(value.is_object() || value.is_array());
        let mut profile = types::OrganizationProfile::default();
        profile.set_business_address(value.clone());
        prop_assert_eq!(profile.business_address_value(), value);
    }
}
