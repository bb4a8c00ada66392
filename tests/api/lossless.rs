//! Decoding and encoding loses nothing of the pages' own JSON. `every_vendor` has whatever a schema allows.

use std::path::Path;

use letterhead::{campaign_standard, cloudflare, partner_center};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn round_trip<T: Serialize + DeserializeOwned>(text: &[u8]) -> serde_json::Result<String> {
    serde_json::to_string(&serde_json::from_slice::<T>(text)?)
}

type RoundTrip = fn(&[u8]) -> serde_json::Result<String>;

/// The JSON objects in a page: its samples with placeholders filled in, `-d` lines joined.
fn samples(page: &str) -> Vec<Value> {
    // One page indents with no-break spaces.
    let page = page.replace("\n-d ", "\n").replace('\u{a0}', " ");
    let mut found = Vec::new();
    let mut rest = page.as_str();
    while let Some(start) = rest.find('{') {
        rest = &rest[start..];
        let end = balanced(rest);
        let sample = end.and_then(|end| serde_json::from_str(&filled_in(&rest[..end])).ok());
        match (sample, end) {
            (Some(Value::Object(members)), Some(end)) if !members.is_empty() => {
                found.push(members.into());
                rest = &rest[end..];
            }
            _ => rest = &rest[1..],
        }
    }
    found
}

/// Where the braces that open at the start are all closed.
fn balanced(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at + 1);
        }
    }
    None
}

/// `:<etag>` becomes `:"<etag>"`.
fn filled_in(sample: &str) -> String {
    let parts: Vec<&str> = sample.split(":<").collect();
    let filled = parts[1..].iter().map(|part| match part.split_once('>') {
        Some((name, rest)) => format!(":\"<{name}>\"{rest}"),
        None => format!(":<{part}"),
    });
    std::iter::once(parts[0].to_owned()).chain(filled).collect()
}

/// The vendor pages, each with the types of its samples in order.
fn pages() -> Vec<(&'static str, Vec<RoundTrip>)> {
    use campaign_standard::types as campaign;
    use cloudflare::types as cloudflare;
    use partner_center::types as partner;
    vec![
        (
            "partner-center/update-an-organization-profile.md",
            vec![
                round_trip::<partner::OrganizationProfile>,
                round_trip::<partner::OrganizationProfile>,
            ],
        ),
        (
            "partner-center/update-support-profile.md",
            vec![round_trip::<partner::SupportProfile>, round_trip::<partner::SupportProfile>],
        ),
        (
            "partner-center/update-user-accounts-for-a-customer.md",
            vec![round_trip::<partner::CustomerUserPatch>, round_trip::<partner::CustomerUser>],
        ),
        (
            "cloudflare/organization-profile.md",
            vec![
                round_trip::<cloudflare::OrganizationProfileResponse>,
                round_trip::<cloudflare::OrganizationProfile>,
            ],
        ),
        (
            "campaign-standard/updating-organizational-unit-of-a-profile.nl.md",
            vec![round_trip::<campaign::OrganizationalUnit>, round_trip::<campaign::ProfilePatch>],
        ),
    ]
}

/// The vendors' pages are no part of this project; where a maintainer has them beside it, their JSON
/// is tested too.
#[test]
fn the_pages_own_json_survives_where_the_pages_are() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/vendor-docs");
    if !docs.is_dir() {
        return;
    }
    for (page, types) in pages() {
        assert_samples_survive(&docs.join(page), &types);
    }
}

/// The page has a sample for each type, and each survives.
fn assert_samples_survive(page: &Path, types: &[RoundTrip]) {
    let text = std::fs::read_to_string(page).unwrap();
    let samples = samples(&text);
    let page = page.display();
    assert_eq!(samples.len(), types.len(), "{page}: {samples:#?}");
    for (sample, round_trip) in samples.iter().zip(types) {
        let again = round_trip(sample.to_string().as_bytes()).unwrap();
        let again: Value = serde_json::from_str(&again).unwrap();
        assert_eq!(again, *sample, "{page}");
    }
}

#[test]
fn samples_of_the_pages_shapes_survive() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    for (page, types) in pages() {
        let name = Path::new(page).file_name().unwrap();
        assert_samples_survive(&fixtures.join(name), &types);
    }
}

#[test]
fn every_type_has_a_json_schema() {
    let schema = schemars::schema_for!(partner_center::types::CustomerUser);
    assert_eq!(schema.as_value()["properties"]["usageLocation"]["type"], json!(["string", "null"]));
    let schema = schemars::schema_for!(campaign_standard::types::ProfilePatch);
    assert_eq!(schema.as_value().get("required"), None);
    let schema = schemars::schema_for!(cloudflare::types::OrganizationProfile);
    assert!(schema.as_value()["properties"]["business_phone"].is_object());
}
