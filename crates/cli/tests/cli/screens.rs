//! What the screens look like.

use crate::COMPANY;
use crate::support::{Scene, on_terminal, screen};

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
