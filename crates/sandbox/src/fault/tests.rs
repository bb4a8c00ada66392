//! The proxy as clients see it.

mod reads;

use std::io;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::*;
use crate::credentials::{CAMPAIGN_CLIENT_ID, CAMPAIGN_CLIENT_SECRET};
use crate::seed::{CAMPAIGN_PROFILE_PKEY, CLOUDFLARE_ORGANIZATION_ID, CUSTOMER_TENANT_ID, USER_ID};
use crate::testing::{Received, credentials, request_id, send};

const ORGANIZATION: &str = "/v1/profiles/organization";
const FOREVER: Duration = Duration::from_secs(3600);

struct World {
    sandbox: Sandbox,
    proxy: FaultyProxy,
}

impl World {
    async fn with(faults: Faults) -> Self {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let proxy = FaultyProxy::start(&sandbox, faults).await;
        let proxy = proxy.expect("a proxy");
        Self { sandbox, proxy }
    }

    async fn one(fault: Fault) -> Self {
        Self::with(Faults::script([Some(fault)])).await
    }

    /// A write with a request id of its own, by way of the proxy.
    async fn patch(&self, target: &str, id: &str) -> io::Result<Received> {
        let mut headers = credentials(target);
        headers.push(("ms-requestid", id.to_owned()));
        let body = json!({"firstName": id}).to_string();
        send(&self.proxy.url(), "PATCH", target, &headers, Some(&body)).await
    }

    async fn get(&self, target: &str) -> Received {
        self.get_with(target, &[]).await
    }

    async fn get_with(&self, target: &str, more: &[(&'static str, String)]) -> Received {
        let headers = [credentials(target), more.to_vec()].concat();
        let received = send(&self.proxy.url(), "GET", target, &headers, None).await;
        received.expect("an answer")
    }

    /// A write without more to it, and how often it was applied.
    async fn patch_user(&self) -> (io::Result<Received>, usize) {
        let received = self.patch(&user_path(), &request_id(1)).await;
        (received, self.sandbox.take_applied_writes().len())
    }

    async fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.proxy.address).await;
        stream.expect("a connection")
    }
}

fn user_path() -> String {
    format!("/v1/customers/{CUSTOMER_TENANT_ID}/users/{USER_ID}")
}

/// The head of a request with the right credentials.
fn get(target: &str) -> String {
    let mut lines = vec![format!("GET {target} HTTP/1.1"), "host: sandbox".to_owned()];
    for (name, value) in credentials(target) {
        lines.push(format!("{name}: {value}"));
    }
    lines.join("\r\n") + "\r\n\r\n"
}

/// Reads until `end` has arrived.
async fn read_until(stream: &mut TcpStream, end: &str) -> String {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if text.contains(end) {
            return text.into_owned();
        }
        let read = stream.read_buf(&mut bytes).await.expect("an answer");
        assert_ne!(read, 0, "the connection ended early");
    }
}

#[tokio::test]
async fn a_reset_is_one_whenever_it_comes() {
    for (fault, applied) in [
        (Fault::ResetBeforeRead, 0),
        (Fault::ResetAfterApplied, 1),
        (Fault::ResetMidBody, 1),
        (Fault::TokenEndpointReset, 0),
    ] {
        let world = World::one(fault).await;
        let (received, journal) = world.patch_user().await;
        let error = received.expect_err("a reset");
        assert_eq!(error.kind(), io::ErrorKind::ConnectionReset, "{fault}");
        assert_eq!(journal, applied, "{fault}");
        assert_eq!(world.proxy.fault_counts()[&fault], 1);
        let (received, _) = world.patch_user().await;
        assert_eq!(received.expect("an answer").status, 200);
        assert_eq!(world.proxy.request_count(), 2);
        assert_eq!(world.proxy.fault_counts().values().sum::<u64>(), 1);
    }
}

