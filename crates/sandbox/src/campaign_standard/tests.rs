//! Campaign Standard as clients see it.

use serde_json::{Value, json};

use super::credentials::{CAMPAIGN_ACCESS_TOKEN, CAMPAIGN_API_KEY};
use super::lists::COUNT;
use super::seed::*;
use crate::Sandbox;
use crate::testing::credentials;

fn path(rest: &str) -> String {
    format!("/{CAMPAIGN_ORGANIZATION}/campaign/{rest}")
}

fn profile_path() -> String {
    path(&format!("{PROFILES}/{CAMPAIGN_PROFILE_PKEY}"))
}

#[tokio::test]
async fn the_gateway_wants_token_key_and_its_own_organization() {
    let sandbox = Sandbox::start().await.expect("a sandbox");
    let bearer = ("authorization", format!("Bearer {CAMPAIGN_ACCESS_TOKEN}"));
    let stranger = ("authorization", "Bearer stranger".to_owned());
    let key = ("x-api-key", CAMPAIGN_API_KEY.to_owned());
    let other_key = ("x-api-key", "stranger".to_owned());
    let own = profile_path();
    let other = own.replace(CAMPAIGN_ORGANIZATION, "contoso");
    for (target, headers, status, code) in [
        (&own, vec![key.clone()], 401, "401010"),
        (&own, vec![stranger, key.clone()], 401, "401013"),
        (&own, vec![bearer.clone()], 403, "403000"),
        (&own, vec![bearer.clone(), other_key], 403, "403003"),
        (&other, vec![bearer, key], 403, "403023"),
    ] {
        let received = sandbox.send("GET", target, &headers, None).await;
        assert_eq!(received.status, status);
        assert_eq!(received.json()["error_code"], code);
        assert!(received.header("x-request-id").is_some());
    }
}

#[tokio::test]
async fn only_lists_are_counted_and_counting_changes_nothing() {
    let sandbox = Sandbox::start().await.expect("a sandbox");
    for (method, counted) in [
        ("DELETE", profile_path()),
        ("POST", path(PROFILES)),
        ("GET", profile_path()),
        ("GET", path("profileAndServicesExt/resourceType/profile")),
        ("GET", path("profileAndServicesExt")),
    ] {
        let target = format!("{counted}/{COUNT}");
        let lost = sandbox.call(method, &target, Some(&json!({}))).await;
        assert!(lost.status >= 400, "{method} {target}: {lost:?}");
    }
    assert!(sandbox.applied_writes().is_empty());
}

#[tokio::test]
async fn next_leads_to_the_end_on_the_same_origin() {
    let sandbox = Sandbox::start().await.expect("a sandbox");
    let mut target = path(&format!("{UNITS}/?_lineCount=2"));
    let mut keys = Vec::new();
    let mut pages = 0;
    loop {
        let page = sandbox.call("GET", &target, None).await.json();
        pages += 1;
        let units = page["content"].as_array().expect("a list");
        keys.extend(units.iter().map(|unit| unit["PKey"].clone()));
        let Some(next) = page["next"]["href"].as_str() else {
            break;
        };
        assert!(next.contains("_lineStart=@"), "{next}");
        target = next.strip_prefix(&sandbox.url()).expect("the origin").to_owned();
    }
    let all = [CAMPAIGN_ROOT_UNIT_PKEY, CAMPAIGN_UNIT_PKEY, CAMPAIGN_OTHER_UNIT_PKEY];
    assert_eq!(pages, 2);
    assert_eq!(keys, all);
}

#[tokio::test]
async fn a_profile_is_found_by_its_exact_address() {
    let sandbox = Sandbox::start().await.expect("a sandbox");
    for (email, expected) in [
        ("tomas%2Bnews%40contoso.example", 1),
        ("tomas", 0),
        // Unencoded, a plus is a space.
        ("tomas+news@contoso.example", 0),
    ] {
        let target = path(&format!("{PROFILES}/byEmail?email={email}"));
        let page = sandbox.call("GET", &target, None).await.json();
        let found = page["content"].as_array().map(Vec::len);
        assert_eq!(found, Some(expected), "{email}");
    }
    let without = path(&format!("{PROFILES}/byEmail"));
    assert_eq!(sandbox.call("GET", &without, None).await.status, 500);
}

