//! What a run leaves in logs, spans, `Debug` and errors: enough to trace every call, and no secret.

mod common;

use std::error::Error as _;
use std::fmt::Debug;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use common::{World, secrets};
use letterhead::http::HeaderMap;
use letterhead::partner_center::types::PasswordProfile;
use letterhead::{CorrelationId, Error, Secret, partner_center};
use letterhead_sandbox::{Reply, seed};
use serde_json::{Value, json};
use tracing_subscriber::fmt::format::FmtSpan;

const PASSWORD: &str = "Winter-2031!-\"quoted\"";

/// Collects what subscribers write.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Everything at every level, with spans and their fields when they close.
fn capture() -> (Log, tracing::subscriber::DefaultGuard) {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::CLOSE)
        .with_writer(move || writer.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    (log, guard)
}

/// The spans that were closed so far, in order, without the time they took.
fn spans(log: &Log) -> Vec<Value> {
    let text = log.text();
    let lines = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let closed = lines.filter(|line| line["fields"]["message"] == "close");
    closed.map(|line| line["span"].clone()).collect()
}

/// The last attempt and the call that it was of.
fn last_spans(log: &Log) -> [Value; 2] {
    let spans = spans(log);
    let last = spans.last_chunk().expect("a call closes two spans");
    last.clone()
}

#[tokio::test]
async fn a_call_and_its_attempts_are_spans_with_opentelemetrys_names() {
    let (log, _guard) = capture();
    let world = World::without_retries().await;
    let id = CorrelationId::new();
    let call = world
        .partner
        .get_customer_user()
        .customer_tenant_id(seed::CUSTOMER_TENANT_ID);
    let reply = call
        .user_id(seed::USER_ID)
        .correlation_id(id)
        .send()
        .await
        .unwrap();
    let port: u16 = world
        .sandbox
        .url()
        .rsplit(':')
        .next()
        .unwrap()
        .parse()
        .unwrap();
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

    world
        .sandbox
        .reply_next(Reply::new(429).header("ms-cv", "abc.0"));
    world
        .partner
        .get_support_profile()
        .send()
        .await
        .unwrap_err();
    for span in last_spans(&log) {
        assert_eq!(span["http.response.status_code"], 429);
        assert_eq!(span["error.type"], "429");
        assert_eq!(span["letterhead.trace_id"], "abc.0");
    }

    world.sandbox.reply_next(Reply::new(200).html("<html>"));
    world
        .partner
        .get_support_profile()
        .send()
        .await
        .unwrap_err();
    for span in last_spans(&log) {
        assert_eq!(span["http.response.status_code"], 200);
        assert_eq!(span["error.type"], "decode");
    }
}

/// Everything that `Debug` shows, in both its forms.
fn shown(thing: &dyn Debug) -> String {
    format!("{thing:?}\n{thing:#?}\n")
}

/// Everything that an error says, sources and body included.
fn said(error: &Error) -> String {
    let mut all = vec![error.to_string(), shown(error)];
    let mut source = error.source();
    while let Some(inner) = source {
        all.extend([inner.to_string(), shown(&inner)]);
        source = inner.source();
    }
    all.push(String::from_utf8_lossy(error.body().unwrap_or_default()).into_owned());
    all.extend(error.headers().map(shown_headers));
    all.join("\n")
}

fn shown_headers(headers: &HeaderMap) -> String {
    let values = headers
        .values()
        .map(|value| String::from_utf8_lossy(value.as_bytes()));
    values.collect::<Vec<_>>().join("\n")
}

fn assert_hidden<'a>(text: &str, secrets: impl IntoIterator<Item = &'a str>) {
    for secret in secrets {
        let escaped = Value::from(secret).to_string();
        for form in [secret, escaped.trim_matches('"')] {
            assert!(!text.contains(form), "{secret} was shown in {text}");
        }
    }
}

fn change_password(world: &World) -> partner_center::builder::UpdateCustomerUser<'_> {
    let password: PasswordProfile = PasswordProfile::builder()
        .password(Secret::from(PASSWORD))
        .try_into()
        .unwrap();
    let call = world.partner.update_customer_user();
    call.customer_tenant_id(seed::CUSTOMER_TENANT_ID)
        .user_id(seed::USER_ID)
        .body_map(|user| user.password_profile(password))
}

#[tokio::test]
async fn no_secret_is_in_logs_or_debug() {
    let (log, _guard) = capture();
    let world = World::start().await;
    let credential = partner_center::Credential::bearer(secrets()[0]).unwrap();
    let id = seed::CLOUDFLARE_ORGANIZATION_ID;
    let read = world
        .cloudflare
        .get_organization_profile()
        .organization_id(id);
    let all = [
        shown(&(&world.partner, &world.cloudflare, &world.campaign)),
        shown(&credential),
        shown(&partner_center::Client::builder().credential(credential)),
        shown(&change_password(&world)),
        shown(&change_password(&world).send().await.unwrap()),
        shown(
            &world
                .partner
                .get_organization_profile()
                .send()
                .await
                .unwrap(),
        ),
        shown(&read.send().await.unwrap()),
        shown(
            &world
                .campaign
                .list_organizational_units()
                .send()
                .await
                .unwrap(),
        ),
        shown(&world.sandbox.take_exchanges()),
        log.text(),
    ];
    assert!(
        all.last().unwrap().contains("update_customer_user"),
        "the log was captured"
    );
    assert_hidden(&all.join("\n"), secrets().into_iter().chain([PASSWORD]));
}

#[tokio::test]
async fn a_vendor_that_repeats_a_secret_is_not_repeated() {
    let (log, _guard) = capture();
    let world = World::without_retries().await;
    let echo = format!("{} {PASSWORD}", secrets().join(" "));
    let latin1 = [b"caf\xe9 ".as_slice(), echo.as_bytes()].concat();
    let json_echo = json!({
        "code": 1, "description": echo, "message": echo, "success": false,
        "errors": [{"code": 1, "message": echo}],
    });
    for reply in [
        Reply::new(400).json(&json_echo),
        Reply::new(400).body(echo.clone()),
        Reply::new(400)
            .header("ms-cv", secrets()[0])
            .header("cf-ray", secrets()[2])
            .header("x-request-id", secrets()[3]),
        Reply::new(200)
            .header("content-type", &secrets().join(";"))
            .body("<"),
        Reply::new(400).body(latin1),
        Reply::new(500).body(format!("RST-360011 {echo}")),
        Reply::new(401).html(&echo),
        Reply::new(200).json(&json!(echo)),
        Reply::new(200).json(&json!({"id": {"a": echo}, "success": echo, "content": echo})),
        Reply::new(200).body(echo.clone()),
        Reply::new(200).body(echo.clone()).truncate(20),
    ] {
        for _ in 0..3 {
            world.sandbox.reply_next(reply.clone());
        }
        // Each vendor can only repeat what it was sent.
        let error = change_password(&world).send().await.unwrap_err();
        assert_hidden(&said(&error), [secrets()[0], PASSWORD]);
        let read = world
            .cloudflare
            .get_organization_profile()
            .organization_id("o");
        assert_hidden(&said(&read.send().await.unwrap_err()), [secrets()[2]]);
        let list = world.campaign.list_organizational_units();
        assert_hidden(
            &said(&list.send().await.unwrap_err()),
            [secrets()[3], secrets()[4]],
        );
    }
    assert_hidden(&log.text(), secrets().into_iter().chain([PASSWORD]));
}
