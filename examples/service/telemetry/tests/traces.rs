//! What a collector receives of calls: the tree of spans, and that each request carries the id of its own.

mod support;

use std::collections::HashMap;
use std::time::Duration;

use letterhead::partner_center::{self, EntraApp};
use letterhead::{CorrelationId, Error, MemoryStore, campaign_standard, cloudflare};
use letterhead_sandbox::{Response, Sandbox, credentials, seed};
use letterhead_telemetry::{Value, attributes, is_client, tree};
use opentelemetry::baggage::{BaggageExt as _, KeyValueMetadata};
use opentelemetry::propagation::TextMapPropagator as _;
use support::{Job, ManualClock, parents, without_layer};

fn partner(sandbox: &Sandbox) -> letterhead::ClientBuilder<partner_center::Client> {
    let token = partner_center::Credential::bearer(credentials::PARTNER_CENTER_TOKEN).unwrap();
    let client = partner_center::Client::builder().base_url(sandbox.partner_center_url());
    // With a clock that nobody waits for, any other limit is over at once.
    let endless = Duration::from_secs(1_000_000);
    client.credential(token).clock(ManualClock::new()).timeout(endless)
}

/// What signs in for an application and its user, whose refresh token is redeemed in a task of its own.
fn signing_in(sandbox: &Sandbox) -> partner_center::Credential {
    let (id, secret) =
        (credentials::PARTNER_CENTER_CLIENT_ID, credentials::PARTNER_CENTER_CLIENT_SECRET);
    let app = EntraApp::new(seed::PARTNER_TENANT_ID, id, secret).authority(sandbox.entra_url());
    app.app_and_user(MemoryStore::new(credentials::PARTNER_CENTER_REFRESH_TOKEN)).unwrap()
}

#[tokio::test]
async fn a_call_that_fails_is_an_error_and_so_is_its_attempt() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = partner(&sandbox).build().unwrap();
    let job = Job::start();
    sandbox.respond_next(Response::new(404));
    let error = job.run(client.get_support_profile().send()).await.unwrap_err();
    assert_eq!(
        tree(&job.end(3).await),
        "a job
  get_support_profile status=404 error=\"404\" ERROR \"the vendor refused the request: 404 Not Found\"
    GET /v1/profiles/support (client) status=404 error=\"404\" ERROR \"the vendor refused the request: 404 Not Found\"
"
    );
    for span in &job.spans()[1..] {
        let attributes = attributes(span);
        let id = |id: String| Value::StringValue(id);
        let request_id = id(error.request_id().unwrap().to_string());
        assert_eq!(attributes["letterhead.request_id"], &request_id);
        let correlation_id = id(error.correlation_id().unwrap().to_string());
        assert_eq!(attributes["letterhead.correlation_id"], &correlation_id);
    }
}

#[tokio::test]
async fn a_call_that_is_retried_has_a_span_for_each_attempt() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = partner(&sandbox).build().unwrap();
    let job = Job::start();
    sandbox.respond_next(Response::new(503));
    job.run(client.get_support_profile().send()).await.unwrap();
    let spans = job.end(4).await;
    assert_eq!(
        tree(&spans),
        "a job
  get_support_profile status=200
    GET /v1/profiles/support (client) status=503 error=\"503\" ERROR \"the vendor refused the request: 503 Service Unavailable\"
    GET /v1/profiles/support (client) status=200 resent=1 reason=\"server_error\"
"
    );
    assert_eq!(parents(&sandbox.requests()), job.clients());
}

#[tokio::test]
async fn a_success_that_says_it_is_none_has_no_status_for_its_error() {
    let sandbox = Sandbox::start().await.unwrap();
    let token = cloudflare::Credential::api_token(credentials::CLOUDFLARE_API_TOKEN).unwrap();
    let client = cloudflare::Client::builder().base_url(sandbox.cloudflare_url());
    let client = client.credential(token).build().unwrap();
    let body = letterhead::serde_json::json!({"success": false, "errors": [{"code": 7003, "message": "m"}]});
    sandbox.respond_next(Response::new(200).json(&body));
    let job = Job::start();
    job.run(client.list_organizations().send()).await.unwrap_err();
    let failed =
        "status=200 error=\"refused\" ERROR \"the vendor refused the request: 200 OK, code 7003\"";
    assert_eq!(
        tree(&job.end(3).await),
        format!("a job\n  list_organizations {failed}\n    GET /organizations (client) {failed}\n")
    );
}

