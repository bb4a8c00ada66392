//! Limits that several clients keep together, and limiters of the program's own.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use letterhead::partner_center::Client;
use letterhead::{
    BoxFuture, ConcurrencyLimit, ErrorKind, Limiter, LimiterError, Patience, QuotaStatus,
    RateLimiter, RetryPolicy,
};
use letterhead_sandbox::Response;
use tokio::sync::Notify;

use super::{EVENLY, PLENTY, most_under_way, read, secs};
use crate::support::{Faulty, eventually, without_backoff};

fn sharing<const N: usize>(faulty: &Faulty, limiter: &(impl Limiter + Clone)) -> [Client; N] {
    std::array::from_fn(|_| {
        let client = faulty.partner().retry(without_backoff());
        client.limiter(limiter.clone()).build().unwrap()
    })
}

#[tokio::test]
async fn clients_keep_a_rate_together() {
    let faulty = Faulty::start().await;
    let limiter = RateLimiter::with_clock(EVENLY, faulty.clock.clone());
    let [one, other] = sharing(&faulty, &limiter);
    for _ in 0..3 {
        read(&one).await.unwrap();
        read(&other).await.unwrap();
    }
    assert_eq!(faulty.clock.take_waits(), [secs(1) / 2; 5]);

    // A client that isn't among them has a rate of its own.
    let apart = faulty.partner().rate_limit(EVENLY).build().unwrap();
    read(&apart).await.unwrap();
    assert!(faulty.clock.take_waits().is_empty());
}

#[tokio::test]
async fn a_client_that_is_throttled_stops_the_others() {
    let faulty = Faulty::start().await;
    let limiter = RateLimiter::with_clock(PLENTY, faulty.clock.clone());
    let [one, other] = sharing(&faulty, &limiter);
    faulty.sandbox.respond_next(Response::new(429).header("retry-after", "120"));
    read(&one).await.unwrap_err();
    let _ = faulty.sandbox.take_requests();
    let error = read(&other).await.unwrap_err();
    assert!(error.is_throttled() && !error.may_have_been_sent());
    assert_eq!(error.retry_after(), Some(secs(120)));
    assert!(faulty.sandbox.requests().is_empty());

    // So does a quota that is spent.
    faulty.clock.advance(secs(120));
    let spent = Response::new(200).body("{}").header("ratelimit", "\"default\";r=0;t=30");
    faulty.sandbox.respond_next(spent);
    read(&other).await.unwrap();
    read(&one).await.unwrap();
    assert_eq!(faulty.clock.take_waits(), [secs(30)]);
}

#[tokio::test]
async fn clients_have_places_together() {
    let (url, most) = most_under_way().await;
    let limit = ConcurrencyLimit::new(3);
    let faulty = Faulty::start().await;
    let clients: Vec<_> = (0..8)
        .map(|_| {
            let client = faulty.partner().base_url(&url).concurrency_limit(limit.clone());
            client.retry(RetryPolicy::never()).build().unwrap()
        })
        .collect();
    let calls = clients.iter().cycle().take(40).map(read);
    futures_util::future::try_join_all(calls).await.unwrap();
    assert_eq!(most(), 3);
}

/// Keeps what it gets, and gives what it has.
#[derive(Clone, Debug, Default)]
struct Scripted(Arc<Mutex<Script>>);

#[derive(Debug, Default)]
struct Script {
    next: VecDeque<Option<LimiterError>>,
    asked: Vec<Patience>,
    seen: Vec<QuotaStatus>,
}

impl Limiter for Scripted {
    fn acquire(&self, patience: Patience) -> BoxFuture<'_, Result<(), LimiterError>> {
        Box::pin(async move {
            let mut script = self.0.lock().unwrap();
            script.asked.push(patience);
            script.next.pop_front().flatten().map_or(Ok(()), Err)
        })
    }

    fn observe(&self, status: QuotaStatus) {
        self.0.lock().unwrap().seen.push(status);
    }
}

