//! The service as a process manager, a load balancer and its callers see it.

mod support;

use letterhead::CorrelationId;
use letterhead::reqwest::Method;
use letterhead_sandbox::{Response, credentials, seed};
use serde_json::{Value, json};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

use support::{PROFILE, Service, Slow, UNITS, command, eventually, organization, within};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const TRACE_ID: &str = "0af76519-16cd-43dd-8448-eb211c80319c";

#[tokio::test]
async fn a_job_changes_the_number_at_two_vendors_and_reads_the_third() {
    let service = Service::start().await;
    for (path, expected) in [("/healthz", "alive\n"), ("/readyz", "ready\n")] {
        let response = service.get(path).await;
        assert_eq!((response.status().as_u16(), &*response.text().await.unwrap()), (200, expected));
    }
    let traceparent = format!("00-{TRACE}-b7ad6b7169203331-01");
    let response = service.set_phone("4255550188", &[("traceparent", &traceparent)]).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["x-correlation-id"], TRACE_ID);
    let outcome: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    assert_eq!(
        outcome,
        json!({
            "partnerCenter": "4255550188",
            "cloudflare": "4255550188",
            "written": ["Partner Center", "Cloudflare"],
            "units": ["All", "Contoso Brand", "Northwind Brand"],
            "correlationId": TRACE_ID,
        })
    );
    let stored = service.sandbox.resource(PROFILE).unwrap();
    assert_eq!(stored["defaultAddress"]["phoneNumber"], "4255550188");
    let stored = service.sandbox.resource(&organization()).unwrap();
    assert_eq!(stored["business_phone"], "4255550188");
    // Each request to a vendor is part of the trace that the service was called in.
    let requests = service.sandbox.take_requests();
    assert!(requests.len() >= 6, "{requests:#?}");
    for request in requests {
        let parent = request.header("traceparent").unwrap();
        assert!(parent.contains(TRACE) && !parent.contains("b7ad6b7169203331"), "{parent}");
        if request.path() == PROFILE {
            assert_eq!(request.header("ms-correlationid"), Some(TRACE_ID));
        }
    }

    // Once more: nothing is written that is there.
    let response = service.set_phone("4255550188", &[]).await;
    let outcome: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    assert_eq!(outcome["written"], json!([]));
    let customers = service.get("/customers?limit=2").await.text().await.unwrap();
    assert_eq!(customers, r#"["Contoso","Contoso Retail"]"#);
}

#[tokio::test]
async fn a_throttled_vendor_is_a_503_that_says_when_to_come_back() {
    let service = Service::start().await;
    let throttled = Response::new(429).header("retry-after", "120");
    service.sandbox.respond_next_to(&organization(), throttled);
    let response = service.set_phone("4255550188", &[("x-correlation-id", "order-4711")]).await;
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    assert_eq!(response.headers()["retry-after"], "120");
    let id = CorrelationId::from_name("order-4711").to_string();
    assert_eq!(response.headers()["x-correlation-id"], *id);
    let problem: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    assert_eq!(problem["status"], 503);
    assert_eq!(problem["title"], "Service Unavailable");
    assert_eq!(problem["operation"], "get_organization_profile");
    assert_eq!(problem["correlationId"], *id);
    assert!(problem["requestId"].is_string());
    assert_eq!(problem["mayHaveTakenEffect"], false);
    assert_eq!(problem["completed"], json!(["Partner Center"]));

    // The client of Cloudflare sends nothing in the meantime.
    let _ = service.sandbox.take_requests();
    let path = format!("/organizations/{}", seed::CLOUDFLARE_ORGANIZATION_ID);
    let response = service.get(&path).await;
    assert_eq!(response.status(), 503);
    let wait: u64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=120).contains(&wait), "{wait}");
    assert!(service.sandbox.requests().is_empty());

    service.terminate().await;
    let (_, output) = service.ended().await;
    let mapped = output.lines().find(|line| line.contains("is no UUID")).expect(&output);
    assert!(mapped.contains("order-4711") && mapped.contains(&id), "{mapped}");
}