#[tokio::test]
async fn a_method_that_no_standard_has_is_other() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = partner(&sandbox).build().unwrap();
    let job = Job::start();
    sandbox.respond_next(Response::new(405));
    let method = letterhead::http::Method::from_bytes(b"PURGE").unwrap();
    let purge = client.request(method, "/v1/customers");
    job.run(purge.send::<letterhead::serde_json::Value>()).await.unwrap_err();
    let spans = job.end(3).await;
    let attempt = spans.iter().find(|span| is_client(span)).unwrap();
    assert_eq!(attempt.name, "HTTP /v1/customers");
    let text = |text: &str| Value::StringValue(text.to_owned());
    let attributes = attributes(attempt);
    assert_eq!(attributes["http.request.method"], &text("_OTHER"));
    assert_eq!(attributes["http.request.method_original"], &text("PURGE"));
}

#[tokio::test]
async fn a_call_that_is_dropped_is_cancelled() {
    // A server that accepts and says nothing.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let token = partner_center::Credential::bearer(credentials::PARTNER_CENTER_TOKEN).unwrap();
    let client = partner_center::Client::builder().base_url(url).credential(token);
    let client = client.concurrency_limit(1).build().unwrap();
    let job = Job::start();
    let _connection = job
        .run(async {
            tokio::select! {
                _ = client.get_support_profile().send() => unreachable!("nobody responds"),
                accepted = listener.accept() => accepted.unwrap(),
            }
        })
        .await;
    let cancelled = "error=\"cancelled\" ERROR \"the future was dropped before its end\"";
    assert_eq!(
        tree(&job.end(3).await),
        format!(
            "a job\n  get_support_profile {cancelled}\n    \
             GET /v1/profiles/support (client) {cancelled}\n"
        )
    );
}

#[tokio::test]
async fn a_sign_in_belongs_to_the_call_that_started_it_and_is_linked_to_those_that_wait() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = partner(&sandbox).credential(signing_in(&sandbox)).build().unwrap();
    let endpoint = format!("/{}/oauth2/v2.0/token", seed::PARTNER_TENANT_ID);
    sandbox.respond_next_to(&endpoint, Response::new(503));
    let job = Job::start();
    let (first, second) = job
        .run(Box::pin(async {
            tokio::join!(client.get_support_profile().send(), client.list_customers().send())
        }))
        .await;
    first.unwrap();
    second.unwrap();
    assert_eq!(
        tree(&job.end(8).await),
        "a job
  get_support_profile status=200
    letterhead.sign_in
      POST /{tenant}/oauth2/v2.0/token (client) status=503 error=\"503\" ERROR \"the vendor refused the request: 503 Service Unavailable\"
      POST /{tenant}/oauth2/v2.0/token (client) status=200 resent=1
    GET /v1/profiles/support (client) status=200
  list_customers status=200 -> letterhead.sign_in
    GET /v1/customers (client) status=200
"
    );
    let mut sent = parents(&sandbox.requests());
    let mut spans = job.clients();
    sent.sort();
    spans.sort();
    assert_eq!(sent, spans);
}

#[tokio::test]
async fn a_sign_in_in_the_background_is_linked_to_its_call() {
    let sandbox = Sandbox::start().await.unwrap();
    let clock = ManualClock::new();
    let client =
        partner(&sandbox).credential(signing_in(&sandbox)).clock(clock.clone()).build().unwrap();
    client.get_support_profile().send().await.unwrap();
    drop(sandbox.take_requests());
    // It ends in an hour, and is replaced some minutes before.
    clock.advance(Duration::from_secs(3599 - 140));
    let job = Job::start();
    job.run(client.get_support_profile().send()).await.unwrap();
    assert_eq!(
        tree(&job.end(3).await),
        "a job\n  get_support_profile status=200\n    GET /v1/profiles/support (client) status=200\n"
    );
    let call = job.spans().into_iter().find(|span| span.name == "get_support_profile").unwrap();
    let sign_in = job.linked_to(&call.span_id, 2).await;
    assert_eq!(
        tree(&sign_in),
        "letterhead.sign_in -> another trace\n  \
         POST /{tenant}/oauth2/v2.0/token (client) status=200\n"
    );
    let sign_in = sign_in.iter().find(|span| is_client(span)).unwrap();
    let requests = sandbox.requests();
    let token = requests.iter().find(|request| request.vendor.is_none()).unwrap();
    let parent = token.header("traceparent").unwrap();
    assert!(parent.contains(&support::hex(&sign_in.span_id)), "{parent}");
}

