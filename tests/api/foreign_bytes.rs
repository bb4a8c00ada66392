//! Whatever is sent back: never a panic, never without end, never without bounds.

use std::sync::OnceLock;
use std::time::Duration;

use crate::support::{Faulty, entra, entra_endpoint, head, ims, serve};
use letterhead::{Error, ErrorKind, RetryPolicy, partner_center};
use letterhead_sandbox::{Response, seed};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tokio::io::AsyncWriteExt as _;
use tokio::runtime::Runtime;

/// What a body is kept of, and what a line of text is bounded by.
const KEPT: usize = 64 * 1024;
const SHOWN: usize = 8 * 1024;

fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Runtime::new().unwrap())
}

/// Bytes of any kind, many of them near to what a vendor would send.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let members = "code|error_code|message|description|detail|title|error|error_description|suberror|\
                   error_codes|correlation_id|errors|error_chain|success|result|access_token|\
                   refresh_token|expires_in|statusCode";
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<f64>().prop_map(|number| format!("{number:e}")),
        any::<i64>().prop_map(|number| number.to_string()),
        any::<String>().prop_map(|text| serde_json::Value::from(text).to_string()),
        "(RST|XTK|PGS)-[0-9]{0,6}".prop_map(|text| format!("\"{text}\"")),
        Just(format!("\"{}\"", "x".repeat(3000))),
    ];
    let json = leaf.prop_recursive(4, 32, 4, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4)
                .prop_map(|items| format!("[{}]", items.join(","))),
            proptest::collection::vec((members, inner), 0..5).prop_map(|members| {
                let members = members.iter().map(|(name, value)| format!("\"{name}\":{value}"));
                format!("{{{}}}", members.collect::<Vec<_>>().join(","))
            }),
        ]
    });
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..400),
        json.clone().prop_map(String::into_bytes),
        (json.clone(), any::<prop::sample::Index>())
            .prop_map(|(json, at)| { json.as_bytes()[..at.index(json.len())].to_vec() }),
        json.prop_map(|json| format!("\u{feff}{json}").into_bytes()),
    ]
}

fn header() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{0,60}",
        "[0-9]{0,30}",
        "[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT",
        r#"("[a-z]{0,3}"|[a-z]);r=-?[0-9]{0,20};t=-?[0-9]{0,20}"#,
    ]
}

fn assert_bounded(error: &Error) {
    let text = format!("{error}");
    assert!(!text.contains(['\n', '\r', '\u{1b}']), "{text}");
    assert!(text.len() + format!("{error:?}").len() < SHOWN, "{text}");
    assert!(error.body().is_none_or(|body| body.len() <= KEPT));
    assert!(error.codes().len() <= 16);
}

fn check<S: Strategy>(cases: u32, strategy: &S, test: impl AsyncFn(S::Value)) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(strategy, |value| {
            runtime().block_on(test(value));
            Ok(())
        })
        .unwrap();
}

#[test]
fn any_bytes_of_a_vendor_are_a_value_or_an_error() {
    let faulty = runtime().block_on(Faulty::start());
    let limit = letterhead::RateLimit::new(std::num::NonZeroU32::MAX, Duration::from_secs(1));
    let policy = RetryPolicy::default().attempts(2);
    let partner = faulty.partner().retry(policy).rate_limit(limit).build().unwrap();
    let cloudflare = faulty.cloudflare().retry(policy).rate_limit(limit).build().unwrap();
    let campaign = faulty.campaign().retry(policy).rate_limit(limit).build().unwrap();
    let responses = (200..=599_u16, body(), header(), header(), header());
    check(400, &responses, async |(status, body, wait, quota, id)| {
        let reply = Response::new(status)
            .header("retry-after", &wait)
            .header("ratelimit", &quota)
            .header("date", &wait)
            .header("www-authenticate", "Bearer error=\"invalid_token\"")
            .header("ms-cv", &id)
            .header("cf-ray", &id)
            .header("x-request-id", &id);
        let reply = if [204, 205, 304].contains(&status) { reply } else { reply.body(body) };
        let errors = [
            {
                faulty.sandbox.respond_next(reply.clone());
                partner.get_organization_profile().send().await.err()
            },
            {
                faulty.sandbox.respond_next(reply.clone());
                let call = cloudflare.get_organization_profile();
                call.organization_id(seed::CLOUDFLARE_ORGANIZATION_ID).send().await.err()
            },
            {
                faulty.sandbox.respond_next(reply);
                campaign.list_organizational_units().send().await.err()
            },
        ];
        errors.iter().flatten().for_each(assert_bounded);
        // What a vendor asked for passes, so that the next case is sent.
        faulty.clock.advance(Duration::from_secs(600));
    });
}

