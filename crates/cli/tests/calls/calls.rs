//! One call: what is shown of it, and what is wrong with it.

use letterhead_sandbox::{Response, seed};
use serde_json::{Value, json};

use crate::support::{World, call, run};

#[test]
fn vendors_operations_and_help_are_listed() {
    insta::assert_snapshot!("vendors", run(&["call"]).screen());
    insta::assert_snapshot!("operations", run(&["call", "cloudflare"]).screen());
    let help = run(&["call", "cloudflare", "modify-organization-profile", "--help"]);
    insta::assert_snapshot!("help", help.screen());
    insta::assert_snapshot!(
        "short_help",
        run(&["call", "cloudflare", "list-organizations", "-h"]).screen()
    );
}

#[test]
fn a_value_is_shown_with_its_ids_beside_it() {
    let ran = call(&["partner-center", "get-support-profile", "--include"]);
    insta::assert_snapshot!(ran.screen());
}

#[test]
fn personal_data_may_be_masked() {
    let ran = call(&["partner-center", "get-support-profile", "--mask"]);
    assert!(ran.out.contains(r#""telephone":"***""#), "{}", ran.screen());
    assert!(!ran.out.contains("fabrikam") && !ran.out.contains("4255"), "{}", ran.screen());
    let missing = ["cloudflare", "get-organization", "--organization-id", "0", "--mask"];
    let ran = call(&missing);
    assert!(
        ran.code == 1 && ran.notes.contains("404") && ran.notes.contains("***"),
        "{}",
        ran.screen()
    );
    let ran = call(&[&missing[..], &["--dry-run"]].concat());
    assert!(ran.code == 1 && ran.notes.contains("`--mask` can't hide"), "{}", ran.screen());
}

#[test]
fn a_list_may_be_a_table() {
    let ran = call(&["cloudflare", "list-organizations", "--output", "table", "--all"]);
    insta::assert_snapshot!(ran.screen());
}

#[test]
fn a_write_takes_effect() {
    let organization = seed::CLOUDFLARE_ORGANIZATION_ID;
    let of = ["--organization-id", organization];
    let read = call(&[&["cloudflare", "get-organization-profile"][..], &of].concat());
    let profile: Value = serde_json::from_str(&read.out).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, profile["result"].to_string()).unwrap();
    let body = format!("@{}", file.path().display());
    let write = ["cloudflare", "modify-organization-profile", "--body", &body];
    let ran = call(&[&write[..], &of].concat());
    assert_eq!((ran.code, &*ran.notes), (0, ""), "{}", ran.screen());
}

#[test]
fn what_is_wrong_is_said_before_anything_is_sent() {
    for (name, words) in [
        ("vendor", &["cloudflair"][..]),
        ("operation", &["cloudflare", "list-organisations"]),
        ("option", &["cloudflare", "list-organizations", "--page-sise", "3"]),
        ("missing", &["cloudflare", "get-organization"]),
        ("number", &["cloudflare", "list-organizations", "--page-size", "many"]),
        ("bound", &["cloudflare", "list-organizations", "--page-size", "0"]),
        (
            "choice",
            &[
                "partner-center",
                "list-customer-users",
                "--customer-tenant-id",
                "c",
                "--sort-direction",
                "up",
            ],
        ),
        ("boolean", &["campaign-standard", "list-profiles", "--force-pagination", "maybe"]),
        ("json", &["cloudflare", "create-organization", "--body", "{\"name\":}"]),
        ("schema", &["cloudflare", "create-organization", "--body", "{\"name\":7,\"profile\":[]}"]),
        ("file", &["cloudflare", "create-organization", "--body", "@/nowhere/body.json"]),
        ("cloud", &["partner-center", "get-support-profile", "--cloud", "china"]),
    ] {
        let ran = call(words);
        assert_eq!(ran.code, 1, "{}", ran.screen());
        insta::assert_snapshot!(format!("wrong_{name}"), ran.screen());
    }
}

#[tokio::test]
async fn a_vendors_error_is_one_message_with_kind_code_and_ids() {
    let world = World::start().await;
    let words = ["call", "cloudflare", "get-organization", "--organization-id"];
    let ran = world.run(&[&words[..], &["00000000000000000000000000000000"]].concat()).await;
    assert_eq!((ran.code, &*ran.out), (1, ""), "{}", ran.screen());
    for part in ["error: refused: getOrganization: ", "404", "request id ", "correlation id "] {
        assert!(ran.notes.contains(part), "{part}: {}", ran.screen());
    }
    assert_eq!(ran.notes.lines().count(), 1, "{}", ran.screen());
}

#[tokio::test]
async fn an_operation_is_retried_as_its_document_says() {
    let world = World::start().await;
    let asked =
        |path: &str| world.sandbox.requests().iter().filter(|it| it.path().ends_with(path)).count();
    let busy = || Response::new(503).header("retry-after", "0");
    world.sandbox.respond_next_to("/client/v4/organizations", busy());
    let ran = world.run(&["call", "cloudflare", "list-organizations"]).await;
    assert_eq!((ran.code, asked("/organizations")), (0, 2), "{}", ran.screen());
    let _ = world.sandbox.take_requests();
    world.sandbox.respond_next_to("/client/v4/organizations", busy());
    let create = ["call", "cloudflare", "create-organization", "--body", "{\"name\":\"New\"}"];
    let ran = world.run(&create).await;
    assert_eq!((ran.code, asked("/organizations")), (1, 1), "{}", ran.screen());
}

#[tokio::test]
async fn a_hostile_name_does_not_reach_the_terminal() {
    let world = World::start().await;
    let hostile = "\u{1b}[2J\u{9b}31m\u{202e}\u{7f}Evil";
    let page = json!({"success": true, "result": [{"id": "1", "name": hostile}]});
    for words in [
        &["call", "cloudflare", "list-organizations"][..],
        &["call", "cloudflare", "list-organizations", "--all"],
        &["call", "cloudflare", "list-organizations", "--output", "table"],
        &["--color", "always", "call", "cloudflare", "list-organizations", "--output", "table"],
    ] {
        world.sandbox.respond_next(Response::new(200).json(&page));
        let ran = world.run(words).await;
        assert!(ran.out.contains("Evil"), "{}", ran.screen());
        let is_shown = |c: char| c == '\n' || !c.is_control() && c != '\u{202e}';
        assert!(ran.out.chars().all(is_shown), "{:?}", ran.out);
    }
    let refusal =
        json!({"success": false, "errors": [{"code": 7, "message": hostile}], "result": null});
    world.sandbox.respond_next(Response::new(400).json(&refusal));
    let ran = world.run(&["call", "cloudflare", "list-organizations"]).await;
    assert!(ran.notes.contains("Evil") && !ran.notes.contains(['\u{1b}', '\u{9b}', '\u{202e}']));
}