#[tokio::test]
async fn the_write_of_an_update_can_go_wrong_while_its_read_goes_on() {
    let world = World::with(Faults::script([])).await;
    let fault = Fault::ResetAfterApplied;
    let path = user_path();
    world.proxy.fault_next_for(Method::PATCH, &path, fault);
    let headers = credentials(&path);
    let read = send(&world.proxy.url(), "GET", &path, &headers, None).await;
    assert_eq!(read.expect("an answer").status, 200);
    let (received, applied) = world.patch_user().await;
    assert!(received.is_err() && applied == 1);
    assert_eq!(world.proxy.fault_counts()[&fault], 1);
}

#[tokio::test]
async fn a_reset_in_the_middle_comes_after_the_first_half() {
    let world = World::one(Fault::ResetMidBody).await;
    let mut stream = world.connect().await;
    let request = get(ORGANIZATION);
    stream.write_all(request.as_bytes()).await.expect("sent");
    let head_and_more = read_until(&mut stream, "companyName").await;
    assert!(head_and_more.starts_with("HTTP/1.1 200 OK\r\n"));
    let error = stream.read_to_end(&mut Vec::new()).await;
    let error = error.expect_err("a reset");
    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn a_body_that_is_cut_ends_before_its_length_and_without_a_reset() {
    let world = World::one(Fault::CloseMidBody).await;
    let (received, journal) = world.patch_user().await;
    let received = received.expect("the connection is closed");
    let length = received.header("content-length").expect("a length");
    let length: usize = length.parse().expect("a number");
    assert_eq!(received.body.len(), length / 2);
    assert_eq!((received.status, journal), (200, 1));
}

#[tokio::test]
async fn a_sick_connection_stays_so_and_others_are_well() {
    let world = World::one(Fault::SickConnection).await;
    let mut stream = world.connect().await;
    for _ in 0..3 {
        let request = get(ORGANIZATION);
        stream.write_all(request.as_bytes()).await.expect("sent");
        let received = read_until(&mut stream, "</html>").await;
        assert!(received.starts_with("HTTP/1.1 503"), "{received}");
    }
    assert!(world.sandbox.requests().is_empty());
    assert_eq!(world.get(ORGANIZATION).await.status, 200);
    assert_eq!(world.proxy.fault_counts()[&Fault::SickConnection], 3);
}

#[tokio::test]
async fn a_success_or_a_status_that_says_nothing_comes_after_the_deed() {
    for (fault, is_success) in [
        (Fault::UndecodableSuccess, true),
        (Fault::UnclearStatusAfterApplied, false),
    ] {
        let world = World::with(Faults::random(1, 1.0).only([fault])).await;
        let mut statuses = std::collections::BTreeSet::new();
        for number in 0..6 {
            let received = world.patch(&user_path(), &request_id(number)).await;
            let received = received.expect("an answer");
            assert_eq!((200..300).contains(&received.status), is_success, "{fault}");
            let json = serde_json::from_slice::<Value>(&received.body);
            assert!(json.is_err(), "{fault}");
            statuses.insert(received.status);
        }
        assert!(statuses.len() > 2, "{fault}: {statuses:?}");
        assert_eq!(world.sandbox.applied_writes().len(), 6, "{fault}");
        assert_eq!(world.proxy.fault_counts()[&fault], 6, "{fault}");
    }
}

#[tokio::test]
async fn a_client_of_the_common_kind_tells_a_reset_from_a_refused_connection() {
    let faults = [
        Fault::ResetBeforeRead,
        Fault::ResetAfterApplied,
        Fault::ResetMidBody,
    ];
    let world = World::with(Faults::script([None].into_iter().chain(faults.map(Some)))).await;
    let client: Client<_, Empty<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    let get = async |origin: &str| {
        let uri = format!("{origin}{ORGANIZATION}")
            .parse()
            .expect("an address");
        client.get(uri).await
    };
    let origin = world.proxy.url();
    let whole = get(&origin).await.expect("an answer").into_body();
    assert!(!whole.collect().await.expect("a body").to_bytes().is_empty());
    for _ in 0..2 {
        assert!(!get(&origin).await.expect_err("a reset").is_connect());
    }
    let torn = get(&origin).await.expect("the head").into_body();
    torn.collect().await.expect_err("a reset");
    assert_eq!(world.proxy.request_count(), 4);
    drop(world);
    assert!(get(&origin).await.expect_err("nobody there").is_connect());
}

#[tokio::test]
#[expect(
    clippy::disallowed_methods,
    reason = "a vendor's clock is not the client's"
)]
async fn answers_in_place_of_the_service_say_whether_it_was_asked() {
    for (fault, status, content_type, applied) in [
        (Fault::Html502, 502, "text/html; charset=utf-8", 0),
        (
            Fault::Html502AfterApplied,
            502,
            "text/html; charset=utf-8",
            1,
        ),
        (Fault::ThrottledForSeconds, 429, "application/json", 0),
        (Fault::ThrottledUntilDate, 429, "application/json", 0),
        (Fault::Unavailable, 503, "text/html; charset=utf-8", 0),
        (Fault::TokenEndpointError, 500, "application/json", 0),
        (Fault::TokenEndpointHtml, 200, "text/html; charset=utf-8", 0),
    ] {
        let world = World::with(Faults::script([Some(fault)]).retry_after(7)).await;
        let (received, journal) = world.patch_user().await;
        let received = received.expect("an answer");
        assert_eq!(received.status, status, "{fault}");
        assert_eq!(
            received.header("content-type"),
            Some(content_type),
            "{fault}"
        );
        assert_eq!(journal, applied, "{fault}");
        match (fault, received.header("retry-after")) {
            (Fault::ThrottledForSeconds | Fault::Unavailable, retry_after) => {
                assert_eq!(retry_after, Some("7"));
            }
            (Fault::ThrottledUntilDate, Some(date)) => {
                let date = httpdate::parse_http_date(date).expect("a date");
                let wait = date.duration_since(std::time::SystemTime::now());
                let wait = wait.expect("a date to come").as_secs_f32();
                assert!((4.0..=7.0).contains(&wait), "{wait}");
            }
            (_, retry_after) => assert_eq!(retry_after, None, "{fault}"),
        }
        assert_eq!(world.proxy.fault_counts()[&fault], 1);
    }
}