#[tokio::test]
async fn a_limiter_of_the_programs_own_gets_times_and_no_headers() {
    let faulty = Faulty::start().await;
    let limiter = Scripted::default();
    let client = faulty.cloudflare().limiter(limiter.clone()).retry(without_backoff());
    let client = client.timeout(secs(1000)).build().unwrap();
    let read = async || {
        let call = client.get_organization_profile();
        let call = call.organization_id(letterhead_sandbox::seed::CLOUDFLARE_ORGANIZATION_ID);
        call.send().await
    };
    let seen = || {
        let seen = std::mem::take(&mut limiter.0.lock().unwrap().seen);
        seen.iter().map(|status| (status.throttled, status.spent)).collect::<Vec<_>>()
    };
    faulty.sandbox.respond_next(Response::new(404));
    read().await.unwrap_err();
    assert_eq!(seen(), [], "a response that says nothing");
    for (header, spent) in [("\"default\";r=3;t=9", 0), ("\"default\";r=0;t=999999", 300)] {
        faulty.sandbox.respond_next(Response::new(404).header("ratelimit", header));
        read().await.unwrap_err();
        assert_eq!(seen(), [(None, Some(secs(spent)))]);
    }
    faulty.sandbox.respond_next(Response::new(429).header("retry-after", "20"));
    read().await.unwrap();
    assert_eq!(seen(), [(Some(secs(20)), None), (None, Some(secs(0)))]);
    let asked = limiter.0.lock().unwrap().asked.clone();
    assert_eq!(asked.len(), 5, "each attempt asks: {asked:?}");
    let [first, .., retry] = &asked[..] else { unreachable!() };
    assert_eq!(first.time_left, secs(1000));
    assert_eq!(retry.time_left, secs(980));
    assert_eq!(first.longest_wait, retry.longest_wait);
}

#[tokio::test]
async fn nothing_is_sent_without_a_turn() {
    let faulty = Faulty::start().await;
    let limiter = Scripted::default();
    let [client] = sharing(&faulty, &limiter);
    for (failure, kind, shown) in [
        (LimiterError::failed("the server is away"), ErrorKind::Limiter, "limiter of this client"),
        (LimiterError::Throttled(secs(7)), ErrorKind::Throttled, "has throttled this client"),
        (LimiterError::TooLate(secs(7)), ErrorKind::Timeout, "turn comes in 7000 ms"),
    ] {
        limiter.0.lock().unwrap().next.push_back(Some(failure));
        let error = read(&client).await.unwrap_err();
        assert_eq!(error.kind(), kind);
        assert!(error.to_string().contains(shown), "{error}");
        assert!(!error.may_have_been_sent() && error.request_id().is_some());
        let wait = (kind != ErrorKind::Limiter).then_some(secs(7));
        assert_eq!(error.retry_after(), wait);
        let source = std::error::Error::source(&error).map(ToString::to_string);
        assert_eq!(source.is_some(), kind == ErrorKind::Limiter);
    }
    assert!(faulty.sandbox.requests().is_empty());
    assert_eq!(limiter.0.lock().unwrap().asked.len(), 3, "none of them is retried");
    read(&client).await.unwrap();

    // An attempt that was sent stays known.
    faulty.sandbox.respond_next(Response::new(503));
    limiter.0.lock().unwrap().next = [None, Some(LimiterError::failed("away"))].into();
    let error = read(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Limiter, 1));
    assert!(error.may_have_been_sent());
}

/// Keeps for how long each call might wait, and lets one go on each time that it is notified.
#[derive(Clone, Debug, Default)]
struct Opened {
    asked: Arc<Mutex<Vec<Duration>>>,
    opened: Arc<Notify>,
}

impl Limiter for Opened {
    fn acquire(&self, patience: Patience) -> BoxFuture<'_, Result<(), LimiterError>> {
        self.asked.lock().unwrap().push(patience.time_left);
        Box::pin(async {
            self.opened.notified().await;
            Ok(())
        })
    }

    fn observe(&self, _: QuotaStatus) {}
}

#[tokio::test]
async fn the_wait_for_a_place_leaves_less_for_a_turn() {
    let faulty = Faulty::start().await;
    faulty.clock.hold();
    let limiter = Opened::default();
    let client = faulty.partner().concurrency_limit(1).limiter(limiter.clone());
    let client = client.timeout(secs(20)).build().unwrap();
    let calls = [(); 2].map(|()| {
        let client = client.clone();
        tokio::spawn(async move { read(&client).await })
    });
    let asked = || limiter.asked.lock().unwrap().len();
    eventually("one asks for a turn", || asked() == 1).await;
    // The other one has come to wait for its place, as far as it gets.
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    faulty.clock.advance(secs(15));
    limiter.opened.notify_one();
    eventually("the other one asks as well", || asked() == 2).await;
    limiter.opened.notify_one();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(*limiter.asked.lock().unwrap(), [secs(20), secs(5)]);
}
