//! A quota that replicas keep together.

use std::time::{Duration, Instant};

use letterhead::{Limiter as _, LimiterError, Patience, QuotaStatus, RateLimit};
use letterhead_redis::client::cmd;
use letterhead_redis::{Key, Redis, SharedQuota, WhenAway};
use tokio::task::JoinSet;

use crate::support::{PATIENCE, Server, number, throttled};

const MINUTE: Duration = Duration::from_secs(60);
const PATIENT: Patience = Patience::new(MINUTE, MINUTE);

fn limit(requests: u32, per: Duration, burst: u32) -> RateLimit {
    RateLimit::new(number(requests), per).burst(number(burst))
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_have_one_budget() {
    let server = Server::start();
    let each = Duration::from_millis(10);
    let started = Instant::now();
    let waiting: Vec<_> = (0..4)
        .map(|_| server.redis(WhenAway::FailClosed).quota("app", limit(1, each, 1)))
        .flat_map(|quota| vec![quota; 25])
        .map(|quota| {
            tokio::spawn(async move {
                quota.acquire(PATIENT).await.unwrap();
                Instant::now()
            })
        })
        .collect();
    let mut turns = Vec::new();
    for turn in waiting {
        turns.push(turn.await.unwrap() - started);
    }
    turns.sort();
    // A turn may be used late, on a busy machine, and never early.
    for (turn, count) in turns.iter().zip(0..) {
        assert!(*turn >= each * count, "{count}: {turn:?}");
    }
    assert!(turns[99] < Duration::from_secs(3), "{:?}", turns[99]);
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
    one.observe(throttled(Duration::from_secs(30)));
    let hasty = Patience::new(Duration::from_secs(1), MINUTE);
    let Err(LimiterError::Throttled(wait)) = one.acquire(hasty).await else { panic!() };
    assert!(wait > Duration::from_secs(20), "{wait:?}");
    // The server knows by then: from this draw, or from what closed the quota.
    let Err(LimiterError::Throttled(wait)) = other.acquire(hasty).await else { panic!() };
    assert!(wait > Duration::from_secs(20), "{wait:?}");
}

#[tokio::test]
async fn what_the_newest_response_says_is_left_all_heed() {
    let server = Server::start();
    let of = || {
        let redis = server.redis(WhenAway::FailClosed);
        redis.quota("app", limit(1000, Duration::from_secs(1), 10))
    };
    let (one, other) = (of(), of());
    let spent = |wait| {
        let mut status = QuotaStatus::default();
        status.spent = Some(wait);
        status
    };
    let until = async |quota: &SharedQuota, is_open: bool| {
        let hasty = Patience::new(Duration::from_secs(1), MINUTE);
        let changed = async { while quota.acquire(hasty).await.is_ok() != is_open {} };
        tokio::time::timeout(PATIENCE, changed).await.expect("the quota changes");
    };
    for quota in [&one, &other] {
        quota.acquire(PATIENT).await.unwrap();
    }
    one.observe(spent(MINUTE));
    until(&other, false).await;
    until(&one, false).await;
    // Less is said by whoever has the newer response, and that there is something left again.
    other.observe(spent(MINUTE / 2));
    until(&one, false).await;
    one.observe(spent(Duration::ZERO));
    until(&other, true).await;
    until(&one, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_with_one_call_at_a_time_gets_its_turns_beside_a_busy_one() {
    let server = Server::start();
    let of = || {
        let redis = server.redis(WhenAway::FailClosed);
        redis.quota("app", limit(1, Duration::from_millis(10), 4))
    };
    let (busy, slow) = (of(), of());
    let mut tasks = JoinSet::new();
    for _ in 0..32 {
        let busy = busy.clone();
        tasks.spawn(async move { while busy.acquire(PATIENT).await.is_ok() {} });
    }
    for _ in 0..10 {
        let started = Instant::now();
        slow.acquire(PATIENT).await.unwrap();
        // Those who asked before it, and one each of them drew ahead; on a machine that does other things.
        let waited = started.elapsed();
        assert!(waited < Duration::from_millis(10) * 32 * 5, "{waited:?}");
    }
    tasks.shutdown().await;
}

#[tokio::test]
async fn a_turn_that_is_given_up_anywhere_keeps_nobody_waiting() {
    let server = Server::start();
    let each = Duration::from_millis(10);
    for polls in 0..40 {
        let quota = server.redis(WhenAway::FailClosed).quota("app", limit(1, each, 4));
        let pause = async {
            for _ in 0..polls {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            biased;
            turn = quota.acquire(PATIENT) => turn.unwrap(),
            () = pause => {}
        }
        // At most the turn that was given up is lost.
        let turn = tokio::time::timeout(PATIENCE, quota.acquire(PATIENT)).await;
        turn.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_for_a_turn_hears_that_the_quota_is_closed() {
    let server = Server::start();
    let of = |database| {
        let url = format!("{}{database}", server.url());
        let redis = Redis::builder(&url, Key::new([7; 32]), WhenAway::FailClosed).timeout(PATIENCE);
        redis.build().unwrap().quota("app", limit(1, Duration::from_secs(1), 1))
    };
    let (one, other, elsewhere) = (of(0), of(0), of(1));
    for quota in [&one, &elsewhere] {
        quota.acquire(PATIENT).await.unwrap();
    }
    let hasty = Patience::new(Duration::from_secs(1), MINUTE);
    let waiting = tokio::spawn(async move { other.acquire(hasty).await });
    // Its turn is taken when nobody else gets one so soon.
    let soon = Patience::new(MINUTE, Duration::from_millis(1010));
    while one.acquire(soon).await.is_ok() {}
    one.observe(throttled(Duration::from_secs(30)));
    let outcome = waiting.await.unwrap();
    assert!(matches!(outcome, Err(LimiterError::Throttled(_))), "{outcome:?}");
    elsewhere.acquire(hasty).await.unwrap();
}

const HASTY: Patience = Patience::new(Duration::ZERO, Duration::ZERO);

/// A quota of which nothing is used up yet, of two replicas.
async fn unused(server: &Server, name: &str, limit: RateLimit) -> [SharedQuota; 2] {
    let mut connection = server.connection().await;
    let mut set = cmd("HSET");
    let set = set.arg(format!("letterhead:quota:{{{name}}}")).arg("used").arg(0);
    let () = set.query_async(&mut connection).await.unwrap();
    [(); 2].map(|()| server.redis(WhenAway::FailClosed).quota(name, limit))
}

#[tokio::test]
async fn who_is_busy_draws_ahead_and_leaves_most_of_it_to_the_others() {
    let server = Server::start();
    let [one, other] = unused(&server, "app", limit(1000, 100 * MINUTE, 1000)).await;
    let before = server.commands().await;
    for _ in 0..200 {
        one.acquire(HASTY).await.unwrap();
    }
    let drawn = server.commands().await - before;
    assert!(drawn < 100, "{drawn}");
    for _ in 0..100 {
        other.acquire(HASTY).await.unwrap();
    }
}

#[tokio::test]
async fn turns_that_were_drawn_ahead_and_are_used_late_are_of_the_quota() {
    let server = Server::start();
    let each = Duration::from_millis(10);
    for round in 0..10 {
        let [one, other] = unused(&server, &round.to_string(), limit(1, each, 100)).await;
        // The second one sees a pace, and draws two more.
        for _ in 0..2 {
            one.acquire(HASTY).await.unwrap();
        }
        // Then the quota would be full again, had they been used at once.
        tokio::time::sleep(each * 7).await;
        let started = Instant::now();
        let mut taken = 0;
        for quota in [&other, &one] {
            while quota.acquire(HASTY).await.is_ok() {
                taken += 1;
            }
        }
        let elapsed = started.elapsed().div_duration_f64(each);
        assert!(f64::from(taken) <= 100.0 + elapsed, "{taken} in {elapsed} intervals");
    }
}

#[tokio::test]
async fn turns_that_were_drawn_ahead_are_given_up_when_the_quota_closes() {
    let server = Server::start();
    let [quota, _] = unused(&server, "app", limit(1000, 100 * MINUTE, 1000)).await;
    for _ in 0..3 {
        quota.acquire(HASTY).await.unwrap();
    }
    quota.observe(throttled(MINUTE));
    let outcome = quota.acquire(HASTY).await;
    assert!(matches!(outcome, Err(LimiterError::Throttled(_))), "{outcome:?}");
}
