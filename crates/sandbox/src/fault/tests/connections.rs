//! Connections that are reset, closed, kept or given up.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::*;
use crate::testing::send;

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
        assert_eq!(received.expect("a response").status, 200);
        assert_eq!(world.proxy.request_count(), 2);
        assert_eq!(world.proxy.fault_counts().values().sum::<u64>(), 1);
    }
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
async fn hyper_distinguishes_a_reset_from_a_refused_connection() {
    let faults = [Fault::ResetBeforeRead, Fault::ResetAfterApplied, Fault::ResetMidBody];
    let world = World::with(Faults::script([None].into_iter().chain(faults.map(Some)))).await;
    let client: Client<_, Empty<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    let get = async |origin: &str| {
        let uri = format!("{origin}{ORGANIZATION}").parse().expect("an address");
        client.get(uri).await
    };
    let origin = world.proxy.url();
    let whole = get(&origin).await.expect("a response").into_body();
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
    let faults = Faults::random(1, 1.0).only([Fault::SlowHeaders]).delay(FOREVER);
    let World { sandbox, proxy } = World::with(faults).await;
    let mut streams = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(proxy.address).await.expect("a connection");
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
    // What was already on its way may still get a response.
    while let Ok(received) = send(&proxy.url(), "GET", ORGANIZATION, &[], None).await {
        assert_eq!(received.status, 401);
    }
}