#[tokio::test]
async fn spoiled_json_has_the_right_length() {
    for fault in [Fault::TruncatedJson, Fault::CorruptedJson] {
        let world = World::one(fault).await;
        let (received, journal) = world.patch_user().await;
        let received = received.expect("an answer");
        assert_eq!((received.status, journal), (200, 1), "{fault}");
        let length = received.header("content-length").expect("a length");
        assert_eq!(length, received.body.len().to_string(), "{fault}");
        let json = received.body.strip_prefix(b"\xef\xbb\xbf").expect("a mark");
        assert!(serde_json::from_slice::<Value>(json).is_err(), "{fault}");
    }
}

#[tokio::test]
async fn an_answer_without_a_body_has_no_fault_in_it() {
    let world = World::with(Faults::random(1, 1.0).only([
        Fault::ResetMidBody,
        Fault::CloseMidBody,
        Fault::TruncatedJson,
        Fault::CorruptedJson,
        Fault::SlowBody,
    ]))
    .await;
    let target = format!("/client/v4/organizations/{CLOUDFLARE_ORGANIZATION_ID}/profile");
    let profile = world
        .sandbox
        .resource(&target)
        .map(|profile| profile.to_string());
    for _ in 0..16 {
        let headers = credentials(&target);
        let received = send(
            &world.proxy.url(),
            "PUT",
            &target,
            &headers,
            profile.as_deref(),
        )
        .await;
        assert_eq!(received.expect("an answer").status, 204);
    }
    assert_eq!(world.proxy.request_count(), 16);
    assert_eq!(world.proxy.fault_counts().values().sum::<u64>(), 0);
}

