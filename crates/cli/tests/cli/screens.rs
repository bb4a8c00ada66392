//! What the screens look like.

use crate::COMPANY;
use crate::support::{Scene, screen};

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
