//! An audit trail: a row for each attempt.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use letterhead::bytes::Bytes;
use letterhead::{Attempt, BoxFuture, CorrelationId, Hook, HookResult, Outcome, RetryPolicy};
use letterhead_sandbox::{Response, seed};
use serde_json::{Value, json};

use crate::support::{ManualClock, World, capture, entra, partner_at, spans, without_backoff};

#[derive(Default)]
struct Audit(Mutex<Vec<Value>>);

impl Hook for Audit {
    fn on_request<'a>(&'a self, attempt: &'a mut Attempt) -> BoxFuture<'a, HookResult> {
        let row = self.0.lock().unwrap().len();
        attempt.extensions_mut().insert(row);
        self.0.lock().unwrap().push(Value::Null);
        Box::pin(async { Ok(None) })
    }

    fn on_response<'a>(&'a self, attempt: &'a Attempt, outcome: &'a Outcome) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            let row: usize = *attempt.extensions().get().unwrap();
            self.0.lock().unwrap()[row] = json!({
                "vendor": attempt.vendor(),
                "operation": attempt.operation(),
                "request": format!("{} {}", attempt.method(), attempt.url().path()),
                "template": attempt.url_template(),
                "body": String::from_utf8_lossy(attempt.body()),
                "number": attempt.number(),
                "request_id": attempt.request_id(),
                "correlation_id": attempt.correlation_id(),
                "status": outcome.status().map(|status| status.as_u16()),
                "response_id": outcome.headers().and_then(|it| it.get("ms-requestid")?.to_str().ok()),
                "length": outcome.body().map(Bytes::len),
                "error": outcome.error().map(|error| error.kind().to_string()),
                "took": outcome.duration().as_millis(),
            });
        })
    }
}

#[tokio::test]
async fn an_audit_trail_has_a_row_for_each_attempt() {
    let world = World::start().await;
    let audit = Arc::new(Audit::default());
    let partner = partner_at(world.sandbox.partner_center_url()).hook(Arc::clone(&audit));
    let partner = partner.clock(ManualClock::new()).retry(without_backoff()).build().unwrap();
    world.sandbox.respond_next(Response::new(503).body("down"));
    world.sandbox.respond_next(Response::new(200).body("{}").truncate(1));
    let job = CorrelationId::new();
    let call = partner.get_customer_user().customer_tenant_id(seed::CUSTOMER_TENANT_ID);
    let reply = call.user_id(seed::USER_ID).correlation_id(job).send().await.unwrap();

    let rows = std::mem::take(&mut *audit.0.lock().unwrap());
    let path = format!("/v1/customers/{}/users/{}", seed::CUSTOMER_TENANT_ID, seed::USER_ID);
    assert_eq!(rows.len(), 3);
    for (row, number) in rows.iter().zip(1..) {
        assert_eq!(row["vendor"], "Partner Center");
        assert_eq!(row["operation"], "get_customer_user");
        assert_eq!(row["request"], format!("GET {path}"));
        assert_eq!(row["template"], "/v1/customers/{customer_tenant_id}/users/{user_id}");
        assert_eq!(row["number"], number);
        assert_eq!(row["request_id"], reply.request_id().to_string());
        assert_eq!(row["correlation_id"], job.to_string());
        assert_eq!(row["took"], 0);
    }
    let shown = |row: &Value| [&row["status"], &row["length"], &row["error"]].map(Value::clone);
    assert_eq!(shown(&rows[0]), [json!(503), json!(4), json!("refused")]);
    // It broke off, so that nobody has its body.
    assert_eq!(shown(&rows[1]), [json!(200), Value::Null, json!("transport")]);
    assert_eq!(rows[2]["status"], 200);
    assert_eq!(rows[2]["error"], Value::Null);
    assert_eq!(rows[2]["response_id"], reply.request_id().to_string());
    assert!(rows[2]["length"].as_u64().unwrap() > 100);
}