#[tokio::test]
async fn each_failure_has_the_status_that_its_caller_can_use() {
    let service = Service::start().await;
    let stale = json!({"code": 2055, "description": "the ETag is out of date"});
    for (path, times, response, expected) in [
        (UNITS, 1, Response::new(404), 404),
        (UNITS, 1, Response::new(400).json(&json!({"error_code": "X", "message": "no"})), 422),
        (UNITS, 2, Response::new(401), 502),
        (UNITS, 1, Response::new(403), 502),
        (UNITS, 1, Response::new(501), 502),
        (UNITS, 1, Response::new(200).html("<html>"), 502),
        (PROFILE, 100, Response::new(400).json(&stale), 409),
    ] {
        for _ in 0..times {
            let method = if path == PROFILE { Method::PUT } else { Method::GET };
            service.sandbox.respond_next_for(method, path, response.clone());
        }
        let failed = service.set_phone("4255550199", &[]).await;
        let (status, kind) = (failed.status(), failed.headers()["content-type"].clone());
        let problem = failed.text().await.unwrap();
        assert_eq!(status.as_u16(), expected, "{path} {response:?}: {problem}");
        assert_eq!(kind, "application/problem+json");
        assert!(problem.contains("\"requestId\":"), "{problem}");
    }
    for (method, path, body, expected) in [
        (Method::PUT, "/company/phone", Some(json!({"phone": 1})), 422),
        (Method::PUT, "/company/phone", Some(json!({"phoneNumber": "x".repeat(20_000)})), 413),
        (Method::PUT, "/company/phone", None, 415),
        (Method::DELETE, "/company/phone", None, 405),
        (Method::GET, "/customers?limit=many", None, 400),
        (Method::GET, "/organizations/%2E%2E%5C", None, 404),
        (Method::GET, "/nowhere", None, 404),
    ] {
        let failed = service.send(method, path, &[], body.as_ref()).await;
        assert_eq!(failed.status(), expected, "{path}");
        assert_eq!(failed.headers()["content-type"], "application/problem+json", "{path}");
        assert!(failed.headers().contains_key("x-correlation-id"), "{path}");
    }
}