#[tokio::test]
async fn slow_answers_arrive_in_the_end() {
    let delay = Duration::from_millis(30);
    for fault in [Fault::SlowHeaders, Fault::SlowBody] {
        let world = World::with(Faults::script([Some(fault)]).delay(delay)).await;
        let start = Instant::now();
        let (received, _) = world.patch_user().await;
        assert!(start.elapsed() >= delay, "{fault}");
        assert_eq!(
            received.expect("an answer").json()["firstName"],
            request_id(1)
        );
    }
    let world = World::with(Faults::script([Some(Fault::SlowBody)]).delay(FOREVER)).await;
    let mut stream = world.connect().await;
    let request = get(ORGANIZATION);
    stream.write_all(request.as_bytes()).await.expect("sent");
    read_until(&mut stream, "companyName").await;
}

#[tokio::test]
async fn revoked_tokens_are_refused_on_the_spot() {
    let world = World::with(Faults::script([None, Some(Fault::TokensRevoked)])).await;
    let signed_in = world
        .sandbox
        .post_form(
            "/ims/token/v3",
            &[
                ("grant_type", "client_credentials"),
                ("client_id", CAMPAIGN_CLIENT_ID),
                ("client_secret", CAMPAIGN_CLIENT_SECRET),
                ("scope", "campaign_sdk"),
            ],
        )
        .await;
    let token = signed_in.json()["access_token"]
        .as_str()
        .expect("a token")
        .to_owned();
    let target = "/fabrikam/campaign/profileAndServicesExt/orgUnitBase/";
    let headers = [
        ("authorization", format!("Bearer {token}")),
        ("x-api-key", CAMPAIGN_CLIENT_ID.to_owned()),
    ];
    for status in [200, 401, 401] {
        let received = send(&world.proxy.url(), "GET", target, &headers, None).await;
        assert_eq!(received.expect("an answer").status, status);
    }
}

#[tokio::test]
async fn a_request_delivered_twice_has_one_answer() {
    let world = World::with(Faults::random(1, 1.0).only([Fault::DuplicateDelivery])).await;
    let (received, journal) = world.patch_user().await;
    assert_eq!((received.expect("an answer").status, journal), (200, 1));
    let profiles = "/fabrikam/campaign/profileAndServicesExt/profile";
    let campaign = format!("{profiles}/{CAMPAIGN_PROFILE_PKEY}");
    let received = world.patch(&campaign, &request_id(1)).await;
    let received = received.expect("an answer");
    let journal = world.sandbox.take_applied_writes().len();
    assert_eq!(
        (received.status, journal),
        (200, 2),
        "no id to tell them by"
    );
}

#[tokio::test]
async fn faults_can_be_queued_for_a_path() {
    let world = World::with(Faults::script([])).await;
    world
        .proxy
        .fault_next_to("/ims/token/v3", Fault::TokenEndpointHtml);
    world.proxy.fault_next(Fault::Html502);
    let mut statuses = Vec::new();
    for target in [ORGANIZATION, ORGANIZATION, "/ims/token/v3", "/ims/token/v3"] {
        let headers = credentials(target);
        let received = send(&world.proxy.url(), "GET", target, &headers, None).await;
        statuses.push(received.expect("an answer").status);
    }
    assert_eq!(statuses, [502, 200, 200, 405]);
}

#[tokio::test]
async fn a_connection_is_kept_and_chunks_are_put_together() {
    let world = World::with(Faults::script([])).await;
    let mut stream = world.connect().await;
    for _ in 0..2 {
        let request = get(ORGANIZATION);
        stream.write_all(request.as_bytes()).await.expect("sent");
        read_until(&mut stream, "OrganizationProfile\"}").await;
    }
    let head = get(&user_path()).replacen("GET", "PATCH", 1);
    let head = head.trim_end();
    let chunks = "8\r\n{\"badge\"\r\n3\r\n:7}\r\n0\r\n\r\n";
    let request = format!(
        "{head}\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n{chunks}"
    );
    stream.write_all(request.as_bytes()).await.expect("sent");
    read_until(&mut stream, "\"badge\":7").await;
    assert_eq!(world.sandbox.applied_writes()[0].body, json!({"badge": 7}));
}

