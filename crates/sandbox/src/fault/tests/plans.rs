//! Which request gets which fault.

use std::time::Duration;

use tokio::task::JoinSet;

use super::*;
use crate::testing::{credentials, request_id, send};

#[tokio::test]
async fn the_write_of_an_update_can_go_wrong_while_its_read_goes_on() {
    let world = World::with(Faults::script([])).await;
    let fault = Fault::ResetAfterApplied;
    let path = user_path();
    world.proxy.fault_next_for(Method::PATCH, &path, fault);
    let headers = credentials(&path);
    let read = send(&world.proxy.url(), "GET", &path, &headers, None).await;
    assert_eq!(read.expect("a response").status, 200);
    let (received, applied) = world.patch_user().await;
    assert!(received.is_err() && applied == 1);
    assert_eq!(world.proxy.fault_counts()[&fault], 1);
}

#[tokio::test]
async fn faults_can_be_queued_for_a_path() {
    let world = World::with(Faults::script([])).await;
    world.proxy.fault_next_to("/ims/token/v3", Fault::TokenEndpointHtml);
    world.proxy.fault_next(Fault::Html502);
    let mut statuses = Vec::new();
    for target in [ORGANIZATION, ORGANIZATION, "/ims/token/v3", "/ims/token/v3"] {
        let headers = credentials(target);
        let received = send(&world.proxy.url(), "GET", target, &headers, None).await;
        statuses.push(received.expect("a response").status);
    }
    assert_eq!(statuses, [502, 200, 200, 405]);
}

#[tokio::test]
async fn links_lead_through_the_proxy() {
    let world = World::with(Faults::script([])).await;
    let target = "/fabrikam/campaign/profileAndServicesExt/orgUnitBase/?_lineCount=2";
    let headers = credentials(target);
    let page = send(&world.proxy.url(), "GET", target, &headers, None).await;
    let page = page.expect("a response").json();
    let next = page["next"]["href"].as_str().expect("a link");
    let next = next.strip_prefix(&world.proxy.url()).expect("the proxy");
    let rest = send(&world.proxy.url(), "GET", next, &headers, None).await;
    assert_eq!(rest.expect("a response").json()["content"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn under_random_faults_reports_and_writes_agree() {
    let faults = Faults::random(20_261_121, 0.5).delay(Duration::from_millis(1));
    let world = Arc::new(World::with(faults).await);
    world.sandbox.record_requests(false);
    let mut callers = JoinSet::new();
    for caller in 0..64 {
        let world = world.clone();
        callers.spawn(async move {
            let mut lost = 0;
            for call in 0..8 {
                let id = request_id(8 * caller + call);
                lost += u64::from(world.patch(&user_path(), &id).await.is_err());
            }
            lost
        });
    }
    let lost: u64 = callers.join_all().await.into_iter().sum();
    let counts = world.proxy.fault_counts();
    let sum = |kinds: &[Fault]| kinds.iter().map(|kind| counts[kind]).sum::<u64>();
    assert_eq!(world.proxy.request_count(), 64 * 8);
    let unread = sum(&[
        Fault::ResetBeforeRead,
        Fault::Html502,
        Fault::ThrottledForSeconds,
        Fault::ThrottledUntilDate,
        Fault::Unavailable,
        Fault::SickConnection,
    ]);
    assert_eq!(world.sandbox.applied_writes().len() as u64, 64 * 8 - unread);
    let resets = [Fault::ResetBeforeRead, Fault::ResetAfterApplied, Fault::ResetMidBody];
    assert_eq!(lost, sum(&resets));
    for kind in Fault::ALL {
        let is_of_others = kind.is_of_token_endpoints() || kind.is_of_reads();
        assert_eq!(counts[kind] == 0, is_of_others, "{kind}");
    }
}
