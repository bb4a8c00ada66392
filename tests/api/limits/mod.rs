//! How limits delay calls: in order, for as long as it takes, and never for longer than allowed.

mod given_up;
mod quota;
mod shared;

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use crate::support::{Faulty, eventually, head, nobody, serve, without_backoff};
use letterhead::partner_center::Client;
use letterhead::{CorrelationId, Error, ErrorKind, RateLimit, RetryPolicy, cloudflare};
use letterhead_sandbox::{Response, seed};
use tokio::io::AsyncWriteExt as _;
use tokio::task::JoinSet;

pub(crate) const fn number(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap()
}

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Two in a second, one at a time.
const EVENLY: RateLimit = RateLimit::new(number(2), secs(1)).burst(number(1));
/// What no test comes near to.
const PLENTY: RateLimit = RateLimit::new(number(1000), secs(1));

fn limited(faulty: &Faulty, limit: RateLimit) -> Client {
    let client = faulty.partner().retry(without_backoff());
    client.rate_limit(limit).build().unwrap()
}

async fn read(client: &Client) -> Result<(), Error> {
    client.get_support_profile().send().await.map(drop)
}

#[tokio::test]
async fn a_rate_is_kept_to_the_instant() {
    let faulty = Faulty::start().await;
    let client = limited(&faulty, EVENLY);
    for _ in 0..5 {
        read(&client).await.unwrap();
    }
    assert_eq!(faulty.clock.take_waits(), [secs(1) / 2; 4]);
    // A retry takes its turn like any other attempt.
    faulty.sandbox.respond_next(Response::new(503));
    read(&client).await.unwrap();
    assert_eq!(faulty.clock.take_waits(), [secs(1) / 2; 2]);

    let client = limited(&faulty, RateLimit::new(number(3), secs(3)));
    for _ in 0..5 {
        read(&client).await.unwrap();
    }
    assert_eq!(faulty.clock.take_waits(), [secs(1); 2], "after three at once");
}

