//! Waits that vendors ask for, quotas that they claim, and calls that nobody goes on with.

use std::future::Future;
use std::num::NonZeroU32;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Waker};
use std::time::Duration;

use letterhead::{RateLimit, RetryPolicy, cloudflare as cf};
use tokio::sync::Semaphore;

use super::calls::Want::{AtMost, Effect, Is, Sent, Success};
use super::calls::{Call, Row, cloudflare, partner, run};
use super::table::Table;
use crate::support::server::{RawServer, Step, cut, json, typed};
use crate::support::{ManualClock, eventually};

const NONSENSE: &str = "a wait that makes no sense is none of decades";
const HEEDED: &str = "a vendor's wait is heeded, and no call comes before it is over";
const NEWEST: &str = "of what a vendor says of its quota the newest counts, within its window";
const PARKED: &str = "a call that nobody goes on with takes nothing from others";
const FREE: &str = "a permit is free again, whatever became of its call";
const FLOOR: &str = "a write isn't sent where there is no time left for its response";

const OK: &str = r#"{"email":"a","success":true,"result":{"id":"o","business_name":"F"}}"#;

#[tokio::test]
async fn a_wait_that_makes_no_sense_is_not_waited_for() {
    let mut table = Table::new("limits");
    let day = Duration::from_secs(86_400);
    for asked in [
        "1893456000",
        "4102444800",
        "1893456000000",
        "-5",
        "+5",
        "1e9",
        "soon",
        "",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "2.5",
        "0",
    ] {
        for status in [429, 503] {
            let row = async move {
                let headers = format!("retry-after: {asked}\r\n");
                let server =
                    RawServer::each(vec![typed(status, &headers, "{}"), json(200, OK)]).await;
                let clock = ManualClock::new();
                if let Err(error) = Call::PartnerRead.make(&server.url, &clock).await {
                    let wait = error.retry_after();
                    assert!(wait.is_none_or(|wait| wait <= day), "{error}");
                    assert_eq!(server.requests().len(), 1);
                }
                assert!(clock.passed() <= Duration::from_secs(120), "{:?}", clock.passed());
            };
            table.row(NONSENSE, format!("{status}, {asked:?}"), row).await;
        }
    }
    for (headers, least, sent) in [
        ("retry-after: 2\r\n", 2, 2),
        ("retry-after: 59\r\n", 59, 2),
        ("retry-after:   7  \r\n", 7, 2),
        (
            "date: Sat, 21 Nov 2026 10:00:00 GMT\r\nretry-after: Sat, 21 Nov 2026 10:00:09 GMT\r\n",
            9,
            2,
        ),
        ("retry-after: 61\r\n", 0, 1),
        ("retry-after: 300\r\n", 0, 1),
    ] {
        let row = async move {
            let server = RawServer::each(vec![typed(429, headers, "{}"), json(200, OK)]).await;
            let clock = ManualClock::new();
            let outcome = Call::PartnerRead.make(&server.url, &clock).await;
            assert_eq!((outcome.is_ok(), server.requests().len()), (sent == 2, sent));
            assert!(clock.passed() >= Duration::from_secs(least), "{:?}", clock.passed());
        };
        table.row(HEEDED, format!("{headers:?}"), row).await;
    }
    table.end();
}

