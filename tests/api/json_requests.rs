//! Calls of paths that no document has.

use std::time::Duration;

use letterhead::http::Method;
use letterhead::{CorrelationId, Error, ErrorKind, JsonRequest, Repeatable, RetryPolicy, Secret};
use letterhead_sandbox::{Fault, Response, credentials, seed};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::support::{Faulty, World, assert_hidden, capture, last_spans, said, shown};

#[tokio::test]
async fn a_path_is_called_through_the_same_layer() {
    let (log, _guard) = capture();
    let world = World::start().await;
    world.sandbox.respond_next(Response::new(200).json(&json!({"items": [{"id": 7}]})));
    let job = CorrelationId::new();
    let template = "/v1/customers/{customer}/orders/{order-id}/lines";
    let call = world.partner.request(Method::GET, template).path("order-id", "a/b ü");
    let call = call.path("customer", 7).query("page size", 10).query("q", "a&b=c").query("q", true);
    let reply = call.correlation_id(job).extra_header("x-locale", "nl").keep_body();
    let reply = reply.send::<Value>().await.unwrap();
    assert_eq!(reply["items"][0]["id"], 7);
    assert_eq!(reply.correlation_id(), job);
    assert!(reply.body().is_some());
    let sent = world.request();
    assert_eq!(
        sent.target,
        "/v1/customers/7/orders/a%2Fb%20%C3%BC/lines?page%20size=10&q=a%26b%3Dc&q=true"
    );
    let token = format!("Bearer {}", credentials::PARTNER_CENTER_TOKEN);
    assert_eq!(sent.header("authorization"), Some(&*token));
    assert_eq!(sent.header("ms-requestid"), Some(&*reply.request_id().to_string()));
    assert_eq!(sent.header("ms-correlationid"), Some(&*job.to_string()));
    assert_eq!(sent.header("x-locale"), Some("nl"));
    let [attempt, call] = last_spans(&log);
    assert_eq!(attempt["url.template"], template);
    assert_eq!(attempt["otel.name"], format!("GET {template}"));
    assert_eq!(call["otel.name"], "request");
}

#[derive(Serialize)]
struct NewOrder {
    name: &'static str,
    password: Secret,
}

#[derive(Deserialize)]
struct Order {
    id: String,
}

#[tokio::test]
async fn a_body_and_a_value_may_be_of_the_callers_types() {
    let world = World::start().await;
    world.sandbox.respond_next(Response::new(201).json(&json!({"id": "o1"})));
    let order = NewOrder { name: "seats", password: Secret::from("hush-hush") };
    let create = || world.partner.request(Method::POST, "/v1/orders");
    let call = create().body(&order);
    assert_hidden(&shown(&call), ["hush-hush"]);
    let reply = call.send::<Order>().await.unwrap();
    assert_eq!((&*reply.id, reply.status().as_u16()), ("o1", 201));
    let sent = world.request();
    assert_eq!(sent.json().unwrap(), json!({"name": "seats", "password": "hush-hush"}));
    assert_eq!(sent.header("content-type"), Some("application/json"));

    // No body is decoded as null.
    for _ in 0..2 {
        world.sandbox.respond_next(Response::new(204));
    }
    assert!(create().send::<Value>().await.unwrap().is_null());
    create().send::<()>().await.unwrap();

    world.sandbox.respond_next(Response::new(200).json(&json!({"id": 7})));
    let error = create().send::<Order>().await.err().unwrap();
    assert!(error.is_decode() && error.to_string().contains("id: invalid type"), "{error}");
    let echo = json!({"code": 900, "description": "no hush-hush"});
    world.sandbox.respond_next(Response::new(400).json(&echo));
    let error = create().body(&order).send::<Order>().await.err().unwrap();
    assert!(error.is_invalid_request() && error.has_code("900"), "{error}");
    assert_eq!(error.operation(), Some("request"));
    assert_hidden(&said(&error), ["hush-hush"]);
}

#[tokio::test]
async fn every_vendor_has_its_base_path_and_its_errors() {
    let world = World::start().await;
    world.sandbox.respond_next(Response::new(200).json(&json!({})));
    let call = world.campaign.request(Method::GET, "/workflow/execution/{id}/");
    call.path("id", "WKF1").send::<Value>().await.unwrap();
    let path = format!("/{}/campaign/workflow/execution/WKF1/", seed::CAMPAIGN_ORGANIZATION);
    assert_eq!(world.request().target, path);
    let failure = json!({"success": false, "errors": [{"code": 7003, "message": "no route"}]});
    world.sandbox.respond_next(Response::new(200).json(&failure));
    let call = world.cloudflare.request(Method::POST, "/zones");
    let error = call.send::<Value>().await.unwrap_err();
    assert!(error.is_not_found() && error.has_code("7003"), "{error}");
    assert_eq!(world.request().path(), "/client/v4/zones");
}

/// How often a call of `method` is sent whose attempts break off.
async fn attempts(method: Method, change: fn(JsonRequest) -> JsonRequest) -> (u32, Error) {
    let faulty = Faulty::start().await;
    for _ in 0..2 {
        faulty.proxy.fault_next(Fault::ResetBeforeRead);
    }
    let partner = faulty.partner().build().unwrap();
    let call = partner.request(method, "/v1/profiles/support");
    let call = change(call.retry(RetryPolicy::default().attempts(2)));
    let error = call.send::<Value>().await.unwrap_err();
    (error.attempts(), error)
}