#[tokio::test]
async fn it_sees_each_call_of_an_update_and_a_body_that_is_not_decoded() {
    let world = World::start().await;
    let audit = Arc::new(Audit::default());
    let partner = partner_at(world.sandbox.partner_center_url()).hook(Arc::clone(&audit));
    let partner = partner.build().unwrap();
    let profile = partner.organization_profile();
    profile.update(|profile| profile.email = Some("o@example.org".into())).await.unwrap();
    world.sandbox.respond_next(Response::new(200).body("[]"));
    partner.get_support_profile().send().await.unwrap_err();
    let rows = std::mem::take(&mut *audit.0.lock().unwrap());
    let requests: Vec<_> = rows.iter().map(|row| row["request"].clone()).collect();
    let path = "/v1/profiles/organization";
    let support = "GET /v1/profiles/support";
    assert_eq!(requests, [&format!("GET {path}"), &format!("PUT {path}"), support]);
    assert!(rows[1]["body"].as_str().unwrap().contains("o@example.org"));
    assert_eq!((&rows[2]["error"], &rows[2]["length"]), (&json!("decode"), &json!(2)));
}

#[tokio::test]
async fn sign_in_requests_pass_no_hook() {
    let world = World::start().await;
    let audit = Arc::new(Audit::default());
    let partner = partner_at(world.sandbox.partner_center_url()).hook(Arc::clone(&audit));
    let app = entra(&world.sandbox.entra_url()).app_only().unwrap();
    partner.credential(app).build().unwrap().list_customers().send().await.unwrap();
    assert_eq!(world.sandbox.take_requests().len(), 2);
    let rows = audit.0.lock().unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["operation"], "list_customers");
}

/// Writes to the log where it runs.
struct Logs;

impl Hook for Logs {
    fn on_request<'a>(&'a self, _: &'a mut Attempt) -> BoxFuture<'a, HookResult> {
        Box::pin(async {
            tracing::info_span!("before").in_scope(|| ());
            Ok(None)
        })
    }

    fn on_response<'a>(&'a self, _: &'a Attempt, _: &'a Outcome) -> BoxFuture<'a, ()> {
        Box::pin(async { tracing::info!("after") })
    }
}

#[tokio::test]
async fn hooks_run_inside_the_span_of_their_attempt() {
    let (log, _guard) = capture();
    let world = World::start().await;
    let partner = partner_at(world.sandbox.partner_center_url()).hook(Logs).build().unwrap();
    partner.get_support_profile().send().await.unwrap();
    let names: Vec<_> = spans(&log).iter().map(|span| span["name"].clone()).collect();
    assert_eq!(names, ["before", "letterhead.attempt", "letterhead.call"]);
    let text = log.text();
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let after = lines.into_iter().find(|line| line["fields"]["message"] == "after").unwrap();
    assert_eq!(after["span"]["name"], "letterhead.attempt");
    assert_eq!(after["span"]["http.response.status_code"], 200);
}

/// Never is done with what came back.
struct Slow;

impl Hook for Slow {
    fn on_response<'a>(&'a self, _: &'a Attempt, outcome: &'a Outcome) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            assert!(outcome.error().unwrap().is_timeout());
            // As long as any of the call's own limits.
            tokio::time::sleep(Duration::from_millis(50)).await;
            tracing::info!("written down");
        })
    }
}

#[tokio::test]
async fn the_record_of_a_timeout_is_not_cut_off() {
    let (log, _guard) = capture();
    let url = crate::support::serve(|stream| async move {
        let _open = stream;
        std::future::pending().await
    });
    let limit = Duration::from_millis(20);
    let partner = partner_at(url.await).hook(Slow).timeout(limit).retry(RetryPolicy::never());
    let call = partner.build().unwrap().get_support_profile().send().await;
    assert!(call.unwrap_err().is_timeout());
    assert!(log.text().contains("written down"));
}
