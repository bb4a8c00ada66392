//! Which targets a file names, and what they hold.

use letterhead_sandbox::seed;
use serde_json::json;

use crate::support::{Scene, stderr, stdout};

const PROFILES: &str = "/fabrikam/campaign/profileAndServicesExt/profile";

#[test]
fn the_address_goes_to_all_profiles_of_a_unit() {
    let scene = Scene::new();
    let file = "\
company: {tradingName: Renamed, address: {city: Delft}}
campaignStandard: {organizationalUnits: [{name: contoso-brand, profiles: true}]}
";
    scene.write("company.yaml", file);
    let plan = scene.run(["plan"]);
    assert_eq!(plan.status.code(), Some(2), "{}", stderr(&plan));
    let target = format!("campaign-standard/profiles/{}", seed::CAMPAIGN_PROFILE_EMAIL);
    assert!(stdout(&plan).contains(&target), "{}", stdout(&plan));
    assert!(stdout(&plan).contains("2 changes at 2 of 2 targets"), "{}", stdout(&plan));
    let applied = scene.run(["apply", "--yes"]);
    assert_eq!(applied.status.code(), Some(0), "{}", stderr(&applied));
    let profile = format!("{PROFILES}/{}", seed::CAMPAIGN_PROFILE_PKEY);
    let profile = scene.sandbox.resource(&profile).expect("a profile");
    assert_eq!(profile["location"]["city"], "Delft");
    assert_eq!(scene.run(["plan"]).status.code(), Some(0), "also under the unit's new label");
    // What is kept outlives every key.
    let journal = std::fs::read_to_string(scene.journal()).expect("a journal");
    let begun = journal.lines().next().expect("a line");
    assert!(begun.contains(&target) && !begun.contains(seed::CAMPAIGN_PROFILE_PKEY), "{begun}");
}

#[test]
fn a_profile_is_assigned_to_the_unit_that_names_it() {
    let scene = Scene::new();
    let (nadia, tomas) = (seed::CAMPAIGN_PROFILE_EMAIL, seed::CAMPAIGN_LOOSE_PROFILE_EMAIL);
    let file = format!(
        "\
company: {{address: {{city: Delft}}}}
campaignStandard:
  organizationalUnits:
    - {{name: contoso-brand, profiles: true, set: {{address: {{city: Breda}}}}}}
    - {{name: northwind-brand, profiles: true, assign: [{nadia}, {tomas}]}}
"
    );
    scene.write("company.yaml", &file);
    let plan = scene.run(["plan"]);
    assert_eq!(plan.status.code(), Some(2), "{}", stderr(&plan));
    for (email, old) in [(nadia, "\"contoso-brand\""), (tomas, "nothing")] {
        let change = format!(
            "campaign-standard/assignments/{email}\n  \
             organizationalUnit (orgUnit): {old} -> \"northwind-brand\"\n"
        );
        assert!(stdout(&plan).contains(&change), "{}", stdout(&plan));
    }
    assert!(stdout(&plan).contains("4 changes at 4 of 6 targets"), "{}", stdout(&plan));
    let masked = stdout(&scene.run(["plan", "--mask"]));
    assert!(masked.contains("campaign-standard/assignments/***\n"), "{masked}");
    assert!(
        masked.contains("nothing -> \"northwind-brand\"") && !masked.contains(tomas),
        "{masked}"
    );

    let applied = scene.run(["apply", "--yes"]);
    assert_eq!(applied.status.code(), Some(0), "{}", stdout(&applied));
    for key in [seed::CAMPAIGN_PROFILE_PKEY, seed::CAMPAIGN_LOOSE_PROFILE_PKEY] {
        let profile = scene.sandbox.resource(&format!("{PROFILES}/{key}")).expect("a profile");
        assert_eq!(profile["orgUnit"]["title"], "Northwind Brand (northwind-brand)");
        assert_eq!(profile["location"]["city"], "Delft", "as its unit has it, and not the old one");
    }
    assert_eq!(scene.run(["plan"]).status.code(), Some(0));
    assert!(stdout(&scene.run(["matrix"])).contains("organizationalUnit"));
    let journal = std::fs::read_to_string(scene.journal()).expect("a journal");
    let begun = journal.lines().next().expect("a line");
    assert!(!begun.contains("@4Kp6W") && !begun.contains("@3Rb5T"), "no key is kept: {begun}");
}

