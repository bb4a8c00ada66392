//! What is counted, under which labels.

use std::collections::BTreeMap;
use std::time::Duration;

use letterhead::RetryPolicy;
use letterhead::partner_center::{Client, Credential, EntraApp};
use letterhead_sandbox::{Response, Sandbox, credentials, seed};
use metrics::Unit;
use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};

/// Each metric with its labels, and what it counted: of a histogram, how often.
fn counted(snapshotter: &Snapshotter) -> BTreeMap<String, u64> {
    let metrics = snapshotter.snapshot().into_vec().into_iter();
    let metrics = metrics.map(|(key, unit, help, value)| {
        let key = key.key();
        assert!(help.is_some_and(|help| help.ends_with('.')), "{key}");
        let is_duration = key.name() == "http.client.request.duration";
        assert_eq!(unit, Some(if is_duration { Unit::Seconds } else { Unit::Count }), "{key}");
        let labels = key.labels().map(|label| format!("{}={}", label.key(), label.value()));
        let labels = labels.collect::<Vec<_>>().join(" ");
        let count = match value {
            DebugValue::Counter(count) => count,
            DebugValue::Histogram(values) => {
                assert!(values.iter().all(|value| *value >= 0.0.into()));
                values.len() as u64
            }
            DebugValue::Gauge(_) => unreachable!("there are none"),
        };
        (format!("{} {labels}", key.name()), count)
    });
    metrics.collect()
}

#[tokio::test]
async fn attempts_retries_and_sign_ins_are_counted() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let sandbox = Sandbox::start().await.unwrap();
    let app = EntraApp::new(
        seed::PARTNER_TENANT_ID,
        credentials::PARTNER_CENTER_CLIENT_ID,
        credentials::PARTNER_CENTER_CLIENT_SECRET,
    );
    let app = app.authority(sandbox.entra_url()).app_only().unwrap();
    let partner = Client::builder()
        .base_url(sandbox.partner_center_url())
        .credential(app)
        .retry(RetryPolicy::default().backoff(Duration::ZERO, Duration::ZERO))
        .build()
        .unwrap();
    sandbox.respond_next_to("/v1/customers", Response::new(503));
    partner.list_customers().send().await.unwrap();
    sandbox.respond_next(Response::new(200).body("{\"items\": ["));
    partner.list_customers().send().await.unwrap();
    sandbox.revoke_access_tokens();
    let token_endpoint = format!("/{}/oauth2/v2.0/token", seed::PARTNER_TENANT_ID);
    sandbox.respond_next_to(&token_endpoint, Response::new(400));
    partner.list_customers().send().await.unwrap_err();
    // A port that was free a moment ago.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody_url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let fixed = Credential::bearer(credentials::PARTNER_CENTER_TOKEN).unwrap();
    let nobody = Client::builder().base_url(&nobody_url).credential(fixed);
    let nobody = nobody.retry(RetryPolicy::never()).build().unwrap();
    nobody.get_support_profile().send().await.unwrap_err();

    // A server that accepts and says nothing, to a caller who gives up.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent_url = format!("http://{}", listener.local_addr().unwrap());
    let fixed = Credential::bearer(credentials::PARTNER_CENTER_TOKEN).unwrap();
    let silent = Client::builder().base_url(&silent_url).credential(fixed).build().unwrap();
    tokio::select! {
        _ = silent.get_support_profile().send() => unreachable!("nobody responds"),
        _ = listener.accept() => {}
    }

    let counted = counted(&snapshotter);
    let duration = |of: &str, path: &str, server: &str, end: &str| {
        let port = server.rsplit(':').next().unwrap();
        let template = format!("url.template={path} server.address=127.0.0.1 server.port={port}");
        format!("http.client.request.duration letterhead.vendor={of} {template}{end}")
    };
    let sandbox = sandbox.url();
    let customers = |end: &str| {
        let of = "Partner Center letterhead.operation=list_customers http.request.method=GET";
        duration(of, "/v1/customers", &sandbox, end)
    };
    let support = |server: &str, end: &str| {
        let of = "Partner Center letterhead.operation=get_support_profile http.request.method=GET";
        duration(of, "/v1/profiles/support", server, end)
    };
    let token = |end: &str| {
        let of = "Microsoft Entra letterhead.operation=sign_in http.request.method=POST";
        duration(of, "/{tenant}/oauth2/v2.0/token", &sandbox, end)
    };
    let retries = |reason: &str| {
        format!(
            "letterhead.retries letterhead.vendor=Partner Center \
             letterhead.operation=list_customers letterhead.retry_reason={reason}"
        )
    };
    let sign_ins =
        |end: &str| format!("letterhead.sign_ins letterhead.vendor=Partner Center outcome={end}");
    let expected = [
        (customers(" network.protocol.version=1.1 http.response.status_code=200"), 2),
        (
            customers(
                " network.protocol.version=1.1 http.response.status_code=200 error.type=decode",
            ),
            1,
        ),
        (
            customers(" network.protocol.version=1.1 http.response.status_code=401 error.type=401"),
            1,
        ),
        (
            customers(" network.protocol.version=1.1 http.response.status_code=503 error.type=503"),
            1,
        ),
        (support(&nobody_url, " error.type=connect"), 1),
        (support(&silent_url, " error.type=cancelled"), 1),
        (token(" network.protocol.version=1.1 http.response.status_code=200"), 1),
        (token(" network.protocol.version=1.1 http.response.status_code=400 error.type=400"), 1),
        (retries("server_error"), 1),
        (retries("token_refused"), 1),
        (retries("no_response"), 1),
        (sign_ins("failure"), 1),
        (sign_ins("success"), 1),
    ];
    assert_eq!(counted, BTreeMap::from(expected));
    let names = format!("{counted:?}");
    for secret in [credentials::PARTNER_CENTER_CLIENT_SECRET, credentials::PARTNER_CENTER_TOKEN] {
        assert!(!names.contains(secret), "{names}");
    }
}
