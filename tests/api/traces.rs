//! The spans that a call leaves, and what they hold.

use std::sync::Arc;

use crate::support::server::Step;
use crate::support::{Faulty, Script, World, capture, entra, entra_endpoint, last_spans, spans};
use letterhead::CorrelationId;
use letterhead_sandbox::{Fault, Response, seed};
use serde_json::{Value, json};
use tokio::sync::Notify;

#[tokio::test]
async fn a_call_and_its_attempts_are_spans_with_opentelemetrys_names() {
    let (log, _guard) = capture();
    let world = World::without_retries().await;
    let id = CorrelationId::new();
    let call = world.partner.get_customer_user().customer_tenant_id(seed::CUSTOMER_TENANT_ID);
    let reply = call.user_id(seed::USER_ID).correlation_id(id).send().await.unwrap();
    let port: u16 = world.sandbox.url().rsplit(':').next().unwrap().parse().unwrap();
    let template = "/v1/customers/{customer_tenant_id}/users/{user_id}";
    assert_eq!(
        last_spans(&log),
        [
            json!({
                "name": "letterhead.attempt",
                "otel.kind": "client",
                "otel.name": format!("GET {template}"),
                "http.request.method": "GET",
                "http.response.status_code": 200,
                "url.template": template,
                "server.address": "127.0.0.1",
                "server.port": port,
                "network.protocol.version": "1.1",
                "letterhead.request_id": reply.request_id().to_string(),
                "letterhead.correlation_id": id.to_string(),
                "letterhead.trace_id": reply.trace_id().unwrap(),
            }),
            json!({
                "name": "letterhead.call",
                "otel.kind": "internal",
                "otel.name": "get_customer_user",
                "http.response.status_code": 200,
                "letterhead.vendor": "Partner Center",
                "letterhead.operation": "get_customer_user",
                "letterhead.request_id": reply.request_id().to_string(),
                "letterhead.correlation_id": id.to_string(),
                "letterhead.trace_id": reply.trace_id().unwrap(),
            })
        ]
    );

    world.sandbox.respond_next(Response::new(429).header("ms-cv", "abc.0"));
    world.partner.get_support_profile().send().await.unwrap_err();
    for span in last_spans(&log) {
        assert_eq!(span["http.response.status_code"], 429);
        assert_eq!(span["error.type"], "429");
        assert_eq!(span["otel.status_code"], "ERROR");
        let description = "the vendor refused the request: 429 Too Many Requests";
        assert_eq!(span["otel.status_description"], description);
        assert_eq!(span["letterhead.trace_id"], "abc.0");
    }

    world.sandbox.respond_next(Response::new(200).html("<html>"));
    world.partner.get_support_profile().send().await.unwrap_err();
    for span in last_spans(&log) {
        assert_eq!(span["http.response.status_code"], 200);
        assert_eq!(span["error.type"], "decode");
        assert_eq!(span["otel.status_code"], "ERROR");
        assert_eq!(span["otel.status_description"], "the response can't be decoded: 200 OK");
    }
}

#[tokio::test]
async fn a_failed_span_shows_the_vendors_codes_and_nothing_else_that_came() {
    let (log, _guard) = capture();
    let world = World::without_retries().await;
    let body =
        json!({"code": "60012", "description": "see https://x.example/?key=1 or a@b.example"});
    world.sandbox.respond_next(Response::new(400).body(body.to_string()));
    world.partner.get_support_profile().send().await.unwrap_err();
    for span in last_spans(&log) {
        let description = "the vendor refused the request: 400 Bad Request, code 60012";
        assert_eq!(span["otel.status_description"], description);
        assert!(!span.to_string().contains("example"), "{span}");
    }
}

#[tokio::test]
async fn a_call_that_is_dropped_is_cancelled_and_so_is_its_attempt() {
    let (log, _guard) = capture();
    let arrived = Arc::new(Notify::new());
    let script = Script::respond({
        let arrived = Arc::clone(&arrived);
        move |_| {
            arrived.notify_one();
            vec![Step::Stall]
        }
    })
    .await;
    let plain = script.partner().build().unwrap();
    let limited = script.partner().concurrency_limit(1).build().unwrap();
    for (number, client) in [plain, limited].into_iter().enumerate() {
        tokio::select! {
            _ = client.get_support_profile().send() => unreachable!("the server says nothing"),
            () = arrived.notified() => {}
        }
        // A call with a limit runs in a task of its own, which ends a little later.
        while spans(&log).len() < 2 * (number + 1) {
            tokio::task::yield_now().await;
        }
        for span in last_spans(&log) {
            assert_eq!(span["error.type"], "cancelled", "{span}");
            assert_eq!(span["otel.status_code"], "ERROR");
            let description = "the future was dropped before its end";
            assert_eq!(span["otel.status_description"], description);
        }
    }
}