#[tokio::test]
async fn links_lead_through_the_proxy() {
    let world = World::with(Faults::script([])).await;
    let target = "/fabrikam/campaign/profileAndServicesExt/orgUnitBase/?_lineCount=2";
    let headers = credentials(target);
    let page = send(&world.proxy.url(), "GET", target, &headers, None).await;
    let page = page.expect("an answer").json();
    let next = page["next"]["href"].as_str().expect("a link");
    let next = next.strip_prefix(&world.proxy.url()).expect("the proxy");
    let rest = send(&world.proxy.url(), "GET", next, &headers, None).await;
    assert_eq!(
        rest.expect("an answer").json()["content"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
}

/// Lets other tasks go on until something is so.
async fn eventually(is_so: impl Fn() -> bool) {
    let waiting = async {
        while !is_so() {
            tokio::task::yield_now().await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(20), waiting).await;
    waited.expect("it comes true");
}

#[tokio::test]
async fn nobody_is_kept_waiting_when_a_side_goes_away() {
    let faults = Faults::random(1, 1.0)
        .only([Fault::SlowHeaders])
        .delay(FOREVER);
    let World { sandbox, proxy } = World::with(faults).await;
    let mut streams = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(proxy.address)
            .await
            .expect("a connection");
        let request = get(ORGANIZATION);
        stream.write_all(request.as_bytes()).await.expect("sent");
        streams.push(stream);
    }
    eventually(|| sandbox.requests().len() == 2).await;
    let shared = Arc::downgrade(&proxy.proxy);
    let busy = shared.strong_count();
    drop(streams.pop());
    eventually(|| shared.strong_count() < busy).await;
    drop(proxy);
    let mut stream = streams.pop().expect("the other one");
    let mut rest = Vec::new();
    let ended = stream.read_to_end(&mut rest).await;
    assert!(ended.is_err() || rest.is_empty());
    eventually(|| shared.strong_count() == 0).await;

    let World { sandbox, proxy } = World::with(Faults::script([])).await;
    drop(sandbox);
    // What was already on its way may still be answered.
    while let Ok(received) = send(&proxy.url(), "GET", ORGANIZATION, &[], None).await {
        assert_eq!(received.status, 401);
    }
}

#[tokio::test]
async fn under_drawn_faults_the_books_balance() {
    let faults = Faults::random(20_261_121, 0.5).delay(Duration::from_millis(1));
    let world = Arc::new(World::with(faults).await);
    world.sandbox.record_requests(false);
    let mut callers = JoinSet::new();
    for caller in 0..64 {
        let world = world.clone();
        callers.spawn(async move {
            let mut lost = 0;
            for call in 0..8 {
                let id = request_id(8 * caller + call);
                lost += u64::from(world.patch(&user_path(), &id).await.is_err());
            }
            lost
        });
    }
    let lost: u64 = callers.join_all().await.into_iter().sum();
    let counts = world.proxy.fault_counts();
    let sum = |kinds: &[Fault]| kinds.iter().map(|kind| counts[kind]).sum::<u64>();
    assert_eq!(world.proxy.request_count(), 64 * 8);
    let unread = sum(&[
        Fault::ResetBeforeRead,
        Fault::Html502,
        Fault::ThrottledForSeconds,
        Fault::ThrottledUntilDate,
        Fault::Unavailable,
        Fault::SickConnection,
    ]);
    assert_eq!(world.sandbox.applied_writes().len() as u64, 64 * 8 - unread);
    let resets = [
        Fault::ResetBeforeRead,
        Fault::ResetAfterApplied,
        Fault::ResetMidBody,
    ];
    assert_eq!(lost, sum(&resets));
    for kind in Fault::ALL {
        let is_of_others = kind.is_of_token_endpoints() || kind.is_of_reads();
        assert_eq!(counts[kind] == 0, is_of_others, "{kind}");
    }
}