#[tokio::test]
async fn whoever_comes_first_is_served_first() {
    let faulty = Faulty::start().await;
    faulty.clock.hold();
    let client = limited(&faulty, EVENLY);
    let ids: Vec<_> = (0..6).map(|_| CorrelationId::new()).collect();
    let mut callers = JoinSet::new();
    for id in &ids {
        let (client, id) = (client.clone(), *id);
        callers.spawn(async move { id.scope(read(&client)).await });
    }
    for turn in 1..ids.len() {
        eventually("one is through and the next one waits", || {
            faulty.sandbox.requests().len() == turn && faulty.clock.waits() == turn
        })
        .await;
        faulty.clock.advance(secs(1) / 2);
    }
    while let Some(outcome) = callers.join_next().await {
        outcome.unwrap().unwrap();
    }
    let sent: Vec<_> = faulty
        .sandbox
        .take_requests()
        .iter()
        .map(|sent| sent.header("ms-correlationid").unwrap().to_owned())
        .collect();
    assert_eq!(sent, ids.iter().map(ToString::to_string).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_caller_who_gives_up_leaves_the_queue() {
    let faulty = Faulty::start().await;
    faulty.clock.hold();
    let client = limited(&faulty, EVENLY);
    read(&client).await.unwrap();
    let waiting = tokio::spawn({
        let client = client.clone();
        async move { read(&client).await }
    });
    eventually("it waits", || faulty.clock.waits() == 1).await;
    waiting.abort();
    assert!(waiting.await.unwrap_err().is_cancelled());
    faulty.clock.advance(secs(1));
    read(&client).await.unwrap();
}

#[tokio::test]
async fn a_quota_that_is_spent_is_not_drawn_on() {
    let faulty = Faulty::start().await;
    let client = limited(&faulty, PLENTY);
    let heedless = faulty.partner().build().unwrap();
    for (header, wait) in [
        ("\"default\";r=0;t=30", Some(secs(30))),
        ("\"default\";r=1;t=30", None),
        ("\"a\";r=0;t=5, \"b\";r=0;t=20", Some(secs(20))),
        ("\"default\";r=0;t=", None),
    ] {
        for status in [200, 400] {
            let reply = Response::new(status).body("{}").header("ratelimit", header);
            faulty.sandbox.respond_next(reply.clone());
            let _ = read(&client).await;
            read(&client).await.unwrap();
            let waits = faulty.clock.take_waits();
            assert_eq!(waits, Vec::from_iter(wait), "{header}");
            faulty.sandbox.respond_next(reply);
            let _ = read(&heedless).await;
            read(&heedless).await.unwrap();
            assert!(faulty.clock.take_waits().is_empty(), "{header}");
        }
    }
    let endless = Response::new(200).body("{}").header("ratelimit", "\"d\";r=0;t=999999999999999");
    faulty.sandbox.respond_next(endless);
    read(&client).await.unwrap();
    let error = read(&client).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(secs(600)), "no header shuts a client out for longer");
}

#[tokio::test]
async fn a_throttled_response_delays_other_calls() {
    let faulty = Faulty::start().await;
    let client = limited(&faulty, PLENTY);
    let throttled = Response::new(429).header("retry-after", "120");
    faulty.sandbox.respond_next(throttled);
    assert!(read(&client).await.unwrap_err().is_throttled());
    let _ = faulty.sandbox.take_requests();
    faulty.clock.advance(secs(20));
    let error = read(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Throttled);
    assert!(error.is_throttled() && !error.may_have_been_sent());
    assert_eq!(error.retry_after(), Some(secs(100)));
    let expected = "Partner Center has throttled this client; try again in 100 s";
    assert!(error.to_string().contains(expected), "{error}");
    assert!(faulty.sandbox.requests().is_empty() && faulty.clock.take_waits().is_empty());

    let patient = without_backoff().longest_wait(secs(100));
    client.get_support_profile().retry(patient).send().await.unwrap();
    assert_eq!(faulty.clock.take_waits(), [secs(100)]);
}

#[tokio::test]
async fn nobody_waits_behind_someone_with_more_patience() {
    let faulty = Faulty::start().await;
    faulty.clock.hold();
    let client = limited(&faulty, PLENTY);
    let throttled = Response::new(429).header("retry-after", "120");
    faulty.sandbox.respond_next(throttled);
    read(&client).await.unwrap_err();
    let patient = tokio::spawn({
        let client = client.clone();
        let policy = without_backoff().longest_wait(secs(120));
        async move { client.get_support_profile().retry(policy).send().await.map(drop) }
    });
    eventually("the patient one waits", || faulty.clock.waits() == 1).await;
    assert_eq!(read(&client).await.unwrap_err().kind(), ErrorKind::Throttled);
    faulty.clock.advance(secs(120));
    patient.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_turn_that_comes_too_late_is_not_waited_for() {
    let faulty = Faulty::start().await;
    faulty.clock.hold();
    let client = limited(&faulty, RateLimit::new(number(1), secs(600)));
    read(&client).await.unwrap();
    let call = tokio::spawn({
        let client = client.clone();
        async move { client.get_support_profile().timeout(secs(10)).send().await }
    });
    eventually("it waits", || faulty.clock.waits() == 2).await;
    faulty.clock.advance(secs(10));
    let error = call.await.unwrap().unwrap_err();
    assert!(error.is_timeout() && !error.may_have_been_sent());
    let expected = "the time limit ran out while waiting for a turn, so nothing was sent";
    assert!(error.to_string().contains(expected), "{error}");
}

/// The URL of a server, and how many requests were at most under way there.
async fn most_under_way() -> (String, impl Fn() -> usize) {
    let [now, most] = [(); 2].map(|()| Arc::new(AtomicUsize::new(0)));
    let counters = (Arc::clone(&now), Arc::clone(&most));
    let url = serve(move |mut stream| {
        let (now, most) = counters.clone();
        async move {
            head(&mut stream).await?;
            most.fetch_max(now.fetch_add(1, SeqCst) + 1, SeqCst);
            for _ in 0..200 {
                tokio::task::yield_now().await;
            }
            now.fetch_sub(1, SeqCst);
            let response = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
            stream.write_all(response.as_bytes()).await
        }
    })
    .await;
    (url, move || most.load(SeqCst))
}

#[tokio::test]
async fn no_more_are_under_way_than_allowed() {
    let (url, most) = most_under_way().await;
    let faulty = Faulty::start().await;
    let client = faulty.partner().base_url(url).concurrency_limit(3);
    let client = client.build().unwrap();
    let mut callers = JoinSet::new();
    for _ in 0..24 {
        let client = client.clone();
        callers.spawn(async move { read(&client).await });
    }
    while let Some(outcome) = callers.join_next().await {
        outcome.unwrap().unwrap();
    }
    assert_eq!(most(), 3);
}

#[tokio::test]
async fn a_place_is_free_again_after_a_failure_and_after_a_caller_who_gave_up() {
    let began = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&began);
    let url = serve(move |mut stream| {
        let counter = Arc::clone(&counter);
        async move {
            head(&mut stream).await?;
            match counter.fetch_add(1, SeqCst) {
                0 => std::future::pending().await,
                1 => Ok(()),
                _ => {
                    let response = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
                    stream.write_all(response.as_bytes()).await
                }
            }
        }
    })
    .await;
    let faulty = Faulty::start().await;
    let client = faulty.partner().base_url(url).concurrency_limit(0);
    let client = client.retry(RetryPolicy::never()).build().unwrap();
    let first = tokio::spawn({
        let client = client.clone();
        async move { read(&client).await }
    });
    eventually("the only place is taken", || began.load(SeqCst) == 1).await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    assert_eq!(read(&client).await.unwrap_err().kind(), ErrorKind::Transport);
    read(&client).await.unwrap();
}

#[tokio::test]
async fn cloudflares_quota_is_never_exceeded() {
    let faulty = Faulty::start().await;
    let client = faulty.cloudflare().base_url(nobody() + "/client/v4");
    let client = client.retry(RetryPolicy::never()).rate_limit(cloudflare::QUOTA);
    let client = client.build().unwrap();
    let mut window = VecDeque::new();
    for n in 0..4000_u64 {
        // As fast as it goes, with pauses in which the burst comes back in part or in whole.
        if n % 700 == 699 {
            faulty.clock.advance(secs(n % 97));
        }
        let call = client.get_organization_profile();
        let call = call.organization_id(seed::CLOUDFLARE_ORGANIZATION_ID);
        assert!(call.send().await.unwrap_err().is_connect());
        let now = faulty.clock.passed();
        window.push_back(now);
        while window.front().is_some_and(|start| now > *start + secs(300)) {
            window.pop_front();
        }
        assert!(window.len() <= 1200, "{} in five minutes", window.len());
    }
    let passed = faulty.clock.passed();
    assert!(passed < secs(1300), "the quota is used: {passed:?}");
}

#[tokio::test]
async fn absurd_limits_are_limits() {
    let faulty = Faulty::start().await;
    for limit in [
        RateLimit::new(NonZeroU32::MIN, Duration::MAX).burst(NonZeroU32::MAX),
        RateLimit::new(NonZeroU32::MIN, Duration::MAX),
        RateLimit::new(NonZeroU32::MAX, Duration::ZERO),
        RateLimit::new(NonZeroU32::MIN, secs(86_400)).burst(NonZeroU32::MAX),
    ] {
        read(&limited(&faulty, limit)).await.unwrap();
    }
}