#[test]
fn a_profile_that_is_not_there_cannot_be_assigned() {
    let scene = Scene::new();
    for (file, wanted) in [
        ("[{name: contoso-brand, assign: [no@x.example]}]", "there is no profile with this e-mail"),
        ("[{name: no-brand, assign: [a@x.example]}]", "there is no organizational unit with the"),
    ] {
        let file = format!("campaignStandard: {{organizationalUnits: {file}}}\n");
        scene.write("company.yaml", &file);
        let plan = scene.run(["plan"]);
        assert_eq!(plan.status.code(), Some(1), "{}", stdout(&plan));
        assert!(stdout(&plan).contains(wanted), "{}", stdout(&plan));
    }
}

#[test]
fn a_profile_without_an_address_of_its_own_is_left_out_and_counted() {
    let scene = Scene::new();
    let path = format!("{PROFILES}/{}", seed::CAMPAIGN_PROFILE_PKEY);
    let profile = scene.sandbox.resource(&path).expect("a profile");
    for (key, email) in [("@a", seed::CAMPAIGN_PROFILE_EMAIL), ("@b", ""), ("@c", "c@x.example")] {
        let mut other = profile.clone();
        (other["PKey"], other["email"]) = (key.into(), email.into());
        scene.sandbox.put_resource(&format!("{PROFILES}/{key}"), other);
    }
    let file = "\
company: {address: {city: Delft}}
campaignStandard: {organizationalUnits: [{name: contoso-brand, profiles: true}]}
";
    scene.write("company.yaml", file);
    let plan = scene.run(["plan"]);
    assert!(stderr(&plan).contains("left out at `contoso-brand`: 3 profiles"), "{}", stderr(&plan));
    assert!(stdout(&plan).contains("1 change at 1 of 2 targets"), "{}", stdout(&plan));
}

#[test]
fn a_profile_in_two_units_is_selected_twice() {
    let scene = Scene::new();
    let path = format!("{PROFILES}/{}", seed::CAMPAIGN_PROFILE_PKEY);
    let mut profile = scene.sandbox.resource(&path).expect("a profile");
    profile["geoUnit"] = json!({"PKey": "@x", "href": "", "title": "Iberia (iberia)"});
    scene.sandbox.put_resource(&path, profile);
    let file = "\
company: {address: {city: Delft}}
campaignStandard:
  organizationalUnits: [{name: contoso-brand, profiles: true}]
  geographicalUnits: [{name: iberia, profiles: true}]
";
    scene.write("company.yaml", file);
    let plan = scene.run(["plan"]);
    assert_eq!(plan.status.code(), Some(1), "{}", stdout(&plan));
    let email = seed::CAMPAIGN_PROFILE_EMAIL;
    let twice = format!("`campaign-standard/profiles/{email}` is selected twice");
    assert!(stderr(&plan).contains(&twice), "{}", stderr(&plan));
    let masked = scene.run(["plan", "--mask"]);
    assert!(stderr(&masked).contains("is selected twice") && !stderr(&masked).contains(email));
}