#[tokio::test]
async fn each_attempt_says_which_it_is_and_why_it_was_made() {
    let (log, _guard) = capture();
    let faulty = Faulty::start().await;
    let app = entra(&faulty.sandbox.entra_url()).app_only().unwrap();
    let partner = faulty.partner().credential(app).build().unwrap();
    partner.list_customers().send().await.unwrap();
    faulty.sandbox.revoke_access_tokens();
    for fault in [Fault::ThrottledForSeconds, Fault::Html502, Fault::ResetMidBody] {
        faulty.proxy.fault_next(fault);
    }
    let before = spans(&log).len();
    partner.list_customers().send().await.unwrap();
    let spans = spans(&log).split_off(before);
    let is = |name: &'static str| move |span: &&Value| span["name"] == name;
    let attempts: Vec<_> = spans
        .iter()
        .filter(is("letterhead.attempt"))
        .map(|span| {
            let field = |name: &str| span[name].clone();
            json!([
                field("http.request.resend_count"),
                field("letterhead.retry_reason"),
                field("http.response.status_code"),
                field("error.type"),
            ])
        })
        .collect();
    // The first three went wrong on their way, so that the refused token shows in the fourth.
    assert_eq!(
        attempts,
        [
            json!([null, null, 429, "429"]),
            json!([1, "throttled", 502, "502"]),
            json!([2, "server_error", 401, "401"]),
            json!([3, "token_refused", 200, null]),
        ]
    );
    let call = spans.iter().find(is("letterhead.call")).unwrap();
    assert_eq!(call["http.response.status_code"], 200);
    assert_eq!(spans.iter().filter(is("letterhead.sign_in")).count(), 1);
}

#[tokio::test]
async fn attempts_belong_to_their_call_and_a_sign_in_to_the_call_that_waits() {
    let (log, _guard) = capture();
    let faulty = Faulty::start().await;
    let app = entra(&faulty.sandbox.entra_url()).app_only().unwrap();
    let partner = faulty.partner().credential(app).build().unwrap();
    faulty.sandbox.respond_next_to("/v1/customers", Response::new(503));
    partner.list_customers().send().await.unwrap();
    for _ in 0..3 {
        faulty.sandbox.respond_next_to(&entra_endpoint(), Response::new(500));
    }
    faulty.sandbox.revoke_access_tokens();
    partner.list_customers().send().await.unwrap_err();
    let text = log.text();
    let lines: Vec<Value> =
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    // The spans around a line, outermost first.
    let around = |name: &str| {
        let closed =
            |line: &&Value| line["fields"]["message"] == "close" && line["span"]["name"] == name;
        let names = |line: &Value| -> Vec<String> {
            let spans = line["spans"].as_array().into_iter().flatten();
            spans.map(|span| span["name"].as_str().unwrap().to_owned()).collect()
        };
        let around = lines.iter().filter(closed).map(names);
        around.collect::<Vec<_>>()
    };
    assert_eq!(around("letterhead.attempt"), [["letterhead.call"]; 3]);
    assert_eq!(around("letterhead.call"), [[""; 0]; 2]);
    // Around a span is shown what is entered when it closes, so that the requests show their sign-in's call.
    let sign_in = ["letterhead.call", "letterhead.sign_in"];
    assert_eq!(around("letterhead.sign_in_attempt"), [sign_in; 4]);
    let warning = lines.iter().find(|line| line["fields"]["message"] == "no new access token");
    let warning = warning.expect("a failed sign-in is logged");
    assert_eq!(warning["level"], "WARN");
    assert_eq!(warning["span"]["name"], "letterhead.sign_in");
}

#[tokio::test]
async fn a_request_for_a_token_has_a_span_as_an_attempt_has() {
    let (log, _guard) = capture();
    let faulty = Faulty::start().await;
    let app = entra(&faulty.sandbox.entra_url()).app_only().unwrap();
    let partner = faulty.partner().credential(app).build().unwrap();
    let refusal = json!({"error": "invalid_client", "error_codes": [7_000_215]});
    faulty.sandbox.respond_next_to(&entra_endpoint(), Response::new(503));
    faulty.sandbox.respond_next_to(&entra_endpoint(), Response::new(401).json(&refusal));
    partner.list_customers().send().await.unwrap_err();
    let spans = spans(&log);
    let port: u16 = faulty.sandbox.url().rsplit(':').next().unwrap().parse().unwrap();
    let template = "/{tenant}/oauth2/v2.0/token";
    let description =
        "the vendor refused the request: 401 Unauthorized, code invalid_client, code 7000215";
    assert_eq!(
        spans[1],
        json!({
            "name": "letterhead.sign_in_attempt",
            "otel.kind": "client",
            "otel.name": format!("POST {template}"),
            "otel.status_code": "ERROR",
            "otel.status_description": description,
            "http.request.method": "POST",
            "http.request.resend_count": 1,
            "http.response.status_code": 401,
            "error.type": "401",
            "url.template": template,
            "server.address": "127.0.0.1",
            "server.port": port,
            "network.protocol.version": "1.1",
            "letterhead.vendor": "Microsoft Entra",
        })
    );
    assert_eq!(
        spans[2],
        json!({
            "name": "letterhead.sign_in",
            "otel.kind": "internal",
            "otel.status_code": "ERROR",
            "otel.status_description": description.replace("the vendor refused the request", "no access token"),
            "error.type": "sign_in",
            "letterhead.vendor": "Partner Center",
        })
    );
}

#[tokio::test]
async fn a_call_with_a_limit_leaves_the_same_spans() {
    let (log, _guard) = capture();
    let faulty = Faulty::start().await;
    let limited = faulty.partner().concurrency_limit(1).build().unwrap();
    limited.get_support_profile().send().await.unwrap();
    let names = last_spans(&log).map(|span| span["name"].clone());
    assert_eq!(names, ["letterhead.attempt", "letterhead.call"]);
}