#[tokio::test]
async fn the_caller_says_what_may_be_retried() {
    for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
        let (attempts, error) = attempts(method, |call| call).await;
        assert_eq!((attempts, error.may_have_taken_effect()), (2, false));
    }
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
        let (attempts, error) = attempts(method, |call| call).await;
        assert_eq!((attempts, error.may_have_taken_effect()), (1, true));
    }
    let declared = |call: JsonRequest| call.repeatable(Repeatable::Always);
    assert_eq!(attempts(Method::PUT, declared).await.0, 2);
    let declared = |call: JsonRequest| call.repeatable(Repeatable::SameRequestId);
    assert_eq!(attempts(Method::POST, declared).await.0, 2);
    let declared = |call: JsonRequest| call.repeatable(Repeatable::Never);
    assert_eq!(attempts(Method::GET, declared).await.0, 1);
    // Time is the call's as well.
    let late = |call: JsonRequest| call.timeout(Duration::ZERO);
    let (_, error) = attempts(Method::GET, late).await;
    assert!(error.is_timeout() && !error.may_have_been_sent());
}

#[tokio::test]
async fn a_path_cannot_leave_the_base_url() {
    let world = World::start().await;
    for (path, expected) in [
        ("", "has to begin with a slash"),
        ("v1/orders", "has to begin with a slash"),
        ("https://elsewhere.example/v1", "those of the client's base URL"),
        ("//elsewhere.example/v1", "has an empty segment"),
        ("/v1//orders", "has an empty segment"),
        ("/v1/../orders", "has the segment `..`"),
        ("/v1/./orders", "has the segment `.`"),
        ("/v1/..", "has the segment `..`"),
        ("/v1/%2e%2e/orders", "has a character that can't be there at byte 0 of 6"),
        ("/v1/..;a/orders", "has a character that can't be there at byte 2 of 4"),
        ("/v1\\..\\orders", "a character that can't be there at byte 2"),
        ("/v1/a b", "has a blank at byte 1 of 3"),
        ("/v1/\u{fc}", "has a character outside ASCII at byte 0"),
        ("/v1/orders?size=1", "add parameters with `query`"),
        ("/v1/orders#a", "has a query or a fragment"),
        ("/v1/x{id}", "has braces that aren't around the name of a whole segment"),
        ("/v1/{}", "has braces that"),
        ("/v1/{id", "has braces that"),
        ("/v1/{id}{id}", "has braces that"),
        ("/v1/{order}", "the path has no value for `{order}`; give it one with `path`"),
        ("/v1/orders", "the path has no `{id}`"),
    ] {
        let call = world.partner.request(Method::GET, path);
        let call = if expected.contains("order}") { call } else { call.path("id", "x") };
        let error = call.send::<Value>().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{path}: {error}");
        assert!(error.to_string().contains(expected), "{path}: {error}");
        assert!(!error.may_have_been_sent());
    }
    for value in ["", ".", "..", "..;a"] {
        let call = world.partner.request(Method::GET, "/v1/{id}/orders").path("id", value);
        let error = call.send::<Value>().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{value}: {error}");
    }
    for method in [Method::CONNECT, Method::TRACE] {
        let error = world.partner.request(method, "/v1").send::<Value>().await.unwrap_err();
        assert!(error.to_string().contains("isn't one of an API"), "{error}");
    }
    let swapped = world.partner.request(Method::GET, "/v1/{id}").path("id", 1);
    let error = swapped.path("hush, a value", "id").send::<Value>().await.unwrap_err();
    assert!(error.to_string().contains("the path has no such name"), "{error}");
    let header = world.partner.request(Method::GET, "/v1").extra_header("authorization", "hush");
    let error = header.send::<Value>().await.unwrap_err();
    assert!(error.is_invalid_request() && !said(&error).contains("hush"), "{error}");
    assert!(world.sandbox.take_requests().is_empty());
}

#[tokio::test]
async fn a_value_is_one_segment_whatever_it_holds() {
    let world = World::start().await;
    for (value, segment) in [
        ("%2e%2e", "%252e%252e"),
        ("../x", "..%2Fx"),
        ("..\\x", "..%5Cx"),
        ("//evil.example", "%2F%2Fevil.example"),
        ("https://evil.example/", "https:%2F%2Fevil.example%2F"),
        ("a?b#c", "a%3Fb%23c"),
        (".\t.", ".%09."),
        ("..\n", "..%0A"),
        ("\0", "%00"),
        ("{id}", "%7Bid%7D"),
        ("\u{202e}", "%E2%80%AE"),
        ("...", "..."),
    ] {
        world.sandbox.respond_next(Response::new(200).json(&json!({})));
        let call = world.partner.request(Method::GET, "/v1/{id}/orders").path("id", value);
        call.send::<Value>().await.unwrap();
        assert_eq!(world.request().target, format!("/v1/{segment}/orders"));
    }
}

#[tokio::test]
async fn of_two_values_for_one_name_the_last_one_is_sent() {
    let world = World::start().await;
    world.sandbox.respond_next(Response::new(200).json(&json!({})));
    let call = world.partner.request(Method::GET, "/v1/{id}/orders/{id}").path("id", "old");
    call.path("id", "new").send::<Value>().await.unwrap();
    assert_eq!(world.request().target, "/v1/new/orders/new");
}
