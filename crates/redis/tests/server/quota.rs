//! A quota that replicas keep together.

use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use letterhead::{Limiter as _, LimiterError, Patience, QuotaStatus, RateLimit};
use letterhead_redis::{SharedQuota, WhenAway};

use crate::support::Server;

const MINUTE: Duration = Duration::from_secs(60);
const PATIENT: Patience = Patience::new(MINUTE, MINUTE);

fn limit(requests: u32, per: Duration, burst: u32) -> RateLimit {
    let number = |number| NonZeroU32::new(number).unwrap();
    RateLimit::new(number(requests), per).burst(number(burst))
}

/// The turns that come when all replicas want many at once, from the first one on.
async fn turns(replicas: &[SharedQuota], each: usize) -> Vec<Duration> {
    let waiting: Vec<_> = (0..each)
        .flat_map(|_| replicas.iter().cloned())
        .map(|quota| {
            tokio::spawn(async move {
                quota.acquire(PATIENT).await.unwrap();
                Instant::now()
            })
        })
        .collect();
    let mut turns = Vec::new();
    for turn in waiting {
        turns.push(turn.await.unwrap());
    }
    turns.sort();
    turns.iter().map(|turn| *turn - turns[0]).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_have_one_budget() {
    let server = Server::start();
    let quota = || {
        let redis = server.redis(WhenAway::FailClosed);
        redis.quota("app", limit(100, Duration::from_secs(1), 1))
    };
    let turns = turns(&[quota(), quota(), quota(), quota()], 25).await;
    let took = turns[99];
    assert!(took >= Duration::from_millis(970), "{took:?}");
    assert!(took < Duration::from_secs(3), "{took:?}");
    // Of any hundred milliseconds: ten even turns, and what the machine's own delays add.
    for (index, turn) in turns.iter().enumerate() {
        let within =
            turns[index..].iter().filter(|other| **other - *turn < Duration::from_millis(100));
        assert!(within.count() <= 15, "{turns:?}");
    }
}

#[tokio::test]
async fn a_turn_that_comes_too_late_is_not_taken() {
    let server = Server::start();
    let quota = server.redis(WhenAway::FailClosed).quota("app", limit(1, MINUTE, 1));
    quota.acquire(PATIENT).await.unwrap();
    for _ in 0..3 {
        let hasty = Patience::new(MINUTE, Duration::from_secs(9));
        let Err(LimiterError::TooLate(wait)) = quota.acquire(hasty).await else { panic!() };
        assert!(wait > Duration::from_secs(50) && wait <= MINUTE, "{wait:?}");
    }
}

#[tokio::test]
async fn what_one_replica_was_refused_all_heed() {
    let server = Server::start();
    let quota = || {
        let redis = server.redis(WhenAway::FailClosed);
        redis.quota("app", limit(1000, Duration::from_secs(1), 10))
    };
    let (one, other) = (quota(), quota());
    one.acquire(PATIENT).await.unwrap();
    let mut status = QuotaStatus::default();
    status.throttled = Some(Duration::from_secs(30));
    one.observe(status);
    let hasty = Patience::new(Duration::from_secs(1), MINUTE);
    let Err(LimiterError::Throttled(wait)) = one.acquire(hasty).await else { panic!() };
    assert!(wait > Duration::from_secs(20), "{wait:?}");
    // It has told the server by then: with this draw or the one that closed the quota.
    let Err(LimiterError::Throttled(wait)) = other.acquire(hasty).await else { panic!() };
    assert!(wait > Duration::from_secs(20), "{wait:?}");
}