#[tokio::test]
async fn a_job_across_the_vendors_that_is_retried_at_one_and_fails_at_another_is_one_trace() {
    let sandbox = Sandbox::start().await.unwrap();
    let partner = partner(&sandbox).build().unwrap();
    let token = cloudflare::Credential::api_token(credentials::CLOUDFLARE_API_TOKEN).unwrap();
    let cloudflare = cloudflare::Client::builder().base_url(sandbox.cloudflare_url());
    let cloudflare = cloudflare.credential(token).build().unwrap();
    let ims = campaign_standard::ServerToServer::new(
        credentials::CAMPAIGN_CLIENT_ID,
        credentials::CAMPAIGN_CLIENT_SECRET,
    );
    let campaign = campaign_standard::Client::builder(seed::CAMPAIGN_ORGANIZATION)
        .base_url(sandbox.campaign_standard_url())
        .credential(ims.authority(sandbox.ims_url()).credential().unwrap())
        .build()
        .unwrap();
    let job = Job::start();
    sandbox.respond_next(Response::new(503));
    let correlation = CorrelationId::new();
    let work = correlation.scope(async {
        partner.find_customer_by_domain("contoso.onmicrosoft.example").await?;
        cloudflare.list_organizations().send().await?;
        campaign.get_profile().profile_pkey("@nobody").send().await?;
        Ok::<_, Error>(())
    });
    assert!(job.run(Box::pin(work)).await.unwrap_err().is_not_found());
    let spans = job.end(10).await;
    assert_eq!(
        tree(&spans),
        "a job
  list_customers status=200
    GET /v1/customers (client) status=503 error=\"503\" ERROR \"the vendor refused the request: 503 Service Unavailable\"
    GET /v1/customers (client) status=200 resent=1 reason=\"server_error\"
  list_organizations status=200
    GET /organizations (client) status=200
  get_profile status=404 error=\"404\" ERROR \"the vendor refused the request: 404 Not Found, code 404\"
    letterhead.sign_in
      POST /ims/token/v3 (client) status=200
    GET /profileAndServicesExt/profile/{profile_pkey} (client) status=404 error=\"404\" ERROR \"the vendor refused the request: 404 Not Found, code 404\"
"
    );
    assert_eq!(parents(&sandbox.requests()), job.clients());
    let ids = spans.iter().filter_map(|span| attributes(span).remove("letterhead.correlation_id"));
    let expected = Value::StringValue(correlation.to_string());
    assert!(ids.clone().all(|id| *id == expected));
    assert_eq!(ids.count(), 7);
    let url: letterhead::reqwest::Url = sandbox.url().parse().unwrap();
    for span in spans.iter().filter(|span| is_client(span)) {
        let attributes = attributes(span);
        let host = url.host_str().unwrap().to_owned();
        assert_eq!(attributes["server.address"], &Value::StringValue(host));
        let port = url.port().map(i64::from).unwrap();
        assert_eq!(attributes["server.port"], &Value::IntValue(port));
    }
}

#[tokio::test]
async fn each_request_of_a_convenience_carries_its_own_attempt() {
    let sandbox = Sandbox::start().await.unwrap();
    let credential = campaign_standard::Credential::new(
        credentials::CAMPAIGN_ACCESS_TOKEN,
        credentials::CAMPAIGN_API_KEY,
    );
    let campaign = campaign_standard::Client::builder(seed::CAMPAIGN_ORGANIZATION)
        .base_url(sandbox.campaign_standard_url())
        .credential(credential.unwrap())
        .build()
        .unwrap();
    let job = Job::start();
    let assign = campaign.assign_profile(seed::CAMPAIGN_PROFILE_PKEY, "northwind-brand");
    job.run(async { assign.await }).await.unwrap();
    job.end(5).await;
    assert_eq!(parents(&sandbox.requests()), job.clients());
    for span in job.spans().iter().filter(|span| is_client(span)) {
        let version = Value::StringValue("1.1".to_owned());
        assert_eq!(attributes(span)["network.protocol.version"], &version);
    }
}

