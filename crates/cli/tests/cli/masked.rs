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
    let mut lock = std::fs::File::create(scene.journal().with_extension("lock")).expect("a lock");
    lock.lock().expect("the lock");
    std::io::Write::write_all(&mut lock, b"ada@desk, process 7").expect("a lock");
    let second = scene.run(["apply", "--yes", "--mask"]);
    assert_eq!(second.status.code(), Some(1));
    assert!(stderr(&second).contains("under way: ***") && !stderr(&second).contains("ada"));
}