#[test]
fn a_parent_that_is_not_there_is_an_error() {
    let scene = Scene::new();
    for list in ["organizations", "accounts"] {
        let id = "00000000000000000000000000000000";
        scene.write(
            "company.yaml",
            &format!("company: {{phone: '1'}}\ncloudflare: {{{list}: [{{below: '{id}'}}]}}\n"),
        );
        let plan = scene.run(["plan"]);
        assert_eq!(plan.status.code(), Some(1), "{}", stdout(&plan));
        assert!(stderr(&plan).contains(&format!("`below: {id}`")), "{}", stderr(&plan));
    }
    let bare = seed::CLOUDFLARE_BARE_ORGANIZATION_ID;
    scene.write("company.yaml", &format!("cloudflare: {{organizations: [{{below: {bare}}}]}}\n"));
    let plan = scene.run(["plan"]);
    assert_eq!(plan.status.code(), Some(1), "{}", stdout(&plan));
    assert!(stderr(&plan).contains("names no target"), "{}", stderr(&plan));
}

#[test]
fn the_nearest_entry_decides() {
    let scene = Scene::new();
    let [production, staging, europe] = seed::CLOUDFLARE_ACCOUNT_IDS;
    let (above, below) = (seed::CLOUDFLARE_ORGANIZATION_ID, seed::CLOUDFLARE_SUB_ORGANIZATION_ID);
    let entries = [
        format!("    - {{below: {below}, set: {{phone: '2'}}}}\n"),
        format!("    - {{below: {above}, set: {{phone: '1'}}}}\n"),
    ];
    let mut other_way = entries.clone();
    other_way.reverse();
    for entries in [entries, other_way] {
        scene.write("company.yaml", &format!("cloudflare:\n  accounts:\n{}", entries.concat()));
        let plan = scene.run(["plan", "--format", "json"]);
        let plan: serde_json::Value = serde_json::from_str(&stdout(&plan)).expect("JSON");
        let mut phones: Vec<_> = plan["targets"].as_array().expect("targets").iter().collect();
        phones.sort_by_key(|target| target["target"].as_str());
        let phones = phones.iter().map(|it| (&it["target"], &it["changes"][0]["new"]));
        let wanted = [(staging, "1"), (production, "1"), (europe, "2")];
        let wanted = wanted.map(|(id, phone)| (format!("cloudflare/accounts/{id}"), phone));
        for ((target, phone), (wanted_target, wanted_phone)) in phones.zip(&wanted) {
            assert_eq!((target, phone), (&json!(wanted_target), &json!(wanted_phone)));
        }
    }
}

#[test]
fn null_clears_free_text_where_members_could_be() {
    let scene = Scene::new();
    let account = seed::CLOUDFLARE_ACCOUNT_ID;
    let path = format!("/client/v4/accounts/{account}/profile");
    let mut profile = scene.sandbox.resource(&path).expect("a profile");
    profile["external_metadata"] = "see the wiki".into();
    scene.sandbox.put_resource(&path, profile);
    let file = |leave: &str| {
        format!(
            "company: {{address: null, metadata: null}}\n\
             cloudflare: {{accounts: [{{id: {account}, leave: [{leave}]}}]}}\n"
        )
    };
    scene.write("company.yaml", &file("address, metadata"));
    assert_eq!(scene.run(["plan"]).status.code(), Some(0), "it is left alone");
    scene.write("company.yaml", &file(""));
    let plan = scene.run(["plan"]);
    for line in [
        "address (business_address): \"14 Calibration Way, Redmond\" -> nothing",
        "metadata (external_metadata): \"see the wiki\" -> nothing",
    ] {
        assert!(stdout(&plan).contains(line), "{}", stdout(&plan));
    }
    let refused = scene.run(["apply", "--yes"]);
    assert!(stderr(&refused).contains("`--allow clear`: 2"), "{}", stderr(&refused));
    let applied = scene.run(["apply", "--yes", "--allow", "clear"]);
    assert_eq!(applied.status.code(), Some(0), "{}", stderr(&applied));
    let profile = scene.sandbox.resource(&path).expect("a profile");
    assert_eq!(
        (&profile["business_address"], &profile["external_metadata"]),
        (&json!(""), &json!(""))
    );
    assert_eq!(scene.run(["plan"]).status.code(), Some(0));
    let shown = stdout(&scene.run(["show", ""]));
    assert!(shown.contains("external_metadata: \"see the wiki\" -> nothing"), "{shown}");
}