#[tokio::test]
async fn a_context_that_cant_be_read_or_sent_breaks_no_call() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = partner(&sandbox).build().unwrap();
    let propagator = support::propagator();
    for malformed in ["", "00-1-2-3", "00-zz", "ff-\u{e9}", &"0".repeat(10_000)] {
        let carrier = [("traceparent".to_owned(), malformed.to_owned())];
        let context = propagator.extract(&HashMap::from(carrier));
        // A property as the propagator reads it from another process: unescaped.
        let entry = KeyValueMetadata::new("note", "one two, \u{e9}", "p=\r\nx: y");
        let context = context.with_baggage([entry]);
        let job = Job::below(context);
        job.run(client.get_support_profile().send()).await.unwrap();
        job.end(3).await;
        let requests = sandbox.take_requests();
        assert_eq!(parents(&requests), job.clients());
        let baggage = requests[0].header("baggage").unwrap();
        assert_eq!(baggage, "note=one%20two%2C%20%C3%A9;p=%0D%0Ax: y");
        assert_eq!(requests[0].header("x"), None);
    }
}

#[tokio::test]
async fn the_attempts_own_context_takes_the_place_of_the_callers() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = partner(&sandbox).build().unwrap();
    let call = || {
        let call = client.get_support_profile();
        let call = call
            .extra_header("traceparent", "00-11111111111111111111111111111111-2222222222222222-01");
        call.extra_header("tracestate", "mine=1").extra_header("baggage", "user=me")
    };
    let job = Job::start();
    job.run(call().send()).await.unwrap();
    job.end(3).await;
    let requests = sandbox.take_requests();
    assert_eq!(parents(&requests), job.clients());
    // Of another trace, it would be wrong. Baggage is the caller's where the context has none.
    assert_eq!(requests[0].header("tracestate"), None);
    assert_eq!(requests[0].header("baggage"), Some("user=me"));
}

#[tokio::test]
async fn without_tracings_spans_opentelemetrys_own_context_is_sent() {
    let sandbox = Sandbox::start().await.unwrap();
    let plain = partner(&sandbox).build().unwrap();
    let limited = partner(&sandbox).concurrency_limit(1).build().unwrap();
    let parent = "00-11111111111111111111111111111111-2222222222222222-01";
    let carrier = [("traceparent".to_owned(), parent.to_owned())];
    let context = support::propagator().extract(&HashMap::from(carrier));
    let _guards = (without_layer(), context.attach());
    for client in [plain, limited] {
        client.get_support_profile().send().await.unwrap();
        assert_eq!(sandbox.take_requests()[0].header("traceparent"), Some(parent));
    }
}

/// A hook that asks for the parent that a request is sent with, and leaves a span.
#[derive(Default)]
struct Parents(std::sync::Mutex<Vec<String>>);

impl letterhead::Hook for Parents {
    fn on_request<'a>(
        &'a self,
        attempt: &'a mut letterhead::Attempt,
    ) -> letterhead::BoxFuture<'a, letterhead::HookResult> {
        Box::pin(async {
            let parent = attempt.headers()["traceparent"].to_str()?.to_owned();
            self.0.lock().unwrap().push(parent);
            tracing::info_span!("a hook").in_scope(|| Ok(None))
        })
    }
}

#[tokio::test]
async fn a_hook_sees_the_context_of_its_attempt_and_runs_in_it() {
    let sandbox = Sandbox::start().await.unwrap();
    let hook = std::sync::Arc::new(Parents::default());
    let client = partner(&sandbox).hook(std::sync::Arc::clone(&hook)).build().unwrap();
    let job = Job::start();
    sandbox.respond_next(Response::new(503));
    job.run(client.get_support_profile().send()).await.unwrap();
    assert_eq!(
        tree(&job.end(6).await),
        "a job
  get_support_profile status=200
    GET /v1/profiles/support (client) status=503 error=\"503\" ERROR \"the vendor refused the request: 503 Service Unavailable\"
      a hook
    GET /v1/profiles/support (client) status=200 resent=1 reason=\"server_error\"
      a hook
"
    );
    let requests = sandbox.requests();
    let sent: Vec<_> = requests.iter().map(|it| it.header("traceparent").unwrap()).collect();
    assert_eq!(*hook.0.lock().unwrap(), sent);
    assert_eq!(parents(&requests), job.clients());
}
