//! Several successes, each with a body of its own or none.

use crate::support::{NOTHING, once, respond};
use letterhead::c22_status_choice::Client;
use letterhead::c22_status_choice::types::StartSuccess;

fn started(response: &str) -> StartSuccess {
    let (reply, _) = once(response, Client::at, async |client| client.start().send().await);
    reply.unwrap().into_inner()
}

#[test]
fn the_status_says_what_comes() {
    let StartSuccess::Status202(job) = started(&respond(202, "", "{\"job\":\"7\"}")) else {
        panic!()
    };
    assert_eq!(job.job.as_deref(), Some("7"));
    assert!(matches!(started(&respond(200, "", "{}")), StartSuccess::Status200(_)));
    assert_eq!(started(NOTHING), StartSuccess::Status204);
}

#[test]
fn another_status_keeps_its_body() {
    let StartSuccess::Unlisted(json) = started(&respond(203, "", "[1.0]")) else { panic!() };
    assert_eq!(json.as_str(), "[1.0]");
}