#[tokio::test]
async fn a_unit_is_linked_by_its_key_and_taken_away_by_null() {
    let sandbox = Sandbox::start().await.expect("a sandbox");
    let change = json!({"orgUnit": {"PKey": CAMPAIGN_OTHER_UNIT_PKEY}, "cusColour": "teal"});
    let received = sandbox.call("PATCH", &profile_path(), Some(&change)).await;
    let href = format!("{}{}", sandbox.url(), profile_path());
    let expected = json!({"PKey": CAMPAIGN_PROFILE_PKEY, "href": href});
    assert_eq!((received.status, received.json()), (200, expected));
    let profile = sandbox.call("GET", &profile_path(), None).await.json();
    let link = &profile["orgUnit"];
    assert_eq!(link["title"], "Northwind Brand (northwind-brand)");
    assert_ne!(link["PKey"], CAMPAIGN_OTHER_UNIT_PKEY, "another key leads to the same unit");
    let linked = link["PKey"].as_str().expect("a key");
    assert_eq!(link["href"], format!("{}{}", sandbox.url(), path(&format!("{UNITS}/{linked}"))));
    let unit = sandbox.call("GET", &path(&format!("{UNITS}/{linked}")), None).await.json();
    assert_eq!(unit["PKey"], CAMPAIGN_OTHER_UNIT_PKEY);
    assert_eq!(profile["cusColour"], "teal");

    let cleared = json!({"orgUnit": null});
    sandbox.call("PATCH", &profile_path(), Some(&cleared)).await;
    let profile = sandbox.resource(&profile_path()).expect("a profile");
    assert_eq!(profile.get("orgUnit"), Some(&Value::Null));
    let nothing = sandbox.call("PATCH", &profile_path(), Some(&json!({}))).await;
    assert_eq!((nothing.status, nothing.body.len()), (204, 0));
}

#[tokio::test]
async fn a_title_follows_the_label() {
    let sandbox = Sandbox::start().await.expect("a sandbox");
    for (target, name) in [
        (format!("{UNITS}/{CAMPAIGN_UNIT_PKEY}"), "contoso-brand"),
        (format!("{SERVICES}/{CAMPAIGN_SERVICE_PKEY}"), "contoso_news"),
    ] {
        let change = json!({"label": "Harbour"});
        sandbox.call("PATCH", &path(&target), Some(&change)).await;
        let record = sandbox.resource(&path(&target)).expect("a record");
        assert_eq!(record["title"], format!("Harbour ({name})"));
    }
}

#[tokio::test]
async fn mistakes_are_500_unless_a_record_is_missing() {
    let sandbox = Sandbox::start().await.expect("a sandbox");
    let unit = |key: &str| json!({"orgUnit": {"PKey": key}});
    for (change, status, said) in [
        (unit("contoso"), 500, "XTK-170036"),
        (unit("@nobody"), 404, "no document"),
        (json!({"geoUnit": {"PKey": CAMPAIGN_UNIT_PKEY}}), 404, "no document"),
        (json!({"orgUnit": {}}), 500, "/orgUnit/PKey"),
        (json!({"age": 30}), 500, "read-only"),
        (json!({"PKey": "@other"}), 500, "RST-360012"),
    ] {
        let received = sandbox.call("PATCH", &profile_path(), Some(&change)).await;
        let body = received.json();
        assert_eq!(received.status, status, "{body}");
        let message = body["message"].as_str().expect("a message");
        assert!(message.contains(said), "{message}");
        assert!(message.starts_with("RST-360011"), "{message}");
    }
    let unit = path(&format!("{UNITS}/{CAMPAIGN_UNIT_PKEY}"));
    let service = path(&format!("{SERVICES}/{CAMPAIGN_SERVICE_PKEY}"));
    for (target, member, said) in [
        (&unit, "PKey", "RST-360012"),
        (&service, "PKey", "RST-360012"),
        (&unit, "created", "read-only"),
        (&service, "created", "read-only"),
    ] {
        let change = json!({"label": "Other", member: "@other"});
        let received = sandbox.call("PATCH", target, Some(&change)).await;
        let body = received.json();
        assert_eq!(received.status, 500, "{body}");
        assert!(body["message"].as_str().is_some_and(|it| it.contains(said)));
    }
    let taken = json!({"email": CAMPAIGN_PROFILE_EMAIL});
    let received = sandbox.call("POST", &path(PROFILES), Some(&taken)).await;
    let message = received.json()["message"].to_string();
    assert!(received.status == 500 && message.contains("PGS-220000"));
    for (key, status) in [("nobody", 500), ("@nobody", 404)] {
        let target = path(&format!("{PROFILES}/{key}"));
        assert_eq!(sandbox.call("GET", &target, None).await.status, status);
    }
    let headers = credentials("/fabrikam/campaign");
    let target = path("profileAndServicesExt/landingPage/");
    let received = sandbox.send("GET", &target, &headers, None).await;
    assert_eq!((received.status, received.json()["code"] == 500), (500, true));
}
