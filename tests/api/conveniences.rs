//! What letterhead makes of operations has the options of an operation, and a reply.

use std::time::Duration;

use letterhead::{CorrelationId, RequestId, RetryPolicy};
use letterhead_sandbox::{Response, seed};
use serde_json::json;

use crate::support::{Faulty, World, without_backoff};

fn ids() -> (CorrelationId, RequestId) {
    let id = "00000000-0000-4000-8000-000000000001".parse().unwrap();
    (CorrelationId::new(), id)
}

#[tokio::test]
async fn a_search_has_the_options_of_a_call() {
    let world = World::start().await;
    let (job, id) = ids();
    for token in [Some("t"), None] {
        let page = json!({"items": [{"id": "a"}], "continuationToken": token});
        world.sandbox.respond_next(Response::new(200).json(&page));
    }
    let find = world.partner.find_customer_by_domain("nobody.example").correlation_id(job);
    let find = find.request_id(id).extra_header("x-gateway", "ops").keep_body();
    let reply = find.send().await.unwrap();
    assert!(reply.is_none());
    assert_eq!((reply.status().as_u16(), reply.correlation_id()), (200, job));
    assert!(reply.body().unwrap().starts_with(b"{"));
    let sent = world.sandbox.take_requests();
    assert_eq!(sent.len(), 2);
    // The second page is another call.
    assert_eq!(sent[0].header("ms-requestid"), Some(&*id.to_string()));
    assert_eq!(sent[1].header("ms-requestid"), Some(&*reply.request_id().to_string()));
    assert_ne!(reply.request_id(), id);
    for request in sent {
        assert_eq!(request.header("ms-correlationid"), Some(&*job.to_string()));
        assert_eq!(request.header("x-gateway"), Some("ops"));
    }

    world.sandbox.respond_next(Response::new(503));
    let never = world.partner.find_customer_by_domain("a").retry(RetryPolicy::never());
    let error = never.await.unwrap_err();
    assert!(error.is_server_error() && error.attempts() == 1);
    let refused = world.partner.find_customer_by_domain("a").extra_header("authorization", "x");
    assert!(refused.await.unwrap_err().is_invalid_request());
}

#[tokio::test]
async fn an_assignment_has_the_options_of_a_call() {
    let world = World::start().await;
    let (job, id) = ids();
    let assign = world.campaign.assign_profile(seed::CAMPAIGN_PROFILE_PKEY, "northwind-brand");
    let assign = assign.correlation_id(job).request_id(id).extra_header("x-gateway", "ops");
    let reply = assign.keep_body().await.unwrap();
    assert_eq!((reply.request_id(), reply.correlation_id()), (id, job));
    assert!(reply.body().is_some());
    let sent = world.sandbox.take_requests();
    assert_eq!(sent.len(), 2);
    assert!(sent.iter().all(|request| request.header("x-gateway") == Some("ops")));
    let found = world.campaign.find_organizational_unit("northwind-brand").correlation_id(job);
    let found = found.await.unwrap();
    assert_eq!(found.correlation_id(), job);
    assert!(found.is_some());
}

#[tokio::test]
async fn links_are_followed_with_options() {
    let world = World::start().await;
    let (job, id) = ids();
    let list = || world.campaign.list_profiles().line_count(1);
    let page = list().force_pagination(true).send().await.unwrap();
    let _ = world.sandbox.take_requests();
    let next = world.campaign.next_page(&page).correlation_id(job).request_id(id);
    let next = next.extra_header("x-gateway", "ops").keep_body().send().await.unwrap().unwrap();
    assert_eq!((next.request_id(), next.correlation_id()), (id, job));
    assert!(next.body().is_some());
    assert_eq!(world.request().header("x-gateway"), Some("ops"));
    let count = world.campaign.count(&page).correlation_id(job).await.unwrap().unwrap();
    assert_eq!(count.correlation_id(), job);
    world.sandbox.respond_next(Response::new(503));
    let count = world.campaign.count(&page).retry(RetryPolicy::never()).await;
    assert!(count.unwrap_err().is_server_error());
    let _ = world.sandbox.take_requests();

    let profile = world.campaign.get_resource_metadata().resource("profile");
    let profile = profile.send().await.unwrap();
    let filters = world.campaign.filters(&profile).correlation_id(job).await.unwrap().unwrap();
    assert_eq!(filters.correlation_id(), job);
}

#[tokio::test]
async fn a_time_limit_is_that_of_all_requests_together() {
    let faulty = Faulty::start().await;
    let partner = faulty.partner().retry(without_backoff()).build().unwrap();
    let page = json!({"items": [{"id": "a"}], "continuationToken": "t"});
    let throttled = || Response::new(429).header("retry-after", "6");
    for response in [throttled(), Response::new(200).json(&page), throttled()] {
        faulty.sandbox.respond_next(response);
    }
    let find = partner.find_customer_by_domain("nobody.example");
    let error = find.timeout(Duration::from_secs(10)).await.unwrap_err();
    // The second wait would have been over after twelve seconds.
    assert!(error.is_throttled(), "{error}");
    assert_eq!(faulty.sandbox.take_requests().len(), 3);
    let find = partner.find_customer_by_domain("nobody.example").timeout(Duration::ZERO);
    let error = find.await.unwrap_err();
    assert!(error.is_timeout() && !error.may_have_been_sent(), "{error}");
}

#[tokio::test]
async fn nothing_is_sent_until_it_is_awaited_and_a_scope_is_taken() {
    let world = World::start().await;
    let job = CorrelationId::new();
    let find = world.partner.find_customer_by_domain("nobody.example");
    drop(find.clone());
    assert!(world.sandbox.take_requests().is_empty());
    let reply = job.scope(find).await.unwrap();
    assert_eq!(reply.correlation_id(), job);
}
