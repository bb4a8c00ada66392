//! `--mask` with every command.

use letterhead_sandbox::seed;

use crate::COMPANY;
use crate::support::{Scene, stderr, stdout};

#[test]
fn no_output_has_personal_data() {
    let scene = Scene::new();
    let file = "\
company:
  legalName: Ada Owner
  address: {city: Delft}
  phone: '4255550188'
partnerCenter: {organization: {}, legalBusiness: {}}
campaignStandard: {organizationalUnits: [{name: contoso-brand, profiles: true}]}
";
    scene.write("company.yaml", file);
    let mut commands: Vec<Vec<&str>> = vec![vec!["plan"], vec!["drift"]];
    commands.extend(["json", "markdown", "html"].map(|form| vec!["plan", "--format", form]));
    commands.extend([
        vec!["matrix"],
        vec!["matrix", "--format", "html"],
        vec!["apply", "--yes", "--allow", "identity,many"],
        vec!["log"],
        vec!["show", ""],
        vec!["doctor"],
        vec!["import", "other.yaml"],
    ]);
    for mut words in commands {
        words.push("--mask");
        let ran = scene.command(&words).env("USER", "ada.login").output().expect("a process");
        let shown = stdout(&ran) + &stderr(&ran);
        let personal = ["Ada Owner", "Delft", "425555", seed::CAMPAIGN_PROFILE_EMAIL, "ada.login"];
        for personal in personal {
            assert!(!shown.contains(personal), "{personal} in {words:?}: {shown}");
        }
        assert!(shown.contains("***") || words[0] == "import", "{words:?}: {shown}");
    }
    assert_eq!(scene.sandbox.applied_writes().len(), 3);
}

#[test]
fn a_fault_is_shown_without_the_lines_of_the_file() {
    let scene = Scene::new();
    scene.write("company.yaml", "company: {legalName: Ada Owner, phon: '4255550188', email: 7}\n");
    let plan = scene.run(["plan", "--mask"]);
    assert_eq!(plan.status.code(), Some(1));
    let shown = stderr(&plan);
    assert!(shown.contains("company.yaml:1:33: there is no member `phon` here"), "{shown}");
    assert!(!shown.contains("Ada") && !shown.contains("4255550188"), "{shown}");
}

#[test]
fn what_differs_differs_behind_the_mask() {
    let scene = Scene::new();
    let [one, other, _] = seed::CLOUDFLARE_ACCOUNT_IDS;
    let path = |id: &str| format!("/client/v4/accounts/{id}/profile");
    let mut profile = scene.sandbox.resource(&path(one)).expect("a profile");
    profile["business_phone"] = "4255550199".into();
    scene.sandbox.put_resource(&path(other), profile);
    scene.write(
        "company.yaml",
        &format!("cloudflare: {{accounts: [{{id: {one}}}, {{id: {other}}}]}}\n"),
    );
    let rows = |words: &[&str]| {
        let shown = stdout(&scene.run(words));
        let from = shown.lines().skip_while(|line| !line.starts_with(" phone"));
        from.take(2)
            .map(|line| line.split_whitespace().last().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    let targets = [other, one].map(|id| format!("cloudflare/accounts/{id}"));
    assert_eq!(rows(&["matrix", "--mask"]), rows(&["matrix"]));
    assert_eq!(rows(&["matrix", "--mask"]), targets);
}

#[test]
fn who_holds_the_lock_is_masked() {
    let scene = Scene::new();
    scene.write("company.yaml", COMPANY);
    let _lock = scene.hold("letterhead/journal.jsonl.lock", "ada@desk, process 7");
    let second = scene.run(["apply", "--yes", "--mask"]);
    assert_eq!(second.status.code(), Some(1));
    assert!(stderr(&second).contains("under way: ***") && !stderr(&second).contains("ada"));
}

#[test]
fn a_masked_plan_is_read_by_people_and_not_applied() {
    let scene = Scene::new();
    scene.write("company.yaml", COMPANY);
    let masked = stdout(&scene.run(["plan", "--format", "json", "--mask"]));
    let plan: serde_json::Value = serde_json::from_str(&masked).expect("JSON");
    assert_eq!(plan["masked"], true);
    // Whoever knows all but one value finds that by its hash.
    let target = &plan["targets"][0];
    assert!(target.get("read").is_none() && target.get("etag").is_none(), "{target}");
    scene.write("plan.json", &masked);
    let applied = scene.run(["apply", "plan.json"]);
    assert_eq!(applied.status.code(), Some(1), "{}", stdout(&applied));
    assert!(stderr(&applied).contains("`plan.json` is masked"), "{}", stderr(&applied));
    assert!(scene.sandbox.applied_writes().is_empty());
    let whole = stdout(&scene.run(["plan", "--format", "json"]));
    assert!(!whole.contains("\"masked\""), "{whole}");
    scene.write("plan.json", &whole);
    assert_eq!(scene.run(["apply", "plan.json"]).status.code(), Some(0));
}

#[test]
fn what_is_no_yaml_no_member_or_no_plan_is_shown_without_its_values() {
    let scene = Scene::new();
    for (file, wanted) in [
        ("company: {legalName: !!int Ada}\n", "company.yaml:1:28: a tag has no meaning here, or"),
        ("company: {legalName: [Ada\n", "company.yaml:1:10: this is not YAML\n"),
        ("a: 1\nAda: 1\nAda: 2\n", "company.yaml:3:1: a key stands twice\n"),
        (
            "partnerCenter: {support: {leave: [Ada]}}\n",
            "company.yaml:1:35: a company has no such member\n",
        ),
    ] {
        scene.write("company.yaml", file);
        let plan = scene.run(["plan", "--mask"]);
        assert_eq!(plan.status.code(), Some(1));
        let shown = stderr(&plan);
        assert!(shown.contains(wanted) && !shown.contains("Ada"), "{shown}");
    }
    scene.write("plan.json", r#"{"version": 1, "created": "Ada"}"#);
    let applied = scene.run(["apply", "plan.json", "--mask"]);
    assert_eq!(applied.status.code(), Some(1));
    let shown = stderr(&applied);
    assert!(shown.contains("line 1, column 31") && !shown.contains("Ada"), "{shown}");
}
