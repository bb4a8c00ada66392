//! Decoding and encoding loses nothing: the pages' own JSON, and whatever a schema allows.

use std::path::Path;

use letterhead::{campaign_standard, cloudflare, partner_center};
use letterhead_document::Document;
use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

fn round_trip<T: Serialize + DeserializeOwned>(text: &[u8]) -> serde_json::Result<String> {
    serde_json::to_string(&serde_json::from_slice::<T>(text)?)
}

type RoundTrip = fn(&[u8]) -> serde_json::Result<String>;

/// The types of responses under their names in the document.
macro_rules! response_types {
    ($vendor:ident: $($name:ident),* $(,)?) => {
        &[$((stringify!($name), round_trip::<$vendor::types::$name>)),*]
    };
}

/// The schemas that vendors send, and the types generated from them.
const PARTNER_CENTER: &[(&str, RoundTrip)] = response_types!(
    partner_center: OrganizationProfile, SupportProfile, CustomerPage, CustomerUserPage, CustomerUser, Customer, CustomerCompanyProfile, CustomerBillingProfile, SubscribedSkuList, LicenseList, LicenseUpdate, DirectoryRoleList, UserMemberPage, UserMember, LegalBusinessProfile, BillingProfile, MpnProfile,
);
const CLOUDFLARE: &[(&str, RoundTrip)] = response_types!(
    cloudflare: AuditLogHistoryPage, AuditLogPage, BillableUsageResponse, SharePage, AccountOrganizationsResponse, AccountPage, DeletedOrganizationResponse, MemberPage,
    MemberResponse, MembersResponse, MoveAccountResponse, MoveAccountsResponse, OrganizationPage,
    OrganizationProfileResponse, OrganizationResponse, TokenResponse,
);
const CAMPAIGN_STANDARD: &[(&str, RoundTrip)] = response_types!(
    campaign_standard: OrganizationalUnitPage, OrganizationalUnit, Profile, ProfilePage, GeographicalUnitPage, GeographicalUnit, Service, ServicePage, Subscription, SubscriptionPage, ResourceMetadata, ResourceListing, ProfileValuePage, UpdatedResource,
);

/// Any JSON that `schema` allows, plus members it doesn't know.
fn allowed(document: &Value, schema: &Value, depth: u32) -> BoxedStrategy<Value> {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.pointer(reference.trim_start_matches('#')).unwrap();
        return allowed(document, target, depth);
    }
    let value = match schema["type"].as_str() {
        Some("string") => {
            let listed: Vec<Value> = schema["enum"].as_array().cloned().unwrap_or_default();
            let any = any::<String>().prop_map(Value::from).boxed();
            if listed.is_empty() {
                any
            } else {
                prop_oneof![proptest::sample::select(listed), any].boxed()
            }
        }
        Some("integer") if schema["format"] == "int32" => {
            any::<i32>().prop_map(Value::from).boxed()
        }
        Some("integer") => any::<i64>().prop_map(Value::from).boxed(),
        Some("number") => any::<i32>().prop_map(|n| json!(f64::from(n) / 4.0)).boxed(),
        Some("boolean") => any::<bool>().prop_map(Value::from).boxed(),
        Some("array") if depth == 0 => Just(json!([])).boxed(),
        Some("array") => {
            let item = allowed(document, &schema["items"], depth - 1);
            prop::collection::vec(item, 0..3)
                .prop_map(Value::from)
                .boxed()
        }
        _ if schema["allOf"].is_array() => match schema["allOf"].as_array().unwrap().as_slice() {
            [only] => allowed(document, only, depth),
            parts => object(document, &sum(document, parts), depth),
        },
        _ if schema["anyOf"].is_array() => {
            let choices = schema["anyOf"].as_array().unwrap().iter();
            let choices = choices.map(|choice| allowed(document, choice, depth));
            prop::strategy::Union::new(choices).boxed()
        }
        Some("object") if depth == 0 => Just(json!({})).boxed(),
        Some("object") => object(document, schema, depth - 1),
        None => anything(2),
        Some(other) => panic!("no strategy for a schema of type `{other}`"),
    };
    if schema["nullable"] == true {
        prop_oneof![1 => Just(Value::Null), 4 => value].boxed()
    } else {
        value
    }
}

/// The one object that the parts of an `allOf` make.
fn sum(document: &Value, parts: &[Value]) -> Value {
    let mut properties = Map::new();
    for part in parts {
        let part = match part["$ref"].as_str() {
            Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
            None => part,
        };
        properties.extend(part["properties"].as_object().unwrap().clone());
    }
    json!({"properties": properties})
}