#[test]
fn any_bytes_of_a_token_endpoint_are_a_token_or_an_error() {
    let faulty = runtime().block_on(Faulty::start());
    let statuses = prop_oneof![Just(200_u16), Just(400), Just(401), 200..=599_u16];
    // Each case signs in anew; setting up TLS each time would take longer than all the rest.
    let http = letterhead::http_client_builder().unwrap().build().unwrap();
    check(300, &(statuses, body(), header()), async |(status, body, wait)| {
        let reply = Response::new(status).header("retry-after", &wait);
        let reply = if [204, 205, 304].contains(&status) { reply } else { reply.body(body) };
        let app = entra(&faulty.sandbox.entra_url()).app_only().unwrap();
        let partner = faulty.partner().http_client(http.clone()).credential(app).build().unwrap();
        faulty.sandbox.respond_next_to(&entra_endpoint(), reply.clone());
        let error = partner.list_customers().send().await.err();
        error.iter().for_each(assert_bounded);
        let app = ims(&faulty.sandbox.ims_url()).credential().unwrap();
        let campaign = faulty.campaign().http_client(http.clone()).credential(app).build().unwrap();
        faulty.sandbox.respond_next_to("/ims/token/v3", reply);
        let error = campaign.list_organizational_units().send().await.err();
        error.iter().for_each(assert_bounded);
    });
}

/// A server whose responses have this head and then no end.
async fn endless(status: &'static str) -> String {
    serve(move |mut stream| async move {
        head(&mut stream).await?;
        let start = format!("HTTP/1.1 {status}\r\nconnection: close\r\n\r\n");
        stream.write_all(start.as_bytes()).await?;
        let chunk = vec![b' '; 64 * 1024];
        loop {
            stream.write_all(&chunk).await?;
        }
    })
    .await
}

#[tokio::test]
async fn a_body_without_end_is_given_up_on() {
    let faulty = Faulty::start().await;
    for (status, expected) in [
        ("200 OK", "Partner Center responded with 200 OK and more than 33554432 bytes"),
        ("400 Bad Request", "Partner Center responded with 400 Bad Request"),
    ] {
        let url = endless(status).await;
        let client = faulty.partner().base_url(&url).build().unwrap();
        let error = client.get_support_profile().send().await.unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        assert_eq!(error.attempts(), 1);
        assert_eq!(error.body().unwrap().len(), KEPT);
    }
    for (status, expected) in [
        ("200 OK", "Microsoft Entra responded with 200 OK and more than 262144 bytes"),
        ("401 Unauthorized", "Microsoft Entra responded with 401 Unauthorized"),
    ] {
        let app = entra(&endless(status).await).app_only().unwrap();
        let client = faulty.partner().credential(app).build().unwrap();
        let error = client.get_support_profile().send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::SignIn);
        assert!(error.to_string().contains(expected), "{error}");
        assert_bounded(&error);
    }
}

#[tokio::test]
async fn a_head_without_end_is_given_up_on() {
    let url = serve(|mut stream| async move {
        head(&mut stream).await?;
        stream.write_all(b"HTTP/1.1 200 OK\r\nx-pad: ").await?;
        let chunk = vec![b'x'; 64 * 1024];
        loop {
            stream.write_all(&chunk).await?;
        }
    })
    .await;
    let client = partner_center::Client::builder()
        .base_url(url)
        .credential(partner_center::Credential::bearer("token").unwrap())
        .retry(RetryPolicy::never());
    let error = client.build().unwrap().get_support_profile().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(error.may_have_been_sent());
    assert_bounded(&error);
}

#[tokio::test]
async fn a_long_id_of_a_vendor_does_not_fill_logs() {
    let faulty = Faulty::start().await;
    let partner = faulty.partner().build().unwrap();
    let long = "x".repeat(100_000);
    faulty.sandbox.respond_next(Response::new(400).header("ms-cv", &long));
    assert_bounded(&partner.get_support_profile().send().await.unwrap_err());
    let html = Response::new(200).header("content-type", &long).body("{\"email\": 3}");
    faulty.sandbox.respond_next(html);
    assert_bounded(&partner.get_support_profile().send().await.unwrap_err());

    let app = entra(&faulty.sandbox.entra_url()).app_only().unwrap();
    let body = serde_json::json!({"error": "invalid_client", "correlation_id": long});
    faulty.sandbox.respond_next_to(&entra_endpoint(), Response::new(401).json(&body));
    let partner = faulty.partner().credential(app).build().unwrap();
    assert_bounded(&partner.get_support_profile().send().await.unwrap_err());
}
