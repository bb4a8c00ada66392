//! The same through a sandbox, whatever state it is in.

use letterhead_sandbox::{Sandbox, seed};

use super::*;
use crate::connect::Services;
use crate::plan::{self, Plan};

/// What a sandbox holds at a path.
type Planted = (String, Value);

/// A text that says something.
fn name() -> impl Strategy<Value = String> {
    text().prop_filter("a name", |text| !text.trim().is_empty())
}

/// Texts at some JSON pointers, some of which are missing, null or empty, in what is there anyway.
fn texts(base: Value, pointers: Vec<String>) -> impl Strategy<Value = Value> {
    let value = prop_oneof![
        6 => text().prop_map(|text| Some(Value::from(text))),
        1 => Just(Some(Value::Null)),
        1 => Just(Some("".into())),
        2 => Just(None),
    ];
    prop::collection::vec(value, pointers.len()).prop_map(move |values| {
        let mut json = base.to_string();
        for (pointer, value) in pointers.iter().zip(values) {
            // An edit to null would remove the member.
            let null = value == Some(Value::Null);
            let value = value.unwrap_or_default();
            let edit = if null { json!("\u{0}") } else { value };
            json = edited(&json, pointer, &edit, &[]).expect("JSON");
        }
        serde_json::from_str(&json.replace(r#""\u0000""#, "null")).expect("JSON")
    })
}

/// A profile at Cloudflare: free text or JSON in its texts.
fn profile() -> impl Strategy<Value = Value> {
    let in_text = prop_oneof![
        2 => text(),
        3 => prop::collection::btree_map("line1|city|country|zipcode|[a-z./~ ]{0,3}", json_value(), 0..4)
            .prop_map(|members| json!(members).to_string()),
    ];
    let plain = texts(
        json!({"business_name": "", "unknown": 1}),
        pointers(&Target::CloudflareAccount(String::new())),
    );
    (plain, in_text.clone(), in_text).prop_map(|(mut profile, address, metadata)| {
        profile["business_address"] = address.into();
        profile["external_metadata"] = metadata.into();
        profile
    })
}

/// The pointers of a kind's members that hold a text and no JSON.
fn pointers(target: &Target) -> Vec<String> {
    let shape = target.shape();
    let is_plain = |pointer: &&str| !shape.texts.iter().any(|text| pointer.contains(text));
    shape.pointers().filter(is_plain).map(str::to_owned).collect()
}

/// Organizations below one that is there or below each other, with profiles and accounts or without.
fn organizations() -> impl Strategy<Value = Vec<Planted>> {
    let one = (
        any::<prop::sample::Index>(),
        name(),
        prop::option::of(profile()),
        prop::option::of(prop::option::of(profile())),
    );
    prop::collection::vec(one, 0..5).prop_map(|all| {
        let mut ids = vec![seed::CLOUDFLARE_ORGANIZATION_ID.to_owned()];
        let mut planted = Vec::new();
        for (number, (parent, name, profile, account)) in all.into_iter().enumerate() {
            let (id, parent) = (format!("{number:032x}"), parent.get(&ids).clone());
            let path = format!("/client/v4/organizations/{id}");
            planted.push((path.clone(), json!({"id": id, "name": name, "parent": {"id": parent}})));
            planted.extend(profile.map(|profile| (format!("{path}/profile"), profile)));
            if let Some(profile) = account {
                let id = format!("{:032x}", number + 100);
                let account = json!({"id": id, "name": name, "type": "standard"});
                planted.push((format!("{path}/accounts/{id}"), account));
                let path = format!("/client/v4/accounts/{id}/profile");
                planted.extend(profile.map(|profile| (path, profile)));
            }
            ids.push(id);
        }
        planted
    })
}

/// Units, of which several may have one name.
fn units() -> impl Strategy<Value = Vec<Planted>> {
    let one = (
        any::<bool>(),
        prop_oneof![2 => name(), 1 => Just("twice".to_owned())],
        prop::option::of(text()),
    );
    prop::collection::vec(one, 0..4).prop_map(|all| {
        let units = all.into_iter().enumerate().map(|(number, (is_geographical, name, label))| {
            let kind = if is_geographical { "geoUnitBase" } else { "orgUnitBase" };
            let path = format!("/fabrikam/campaign/profileAndServicesExt/{kind}/@{number}");
            let mut unit = json!({"PKey": format!("@{number}"), "name": name, "title": name});
            if let Some(label) = label {
                unit["label"] = label.into();
            }
            (path, unit)
        });
        units.collect()
    })
}

/// The partner's profiles.
fn profiles() -> impl Strategy<Value = Vec<Planted>> {
    let profiles = [
        (Target::Organization, json!({"companyName": "Fabrikam", "domain": "fabrikam.example"})),
        (Target::LegalBusiness, json!({"companyName": "Fabrikam", "vettingStatus": "pending"})),
        (Target::Billing, json!({"companyName": "Fabrikam"})),
        (Target::Support, json!({"unknown": 1, "email": "a@b.example"})),
    ];
    let profiles = profiles.map(|(target, base)| {
        // One member at least proves that it is the resource.
        let mut pointers = pointers(&target);
        pointers.retain(|pointer| base.pointer(pointer).is_none());
        let path = format!("/v1{}", target.path(""));
        texts(base, pointers).prop_map(move |profile| (path.clone(), profile))
    });
    profiles.into_iter().collect::<Vec<_>>()
}

/// The first file of what a sandbox holds, and what it says is to be changed there.
async fn imported_and_planned(planted: &[Planted]) -> anyhow::Result<(String, Plan)> {
    let sandbox = Sandbox::start().await?;
    for (path, value) in planted {
        sandbox.put_resource(path, value.clone());
    }
    let session =
        Session::new(Some(Services::from(&sandbox)), letterhead::partner_center::Cloud::Global);
    let mut output = Output::discarded();
    let file = company_file(&Vendors::new(&session), &mut output).await?;
    let yaml = file.to_yaml()?;
    let file =
        company::parse("company.yaml", &yaml, Some(Look::default())).context(yaml.clone())?;
    Ok((yaml, plan::make(&file, &Vendors::new(&session), &mut output).await?))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_imported_from_a_sandbox_differs_from_nothing_in_it(
        organizations in organizations(),
        units in units(),
        profiles in profiles(),
    ) {
        let planted = [organizations, units, profiles].concat();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let planned = runtime.expect("a runtime").block_on(imported_and_planned(&planted));
        let (yaml, plan) = planned.map_err(|error| TestCaseError::fail(format!("{error:#}")))?;
        let counts = plan.counts();
        let failed: Vec<_> = plan.failed.iter().map(|unread| &unread.error).collect();
        prop_assert!(failed.is_empty(), "{:?}", failed);
        prop_assert_eq!((counts.changes, counts.fixed), (0, 0), "{}", yaml);
        prop_assert!(counts.targets >= 5 + 3 + 3 + 4 - 1, "{:?}", counts);
    }
}
