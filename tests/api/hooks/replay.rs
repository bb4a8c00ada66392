//! Record what came from the sandbox, and replay it without a network.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use letterhead::bytes::Bytes;
use letterhead::http::Response;
use letterhead::partner_center::Client;
use letterhead::{Attempt, BoxFuture, Error, Hook, HookResult, Outcome};
use letterhead_sandbox::Response as Scripted;

use crate::support::{ManualClock, World, nobody, partner_at, without_backoff};

/// Responses by what they were to.
#[derive(Clone, Default)]
struct Tape(Arc<Mutex<HashMap<String, VecDeque<Response<Bytes>>>>>);

fn key(attempt: &Attempt) -> String {
    let target =
        attempt.url().as_str().trim_start_matches(&attempt.url().origin().ascii_serialization());
    format!("{} {target} {:?}", attempt.method(), attempt.body())
}

struct Record(Tape);

impl Hook for Record {
    fn on_response<'a>(&'a self, attempt: &'a Attempt, outcome: &'a Outcome) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            let (Some(status), Some(body)) = (outcome.status(), outcome.body()) else {
                return;
            };
            let mut response = Response::new(body.clone());
            *response.status_mut() = status;
            *response.headers_mut() = outcome.headers().cloned().unwrap_or_default();
            let mut tape = self.0.0.lock().unwrap();
            tape.entry(key(attempt)).or_default().push_back(response);
        })
    }
}

struct Replay(Tape);

impl Hook for Replay {
    fn on_request<'a>(&'a self, attempt: &'a mut Attempt) -> BoxFuture<'a, HookResult> {
        let response = {
            let mut tape = self.0.0.lock().unwrap();
            tape.get_mut(&key(attempt)).and_then(VecDeque::pop_front)
        };
        Box::pin(async { response.map(Some).ok_or_else(|| "not on the tape".into()) })
    }
}

/// A write, a failure and a list.
async fn job(partner: &Client) -> Result<Vec<String>, Error> {
    let profile = partner.organization_profile();
    let update = profile.update(|profile| profile.email = Some("o@example.org".into()));
    let updated = update.await?;
    let unknown = partner.get_customer().customer_tenant_id("nobody").send().await.unwrap_err();
    let customers = partner.list_customers().send().await?;
    Ok(vec![
        updated.email.clone().unwrap_or_default(),
        updated.trace_id().unwrap_or_default().to_owned(),
        format!("{:?} {:?} {:?}", unknown.status(), unknown.codes(), unknown.message()),
        format!("{:?}", customers.items),
    ])
}

#[tokio::test]
async fn what_was_recorded_is_replayed_without_a_network() {
    let world = World::start().await;
    let tape = Tape::default();
    let partner = partner_at(world.sandbox.partner_center_url()).hook(Record(tape.clone()));
    let partner = partner.clock(ManualClock::new()).retry(without_backoff()).build().unwrap();
    world.sandbox.respond_next(Scripted::new(503));
    let recorded = job(&partner).await.unwrap();
    assert_eq!(world.sandbox.take_requests().len(), 5);

    let partner = partner_at(nobody()).hook(Replay(tape));
    let partner = partner.clock(ManualClock::new()).retry(without_backoff()).build().unwrap();
    assert_eq!(job(&partner).await.unwrap(), recorded);
    let error = partner.get_support_profile().send().await.unwrap_err();
    assert!(!error.may_have_been_sent());
}