#[tokio::test]
async fn throttling_is_recognized() {
    let page = typed(429, "content-type: text/html\r\n", "<html>slow down</html>");
    let promise = "throttling is throttling, whatever says so";
    let mut rows = vec![Row::new(
        promise,
        "HTML at the edge",
        Call::CloudRead,
        vec![page.clone()],
        &[Is("throttled"), Sent(1)],
    )];
    for call in [Call::PartnerRead, Call::PartnerPost, Call::CampaignPost] {
        let responses = vec![page.clone(), json(200, r#"{"id":"u","email":"a"}"#)];
        rows.push(Row::new(promise, "HTML, then well", call, responses, &[Success, Sent(2)]));
    }
    let responses = vec![typed(429, "retry-after: 1\r\n", ""), json(200, OK)];
    rows.push(Row::new(promise, "no body", Call::CloudPost, responses, &[Success, Sent(2)]));
    let wants = [Effect(false), AtMost(4), Is("throttled")];
    let busy = || vec![typed(429, "retry-after: 9999\r\n", "{}")];
    rows.push(Row::new(promise, "a long wait", Call::CloudPost, busy(), &wants));
    run("limits", rows).await;
}

fn limited(server: &RawServer, clock: &ManualClock) -> cf::Client {
    let builder = cloudflare(&server.url, clock).rate_limit(cf::QUOTA);
    builder.retry(RetryPolicy::never()).build().unwrap()
}

#[tokio::test]
async fn a_hostile_quota_shuts_nobody_out_for_long() {
    let mut table = Table::new("limits");
    for quota in [
        "\"default\";r=0;t=999999999",
        "\"default\";r=0;t=999999999999999",
        "\"default\";r=-1;t=999999999",
        "\"default\";r=0",
        "\"default\";r=0;t=-1",
        "\"default\";t=300",
        "r=0;t=300",
        "\"default\";r=0.0;t=1.5",
        "\"a\";r=0;t=1, \"b\";r=5;t=9",
        "garbage \u{1}",
        "",
    ] {
        let row = async move {
            let headers = format!("ratelimit: {quota}\r\n").replace('\u{1}', "\t");
            let server = RawServer::each(vec![typed(200, &headers, OK), json(200, OK)]).await;
            let clock = ManualClock::new();
            let client = limited(&server, &clock);
            Call::CloudRead.cloudflare(&client).await.unwrap();
            if let Err(error) = Call::CloudRead.cloudflare(&client).await {
                assert!(!error.may_have_been_sent(), "{error}");
                let wait = error.retry_after().unwrap();
                assert!(wait <= Duration::from_secs(300), "shut for {wait:?}: {error}");
                clock.advance(Duration::from_secs(301));
                Call::CloudRead.cloudflare(&client).await.unwrap();
            }
        };
        table.row(NEWEST, format!("{quota:?}"), row).await;
    }
    let row = async {
        let go = Arc::new(Semaphore::new(0));
        let gate = Arc::clone(&go);
        let server = RawServer::start(move |request| {
            let quota = |left: u32| typed(200, &format!("ratelimit: \"d\";r={left};t=300\r\n"), OK);
            match request.number {
                0 => [vec![Step::Await(Arc::clone(&gate))], quota(500)].concat(),
                1 => quota(0),
                _ => json(200, OK),
            }
        })
        .await;
        let client = limited(&server, &ManualClock::new());
        let slow = client.clone();
        let slow = tokio::spawn(async move { Call::CloudRead.cloudflare(&slow).await });
        let first = server.clone();
        eventually("the first request", || first.requests().len() == 1).await;
        Call::CloudRead.cloudflare(&client).await.unwrap();
        go.add_permits(1);
        slow.await.unwrap().unwrap();
        Call::CloudRead.cloudflare(&client).await.unwrap();
    };
    table.row(NEWEST, "something left after nothing left", row).await;
    table.end();
}

type Parked = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Polls once more, and never again unless called.
fn poll(future: &mut Parked) -> bool {
    future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready()
}

#[tokio::test]
async fn a_parked_call_takes_nothing() {
    let mut table = Table::new("limits");
    for (name, is_stream) in [("a call", false), ("a stream", true)] {
        let row = async move {
            let page = r#"{"items":[{"id":"a"}],"email":"a","continuationToken":"t"}"#;
            let server = RawServer::each(vec![json(200, page)]).await;
            let builder = partner(&server.url, &ManualClock::new()).concurrency_limit(1);
            let client = builder.build().unwrap();
            let parked = client.clone();
            let mut parked: Parked = if is_stream {
                Box::pin(async move { drop(parked.list_customers().items().next().await) })
            } else {
                Box::pin(async move { drop(Call::PartnerRead.partner(&parked).await) })
            };
            // Until its request is under way, and not once more.
            while server.requests().is_empty() {
                assert!(!poll(&mut parked));
                tokio::task::yield_now().await;
            }
            let other = Call::PartnerRead.partner(&client);
            let other = tokio::time::timeout(Duration::from_secs(3), other).await;
            assert!(other.is_ok(), "another call waits for the parked one");
            drop(parked);
        };
        table.row(PARKED, format!("{name} under way"), row).await;
    }
    let row = async {
        let server = RawServer::each(vec![json(200, OK)]).await;
        let clock = ManualClock::new();
        let each = RateLimit::new(NonZeroU32::MIN, Duration::from_secs(1)).burst(NonZeroU32::MIN);
        let builder = partner(&server.url, &clock).rate_limit(each);
        let client = builder.build().unwrap();
        Call::PartnerRead.partner(&client).await.unwrap();
        clock.hold();
        let waiting = client.clone();
        let mut parked: Parked = Box::pin(async move {
            drop(Call::PartnerRead.partner(&waiting).await);
        });
        assert!(!poll(&mut parked), "it waits for its turn");
        let other = tokio::spawn(async move { Call::PartnerRead.partner(&client).await });
        let until = async {
            while !other.is_finished() {
                clock.advance(Duration::from_secs(1));
                tokio::task::yield_now().await;
            }
        };
        let over = tokio::time::timeout(Duration::from_secs(3), until).await;
        assert!(over.is_ok(), "another call waits for the turn of the parked one");
        drop(parked);
    };
    table.row(PARKED, "a call that waits for its turn", row).await;
    table.end();
}

/// Lets time pass until a call is over.
async fn wound(clock: &ManualClock, call: impl Future<Output = bool> + Send + 'static) -> bool {
    let call = tokio::spawn(call);
    while !call.is_finished() {
        clock.advance(Duration::from_secs(1));
        tokio::task::yield_now().await;
    }
    call.await.unwrap()
}

#[tokio::test]
async fn a_permit_and_the_budget_come_back() {
    let mut table = Table::new("limits");
    let row = async {
        let is_well = Arc::new(AtomicBool::new(false));
        let well = Arc::clone(&is_well);
        let server = RawServer::start(move |request| {
            let is_well = well.load(Ordering::SeqCst) && request.number % 2 == 0;
            if is_well { json(200, OK) } else { json(503, "{}") }
        })
        .await;
        let clock = ManualClock::new();
        clock.hold();
        let client = partner(&server.url, &clock).build().unwrap();
        for _ in 0..150 {
            let client = client.clone();
            let mut dropped: Parked =
                Box::pin(async move { drop(Call::PartnerRead.partner(&client).await) });
            let waits = clock.waits();
            // Until it waits for its second attempt.
            while clock.waits() == waits && !poll(&mut dropped) {
                tokio::task::yield_now().await;
            }
        }
        is_well.store(true, Ordering::SeqCst);
        let before = server.requests().len();
        for _ in 0..2 {
            let client = client.clone();
            let call = async move { Call::PartnerRead.partner(&client).await.is_ok() };
            assert!(wound(&clock, call).await, "no retry is left for it");
        }
        assert!(server.requests().len() - before >= 3);
    };
    let promise = "calls that were dropped while they waited don't use up retries";
    table.row(promise, "150 calls dropped in backoff", row).await;
    for (name, response) in [
        ("503", json(503, "{}")),
        ("a cut body", cut("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{")),
        ("a reset", vec![Step::Reset]),
        ("nonsense", cut("nonsense")),
        ("what can't be decoded", json(200, "[]")),
        ("no response in time", vec![Step::Stall]),
    ] {
        let row = async move {
            let server = RawServer::start(move |request| match request.number {
                0..3 => response.clone(),
                _ => json(200, OK),
            })
            .await;
            let builder = cloudflare(&server.url, &ManualClock::new())
                .concurrency_limit(1)
                .retry(RetryPolicy::never());
            let client = builder.attempt_timeout(Duration::from_millis(500)).build().unwrap();
            for _ in 0..3 {
                drop(Call::CloudRead.cloudflare(&client).await);
            }
            Call::CloudRead.cloudflare(&client).await.unwrap();
        };
        table.row(FREE, name, row).await;
    }
    for (call, millis) in [(Call::CloudPost, 1), (Call::CloudPut, 5), (Call::CloudPost, 0)] {
        let row = async move {
            let server = RawServer::each(vec![vec![Step::Stall]]).await;
            let limit = Duration::from_millis(millis);
            let builder = cloudflare(&server.url, &ManualClock::new()).timeout(limit);
            let client = builder.build().unwrap();
            let error = call.cloudflare(&client).await.unwrap_err();
            assert!(error.is_timeout() && !error.may_have_been_sent(), "{error}");
            assert_eq!(server.requests().len(), 0);
        };
        table.row(FLOOR, format!("{call:?} with {millis} ms"), row).await;
    }
    table.end();
}