#[tokio::test]
async fn a_stop_lets_what_is_under_way_end_and_takes_nothing_new() {
    let slow = Slow::start().await;
    let service = Service::with(&[("CAMPAIGN_STANDARD_BASE_URL", &slow.url)]).await;
    let mut waiting = service.begin("PUT /company/phone", r#"{"phoneNumber": "4255550188"}"#).await;
    slow.received().await;
    service.terminate().await;
    let address = service.address().to_owned();
    eventually("connections are refused", || async { TcpStream::connect(&address).await.is_err() })
        .await;
    slow.go();
    let mut response = String::new();
    within(waiting.read_to_string(&mut response)).await.unwrap();
    assert!(response.starts_with("HTTP/1.1 200 "), "{response}");
    let (status, output) = service.ended().await;
    assert!(status.success(), "{output}");
}

#[tokio::test]
async fn a_lame_duck_serves_and_says_that_it_is_not_ready() {
    let service = Service::with(&[("LAME_DUCK_SECONDS", "3600")]).await;
    service.terminate().await;
    eventually("it isn't ready", || async { service.get("/readyz").await.status() == 503 }).await;
    assert_eq!(service.get("/healthz").await.status(), 200);
    assert_eq!(service.set_phone("4255550188", &[]).await.status(), 200);
    // Whoever can't wait asks again.
    service.terminate().await;
    let (status, output) = service.ended().await;
    assert!(status.success(), "{output}");
}

#[tokio::test]
async fn a_job_goes_on_when_its_client_goes_away_and_a_read_does_not() {
    let slow = Slow::start().await;
    let service = Service::with(&[("CAMPAIGN_STANDARD_BASE_URL", &slow.url)]).await;
    let waiting = service.begin("PUT /company/phone", r#"{"phoneNumber": "4255550188"}"#).await;
    slow.received().await;
    drop(waiting);
    // Before the job is over, so that its end isn't what ends the request.
    let cancelled = "http_server_request_duration_seconds_count{http_request_method=\"PUT\",\
                     http_route=\"/company/phone\",error_type=\"cancelled\"} 1";
    eventually("the service learns of it", || async {
        service.get("/metrics").await.text().await.unwrap().contains(cancelled)
    })
    .await;
    slow.go();
    eventually("the job is done", || async {
        let stored = service.sandbox.resource(&organization()).unwrap();
        stored["business_phone"] == "4255550188"
    })
    .await;
    service.terminate().await;
    let (status, output) = service.ended().await;
    assert!(status.success(), "{output}");

    let slow = Slow::start().await;
    let service = Service::with(&[("PARTNER_CENTER_BASE_URL", &slow.url)]).await;
    let waiting = service.begin("GET /customers", "").await;
    slow.received().await;
    drop(waiting);
    let cancelled = "http_client_request_duration_seconds_count{\
                     letterhead_vendor=\"Partner Center\",letterhead_operation=\"list_customers\"";
    eventually("its call is dropped", || async {
        let metrics = service.get("/metrics").await.text().await.unwrap();
        let line = metrics.lines().find(|line| line.starts_with(cancelled));
        line.is_some_and(|line| line.ends_with("error_type=\"cancelled\"} 1"))
    })
    .await;
}

#[tokio::test]
async fn metrics_are_described() {
    let service = Service::start().await;
    let busy = Response::new(429).header("retry-after", "0");
    service.sandbox.respond_next_to(UNITS, busy);
    service.set_phone("4255550188", &[]).await;
    let metrics = service.get("/metrics").await.text().await.unwrap();
    for (name, kind) in [
        ("http_server_request_duration_seconds", "histogram"),
        ("http_client_request_duration_seconds", "histogram"),
        ("letterhead_retries_total", "counter"),
        ("letterhead_sign_ins_total", "counter"),
    ] {
        for line in [format!("# TYPE {name} {kind}\n"), format!("# HELP {name} ")] {
            assert!(metrics.contains(&line), "{line}: {metrics}");
        }
    }
    for line in metrics.lines().filter(|line| !line.starts_with('#')) {
        // A path has keys in it, and each would be a metric of its own.
        assert!(!line.contains(seed::CLOUDFLARE_ORGANIZATION_ID), "{line}");
    }
}

#[tokio::test]
async fn no_secret_is_shown() {
    let token_endpoint = format!("/{}/oauth2/v2.0/token", seed::PARTNER_TENANT_ID);
    let secrets = [
        ("/ims/token/v3".to_owned(), credentials::CAMPAIGN_CLIENT_SECRET),
        (UNITS.to_owned(), credentials::CAMPAIGN_API_KEY),
        (token_endpoint.clone(), credentials::PARTNER_CENTER_CLIENT_SECRET),
        (token_endpoint, credentials::PARTNER_CENTER_REFRESH_TOKEN),
        (organization(), credentials::CLOUDFLARE_API_TOKEN),
    ];
    for (path, secret) in &secrets {
        let service = Service::with(&[("RUST_LOG", "trace")]).await;
        // Vendors may send back what they were sent.
        let echo = json!({"error": secret, "message": format!("what is {secret}?")});
        service.sandbox.respond_next_to(path, Response::new(400).json(&echo));
        let failed = service.set_phone("4255550199", &[]).await;
        assert!(failed.status().as_u16() >= 400, "{path}");
        let mut shown = format!("{:?}", failed.headers());
        shown += &failed.text().await.unwrap();
        shown += &service.set_phone("4255550188", &[]).await.text().await.unwrap();
        shown += &service.get("/metrics").await.text().await.unwrap();
        service.terminate().await;
        let (_, output) = service.ended().await;
        assert!(output.contains("list_organizational_units"), "{output}");
        shown += &output;
        for (_, secret) in &secrets {
            assert!(!shown.contains(secret), "{secret} is shown");
        }
    }
}

#[tokio::test]
async fn the_trace_of_a_request_covers_all_three_vendors() {
    let output = within(command().arg("--trace").output()).await.unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    let lines: Vec<_> = text.lines().skip_while(|line| !line.starts_with("trace ")).collect();
    let line = |start: &str| {
        let found =
            lines.iter().find(|line| line.trim_start_matches(['│', ' ']).starts_with(start));
        *found.unwrap_or_else(|| panic!("no {start}: {text}"))
    };
    assert!(line("PUT /company/phone").ends_with(" 200"), "{text}");
    line("├─ Campaign Standard: list_organizational_units");
    line("├─ Partner Center: get_organization_profile");
    line("└─ Microsoft Entra: POST ");
    assert!(line("├─ GET /organizations/{organization_id}/profile").ends_with("ERROR 429"));
    let retried = "200 retry 1 after throttled";
    assert!(line("└─ GET /organizations/{organization_id}/profile").ends_with(retried), "{text}");
    assert_eq!(text.matches("\ntrace ").count(), 1, "{text}");
}

#[tokio::test]
async fn a_missing_variable_is_named() {
    let output = within(command().output()).await.unwrap();
    assert!(!output.status.success());
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.contains("`CLOUDFLARE_ORGANIZATION_ID`: environment variable not found"),
        "{error}"
    );
}