fn object(document: &Value, schema: &Value, depth: u32) -> BoxedStrategy<Value> {
    let known: Vec<(String, BoxedStrategy<Option<Value>>)> = schema["properties"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, property)| {
            let value = allowed(document, property, depth);
            // Vendors leave out what they promise, or null it.
            let value = prop_oneof![1 => Just(Value::Null), 8 => value];
            (name.clone(), prop::option::of(value).boxed())
        })
        .collect();
    let (names, values): (Vec<_>, Vec<_>) = known.into_iter().unzip();
    let unknown = prop::collection::btree_map("[a-zA-Z@._ -]{1,8}", anything(1), 0..3);
    (values, unknown)
        .prop_map(move |(values, unknown)| {
            let known = names.iter().cloned().zip(values);
            let known = known.filter_map(|(name, value)| Some((name, value?)));
            let mut members: Map<String, Value> = unknown
                .into_iter()
                .filter(|(name, _)| !names.contains(name))
                .collect();
            members.extend(known);
            Value::Object(members)
        })
        .boxed()
}

fn anything(depth: u32) -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(depth, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{0,4}", inner, 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
    .boxed()
}

/// Every successful response of the document has a type in `types`, and each survives.
fn assert_lossless(vendor: &letterhead_spec::Vendor, types: &[(&str, RoundTrip)]) {
    let document = Document::parse(vendor.file, vendor.document());
    let document = document.unwrap().to_json();
    let mut responses: Vec<String> = Vec::new();
    for operation in document["paths"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|p| p.as_object().unwrap().values())
    {
        let schema =
            &operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"];
        responses.extend(
            schema
                .as_str()
                .map(|s| s.rsplit('/').next().unwrap().to_owned()),
        );
    }
    assert!(!responses.is_empty());
    for response in responses {
        assert!(
            types.iter().any(|(name, _)| *name == response),
            "`{response}` is not tested"
        );
    }
    for (name, round_trip) in types {
        let schema = json!({"$ref": format!("#/components/schemas/{name}")});
        let strategy = allowed(&document, &schema, 5);
        proptest!(ProptestConfig::with_cases(64), |(value in strategy)| {
            let bytes = serde_json::to_vec(&value).unwrap();
            let again = round_trip(&bytes);
            prop_assert!(again.is_ok(), "{}: {:?} in {}", name, again, value);
            let again: Value = serde_json::from_str(&again.unwrap()).unwrap();
            prop_assert_eq!(again, value);
        });
        let strange = strange();
        let again = round_trip(strange.as_bytes());
        assert_eq!(again.unwrap(), strange, "{name}");
    }
}

/// An object whose members are valid JSON that no Rust type holds, or that one would write otherwise.
fn strange() -> String {
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let members = [
        "1.0",
        "1e2",
        "1e400",
        "-0",
        "123456789012345678901234567890",
        "0.1000000000000000055511151231257827",
        r#""\ud800""#,
        r#""\u0041\/""#,
        r#"{ "b" : 1 , "a" : 2 , "b" : 3 }"#,
        &deep,
    ];
    let members = members.iter().enumerate();
    let members: Vec<_> = members
        .map(|(number, json)| format!("\"~{number}\":{json}"))
        .collect();
    format!("{{{}}}", members.join(","))
}

macro_rules! whatever_each_vendor_may_send_survives {
    ($(($id:literal, $module:ident, $Type:ident, $ROW:ident))+) => {
        mod whatever_may_be_sent_survives {
            $(
                #[test]
                fn $module() {
                    super::assert_lossless(&letterhead_spec::$ROW, super::$ROW);
                }
            )+
        }
    };
}
letterhead_spec::for_each_vendor!(whatever_each_vendor_may_send_survives);

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
            vec![
                round_trip::<partner::SupportProfile>,
                round_trip::<partner::SupportProfile>,
            ],
        ),
        (
            "partner-center/update-user-accounts-for-a-customer.md",
            vec![
                round_trip::<partner::CustomerUserPatch>,
                round_trip::<partner::CustomerUser>,
            ],
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
            vec![
                round_trip::<campaign::OrganizationalUnit>,
                round_trip::<campaign::ProfilePatch>,
            ],
        ),
    ]
}

/// The vendors' pages are no part of this project; where a maintainer has them beside it, their JSON
/// is tested too.
#[test]
fn the_pages_own_json_survives_where_the_pages_are() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/docs");
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
    assert_eq!(
        schema.as_value()["properties"]["usageLocation"]["type"],
        json!(["string", "null"])
    );
    let schema = schemars::schema_for!(campaign_standard::types::ProfilePatch);
    assert_eq!(schema.as_value().get("required"), None);
    let schema = schemars::schema_for!(cloudflare::types::OrganizationProfile);
    assert!(schema.as_value()["properties"]["business_phone"].is_object());
}
