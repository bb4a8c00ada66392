//! What the screens look like.

use letterhead_sandbox::Response;

use crate::COMPANY;
use crate::support::{Scene, on_terminal, screen, stderr};

#[test]
fn every_command_has_its_help() {
    let scene = Scene::new();
    insta::assert_snapshot!("help", screen(&scene.bare(["-h"]).output().expect("a process")));
    for command in [
        "plan",
        "drift",
        "apply",
        "matrix",
        "import",
        "log",
        "show",
        "call",
        "doctor",
        "sign-in",
        "schema",
        "completions",
        "man",
    ] {
        let help = scene.bare([command, "--help"]).output().expect("a process");
        insta::assert_snapshot!(format!("help_{command}"), screen(&help));
    }
}

#[test]
fn a_terminal_has_bars_until_there_are_results_and_then_colours() {
    let scene = Scene::new();
    scene.write("company.yaml", COMPANY);
    let shown = on_terminal(scene.command(["plan"]));
    let (bars, results) = shown.split_once("\u{1b}[1mpartner-center/organization").expect(&shown);
    assert!(bars.contains("Partner Center") && bars.contains('█'), "{shown:?}");
    assert!(!results.contains('█') && results.contains("\u{1b}[32m\"4255550188\""), "{shown:?}");
    let mut plain = scene.command(["plan", "--quiet"]);
    plain.env("NO_COLOR", "1");
    assert!(!on_terminal(plain).contains('\u{1b}'));

    scene.write("company.yaml", "company: {phon: '1'}\n");
    let faults = on_terminal(scene.command(["plan"]));
    assert!(faults.contains("\u{1b}[91merror[company-file]"), "{faults:?}");
    let plain = scene.command(["plan", "--color", "never"]);
    assert!(on_terminal(plain).contains("\r\nerror[company-file]: there is no member `phon`"));
}

#[test]
fn a_terminal_has_counts_of_lists_and_bars_of_what_is_written() {
    let scene = Scene::new();
    let parent = letterhead_sandbox::seed::CLOUDFLARE_ORGANIZATION_ID;
    let holders = format!("[{{below: {parent}}}]");
    let file = format!(
        "company: {{phone: '1', address: {{city: Delft}}}}\n\
         cloudflare: {{organizations: {holders}, accounts: {holders}}}\n\
         campaignStandard: {{organizationalUnits: [{{name: contoso-brand, profiles: true}}]}}\n"
    );
    scene.write("company.yaml", &file);
    let shown = on_terminal(scene.command(["apply", "--yes", "--allow", "clear"]));
    for list in [" organizations", " accounts", " profiles"] {
        assert!(shown.contains(list), "{list}: {shown:?}");
    }
    let (_, written) = shown.split_once("changes at").expect("a plan");
    assert!(written.contains('█') && written.contains("Campaign Standard"), "{written:?}");
    let last = written.lines().last().expect("a line");
    assert!(last.contains("targets written. Correlation id"), "{written:?}");

    scene.write("company.yaml", &file.replace("'1'", "'2'"));
    let plan = scene.run(["plan"]);
    let lists = stderr(&plan);
    let lists: Vec<_> = lists.lines().filter(|line| line.starts_with("listed")).collect();
    assert_eq!(
        lists,
        [
            "listed     3 organizations of Cloudflare",
            "listed     3 accounts of Cloudflare",
            "listed     2 profiles of Campaign Standard",
        ]
    );
}

/// A company that differs in part from what the vendors have.
fn drifted(scene: &Scene) {
    let id = letterhead_sandbox::seed::CLOUDFLARE_ORGANIZATION_ID;
    let file = format!(
        "\
company:
  phone: '4255550188'
  website: www.fabrikam.example
  networkId: '1'
  address: {{city: Delft, line2: null, line3: Gate 4}}
partnerCenter: {{organization: {{}}, support: {{}}, network: {{}}}}
cloudflare: {{organizations: [{{id: {id}}}]}}
campaignStandard: {{organizationalUnits: [{{name: contoso-brand}}, {{name: northwind-brand}}]}}
"
    );
    scene.write("company.yaml", &file);
}

#[test]
fn a_plan_and_the_drift_of_it() {
    let scene = Scene::new();
    drifted(&scene);
    insta::assert_snapshot!("plan", screen(&scene.run(["plan", "--quiet"])));
    insta::assert_snapshot!("plan_masked", screen(&scene.run(["plan", "--quiet", "--mask"])));
    insta::assert_snapshot!("drift", screen(&scene.run(["drift"])));
    insta::assert_snapshot!(
        "plan_html",
        screen(&scene.run(["plan", "--quiet", "--format", "html"]))
    );
    scene.write("company.yaml", "company: {}\npartnerCenter: {support: {}}\n");
    insta::assert_snapshot!("plan_without_changes", screen(&scene.run(["plan", "--quiet"])));
}

#[test]
fn an_apply_that_left_something_and_goes_on() {
    let scene = Scene::new();
    scene.write("company.yaml", "company: {support: {phone: '1'}}\npartnerCenter: {support: {}}\n");
    let path = crate::SUPPORT;
    let own = scene.sandbox.resource(path).expect("a profile");
    // Planned, read again before the write, and not read back.
    for response in
        [Response::new(200).json(&own), Response::new(200).json(&own), Response::new(403)]
    {
        scene.sandbox.respond_next_for(http::Method::GET, path, response);
    }
    insta::assert_snapshot!("left", screen(&scene.run(["apply", "--yes", "--quiet"])));
    insta::assert_snapshot!("resume", screen(&scene.run(["apply", "--resume"])));
    insta::assert_snapshot!("resume_without_anything_left", {
        let nothing = scene.run(["apply", "--resume", "--journal", "none.jsonl"]);
        screen(&nothing)
    });
}

#[test]
fn a_plan_as_markdown() {
    let scene = Scene::new();
    scene.write("company.yaml", COMPANY);
    insta::assert_snapshot!(screen(&scene.run(["plan", "--format", "markdown", "--quiet"])));
}

#[test]
fn what_is_applied_and_the_journal_of_it() {
    let scene = Scene::new();
    scene.write("company.yaml", "company: {support: {phone: '1'}}\npartnerCenter: {support: {}}\n");
    insta::assert_snapshot!("apply", screen(&scene.run(["apply", "--yes"])));
    insta::assert_snapshot!("log", screen(&scene.run(["log", "--mask"])));
    insta::assert_snapshot!("show", screen(&scene.run(["show", "", "--mask"])));
}

#[test]
fn an_imported_file_and_its_matrix() {
    let scene = Scene::new();
    insta::assert_snapshot!("import", screen(&scene.run(["import", "--quiet"])));
    insta::assert_snapshot!("imported", scene.read("company.yaml"));
    insta::assert_snapshot!("matrix", screen(&scene.run(["matrix", "--quiet"])));
}
