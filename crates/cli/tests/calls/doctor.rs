//! What `doctor` says of credentials that are there, wrong, or away.

use letterhead_sandbox::Response;
use serde_json::{Value, json};

use crate::support::{Ran, World, run};

/// The vendors in their order, each with its state.
fn states(ran: &Ran) -> Vec<String> {
    let reports: Vec<Value> = serde_json::from_str(&ran.out).unwrap();
    reports.iter().map(|report| report["state"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn all_is_well_with_the_sandbox() {
    let world = World::start().await;
    let ran = world.run(&["doctor", "--format", "json"]).await;
    assert_eq!((ran.code, states(&ran)), (0, vec!["accepted".to_owned(); 3]), "{}", ran.screen());
    let reports: Vec<Value> = serde_json::from_str(&ran.out).unwrap();
    let names = reports[0]["variables"].as_array().unwrap();
    assert!(names.contains(&json!("AZURE_CLIENT_SECRET")), "{}", ran.screen());
    assert!(reports[0]["refreshTokenFile"].is_string(), "{}", ran.screen());
    assert!(reports[1]["quotas"][0]["left"].is_number(), "{}", ran.screen());
    assert!(reports.iter().all(|report| report["clockAhead"].is_number()), "{}", ran.screen());
    assert_eq!(run(&["--sandbox", "doctor"]).code, 0);
}

/// A screen without what differs from machine to machine: the port, the folder, the clock.
fn steady(world: &World, ran: &Ran) -> String {
    let screen = ran.screen().replace(&world.sandbox.url(), "http://sandbox");
    let screen = screen.replace(&world.folder.path().display().to_string(), "[folder]");
    let line = |line: &str| match line.trim_start() {
        it if it.starts_with("this clock is ") => "  this clock is [clock]".to_owned(),
        _ => line.to_owned(),
    };
    screen.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn what_it_looks_like() {
    let mut world = World::start().await;
    let ran = world.run(&["doctor"]).await;
    insta::assert_snapshot!("doctor", steady(&world, &ran));
    world.set("CLOUDFLARE_API_KEY", "wrong-key-0123456789");
    world.set("AZURE_TENANT_ID", "");
    let ran = world.run(&["doctor"]).await;
    insta::assert_snapshot!("doctor_faults", steady(&world, &ran));
}

#[tokio::test]
async fn each_fault_has_its_word() {
    let mut world = World::start().await;
    world.set("CLOUDFLARE_API_TOKEN", "wrong-token-0123456789");
    world.set("CLOUDFLARE_API_KEY", "");
    world.set("CAMPAIGN_STANDARD_BASE_URL", "http://127.0.0.1:9/fabrikam");
    world.set("AZURE_TENANT_ID", "");
    let ran = world.run(&["doctor", "--format", "json"]).await;
    assert_eq!(
        (ran.code, states(&ran)),
        (1, ["unusable", "refused", "unreachable"].map(str::to_owned).into()),
        "{}",
        ran.screen()
    );
    let ran = world.run(&["doctor"]).await;
    for part in ["Partner Center: unusable", "`AZURE_TENANT_ID` is not set", "Cloudflare: refused"]
    {
        assert!(ran.out.contains(part), "{}", ran.screen());
    }
}

#[tokio::test]
async fn a_clock_that_is_wrong_is_a_fault() {
    let world = World::start().await;
    let date = "Mon, 05 Oct 2020 07:12:44 GMT";
    let response = Response::new(200).json(&json!({"result": []})).header("date", date);
    world.sandbox.respond_next_to("/client/v4/organizations", response);
    let ran = world.run(&["doctor"]).await;
    assert_eq!(ran.code, 1, "{}", ran.screen());
    assert!(ran.out.contains("s ahead: set it"), "{}", ran.screen());
}

#[test]
fn without_any_credential_it_says_where_they_belong() {
    let ran = run(&["doctor"]);
    insta::assert_snapshot!(ran.screen());
}
