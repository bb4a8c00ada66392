//! The sandbox as its owner sees it.

use std::sync::Arc;

use http::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::*;
use crate::credentials::PARTNER_CENTER_TOKEN;

const SUPPORT: &str = "/v1/profiles/support";

#[tokio::test]
async fn a_request_is_recorded_as_it_went_over_the_wire() {
    let sandbox = Sandbox::start().await.expect("a sandbox");
    let body = json!({"email": "a@b.example", "telephone": "1", "website": "b.example"});
    let target = format!("{SUPPORT}?note=a%20b");
    let received = sandbox.call("PUT", &target, Some(&body)).await;
    let requests = sandbox.take_requests();
    let [request] = requests.as_slice() else {
        panic!("one request: {requests:?}");
    };
    assert_eq!(request.method, "PUT");
    assert_eq!(request.target, target);
    assert_eq!(request.json(), Some(body));
    assert_eq!(request.response.status(), 200);
    assert_eq!(*request.response.body(), received.body);
    let token = request.header("authorization").expect("a credential");
    assert!(token.ends_with(PARTNER_CENTER_TOKEN));
    assert!(sandbox.requests().is_empty());
}

#[tokio::test]
async fn requests_can_be_forgotten_while_applied_writes_stay() {
    let sandbox = Sandbox::start().await.expect("a sandbox");
    let profile = sandbox.resource(SUPPORT);
    for (keep, count) in [(true, 1), (false, 0), (true, 1)] {
        sandbox.record_requests(keep);
        let received = sandbox.call("PUT", SUPPORT, profile.as_ref()).await;
        assert_eq!(received.status, 200);
        assert_eq!(sandbox.requests().len(), count);
    }
    assert_eq!(sandbox.applied_writes().len(), 3);
}

#[tokio::test]
async fn queued_responses_go_first_and_need_no_credentials() {
    let sandbox = Sandbox::start().await.expect("a sandbox");
    sandbox.respond_next(Response::new(503).header("retry-after", "7").html("<p>busy</p>"));
    sandbox.respond_next(Response::new(200).json(&json!({"email": null})));
    let busy = sandbox.send("GET", SUPPORT, &[], None).await;
    assert_eq!((busy.status, busy.header("retry-after")), (503, Some("7")));
    assert_eq!(busy.body, b"<p>busy</p>");
    let odd = sandbox.send("GET", SUPPORT, &[], None).await;
    assert_eq!((odd.status, odd.json()), (200, json!({"email": null})));
    assert_eq!(sandbox.send("GET", SUPPORT, &[], None).await.status, 401);
    assert_eq!(sandbox.requests().len(), 3);
}

#[tokio::test]
async fn a_queued_response_can_wait_for_a_method() {
    let sandbox = Sandbox::start().await.expect("a sandbox");
    sandbox.respond_next_for(Method::PUT, SUPPORT, Response::new(503));
    assert_eq!(sandbox.call("GET", SUPPORT, None).await.status, 200);
    let profile = sandbox.resource(SUPPORT);
    for status in [503, 200] {
        let received = sandbox.call("PUT", SUPPORT, profile.as_ref()).await;
        assert_eq!(received.status, status);
    }
}

#[tokio::test]
async fn a_truncated_reply_announces_more_than_it_sends() {
    let sandbox = Sandbox::start().await.expect("a sandbox");
    for sent in ["", "0123"] {
        let response = Response::new(200).body("0123456789").truncate(sent.len());
        sandbox.respond_next(response);
        let received = sandbox.send("GET", SUPPORT, &[], None).await;
        assert_eq!(received.header("content-length"), Some("10"));
        assert_eq!(received.body, sent.as_bytes());
    }
}

#[tokio::test]
async fn a_stored_resource_can_be_replaced() {
    let sandbox = Sandbox::start().await.expect("a sandbox");
    let usual = json!({"email": "a@b.example", "telephone": "1", "website": "b.example", "tier": "platinum"});
    let odd = json!({"email": null, "tier": "platinum"});
    for (resource, is_odd) in [(usual, false), (odd, true)] {
        sandbox.put_resource(SUPPORT, resource.clone());
        assert_eq!(sandbox.resource(SUPPORT), Some(resource.clone()));
        assert_eq!(sandbox.call("GET", SUPPORT, None).await.json(), resource);
        // Responses are checked against the document for as long as they can be.
        assert_eq!(sandbox.shared.lock().planted, is_odd);
    }
    assert_eq!(sandbox.resource("/v1/profiles/none"), None);
}

#[tokio::test]
#[should_panic(expected = "no such status")]
async fn the_owner_is_told_why_a_connection_panicked() {
    let sandbox = Sandbox::start().await.expect("a sandbox");
    let shared = Arc::clone(&sandbox.shared);
    let connection = tokio::spawn(async move { shared.lock().break_off("no such status") });
    assert!(connection.await.is_err());
    drop(sandbox);
}

#[tokio::test]
async fn an_oversized_body_is_read_and_refused() {
    let sandbox = Sandbox::start().await.expect("a sandbox");
    let body = json!({"email": "x".repeat(1 << 20)});
    let received = sandbox.call("PUT", SUPPORT, Some(&body)).await;
    assert_eq!(received.status, 413);
    assert_eq!(sandbox.requests()[0].body.len(), 1 << 20);
}

#[tokio::test]
async fn a_connection_serves_many_requests_and_ends_with_the_sandbox() {
    let sandbox = Sandbox::start().await.expect("a sandbox");
    let mut stream = TcpStream::connect(sandbox.address).await.expect("a connection");
    for _ in 0..2 {
        sandbox.respond_next(Response::new(200).body("end"));
        stream
            .write_all(b"GET / HTTP/1.1\r\nhost: sandbox\r\n\r\n")
            .await
            .expect("the request gets through");
        let mut response = Vec::new();
        while !response.ends_with(b"end") {
            let read = stream.read_buf(&mut response).await.expect("a response");
            assert_ne!(read, 0, "the connection ended early");
        }
    }
    let shared = Arc::downgrade(&sandbox.shared);
    drop(sandbox);
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.expect("the end");
    assert!(rest.is_empty());
    assert_eq!(shared.strong_count(), 0, "a task is left over");
}
