//! Redis that goes away, hangs, and comes back.

use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use letterhead::{Limiter as _, LimiterError, Patience, RateLimit};
use letterhead_redis::client::cmd;
use letterhead_redis::{Redis, SharedQuota, WhenAway};
use tokio::task::JoinSet;

use crate::support::{Issuer, Server, number, token};

const HOUR: Duration = Duration::from_secs(3600);
const PATIENT: Patience = Patience::new(HOUR, HOUR);
/// For a command, where 500 ms are allowed, on a machine that does other things.
const BOUND: Duration = Duration::from_secs(2);

fn signal(server: &Server, signal: &str) {
    let pid = server.pid().to_string();
    assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
}

/// Waits until this replica uses Redis again.
async fn until_back(redis: &Redis) {
    let started = Instant::now();
    while redis.check().await.is_err() {
        assert!(started.elapsed() < Duration::from_secs(10), "Redis isn't used again");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Lets the tasks of this runtime see that their connections are closed: a new one is opened, so the runtime has
/// looked at all of them.
async fn notice(server: &Server) {
    drop(server.connection().await);
}

fn fast() -> RateLimit {
    RateLimit::new(number(1000), Duration::from_secs(1))
}

#[tokio::test]
async fn closed_means_a_clear_error_at_once_and_an_end_when_it_is_back() {
    let mut server = Server::start();
    let redis = server.redis(WhenAway::FailClosed);
    let issuer = Issuer::new(HOUR);
    let (quota, tokens) = (redis.quota("app", fast()), redis.tokens("app", issuer.clone()));
    quota.acquire(PATIENT).await.unwrap();
    server.kill();
    for _ in 0..20 {
        let started = Instant::now();
        let Err(LimiterError::Failed(error)) = quota.acquire(PATIENT).await else { panic!() };
        let error = error.downcast_ref::<letterhead_redis::Error>().unwrap();
        assert!(error.is_away() && error.to_string().contains("can't be reached"), "{error}");
        let error = token(&tokens).await.unwrap_err();
        assert!(error.contains("can't be reached"), "{error}");
        assert!(started.elapsed() < BOUND, "{:?}", started.elapsed());
    }
    assert_eq!(issuer.issued(), 0);
    server.restart();
    until_back(&redis).await;
    quota.acquire(PATIENT).await.unwrap();
    assert_eq!(token(&tokens).await.unwrap(), "token 1");
}

#[tokio::test]
async fn a_server_that_hangs_is_waited_for_once_and_not_by_all() {
    let server = Server::start();
    let limit = Duration::from_millis(500);
    let redis = server.builder(WhenAway::FailClosed).timeout(limit).build().unwrap();
    let quota = redis.quota("app", fast());
    quota.acquire(PATIENT).await.unwrap();
    signal(&server, "-STOP");
    let started = Instant::now();
    let Err(LimiterError::Failed(error)) = quota.acquire(PATIENT).await else { panic!() };
    assert!(error.to_string().contains("500 ms"), "{error}");
    let waited = started.elapsed();
    let started = Instant::now();
    for _ in 0..100 {
        quota.acquire(PATIENT).await.unwrap_err();
    }
    let others = started.elapsed();
    signal(&server, "-CONT");
    assert!(waited < BOUND && others < BOUND, "{waited:?}, {others:?}");
    until_back(&redis).await;
    quota.acquire(PATIENT).await.unwrap();
}

#[tokio::test]
async fn a_server_that_restarts_between_two_calls_is_not_noticed() {
    let mut server = Server::start();
    let quota = server.redis(WhenAway::FailClosed).quota("app", fast());
    for _ in 0..3 {
        quota.acquire(PATIENT).await.unwrap();
        server.restart();
        notice(&server).await;
    }
}

#[tokio::test]
async fn going_on_means_a_token_of_its_own_for_each_replica() {
    let mut server = Server::start();
    let issuer = Issuer::new(HOUR);
    let go_on = WhenAway::GoOn { replicas: number(2) };
    let redis = [(); 2].map(|()| server.redis(go_on));
    let [one, other] = redis.each_ref().map(|redis| redis.tokens("app", issuer.clone()));
    assert_eq!(token(&one).await.unwrap(), "token 1");
    server.kill();
    assert_eq!(token(&one).await.unwrap(), "token 2");
    assert_eq!(token(&other).await.unwrap(), "token 3");
    server.restart();
    for redis in &redis {
        until_back(redis).await;
    }
    assert_eq!(token(&one).await.unwrap(), "token 4");
    assert_eq!(token(&other).await.unwrap(), "token 4");
}

/// When the turns came that replicas took one after the other while `during` lasted.
async fn turns(quotas: &[SharedQuota], during: impl Future<Output = ()>) -> Vec<Instant> {
    let turns = Arc::new(Mutex::new(Vec::new()));
    let mut tasks = JoinSet::new();
    for quota in quotas {
        let quota = quota.clone();
        let turns = Arc::clone(&turns);
        tasks.spawn(async move {
            loop {
                quota.acquire(PATIENT).await.unwrap();
                turns.lock().unwrap().push(Instant::now());
            }
        });
    }
    during.await;
    tasks.shutdown().await;
    let mut turns = turns.lock().unwrap().clone();
    turns.sort();
    turns
}

#[tokio::test(flavor = "multi_thread")]
async fn the_budget_holds_while_the_server_goes_and_comes_back() {
    let mut server = Server::start();
    let go_on = WhenAway::GoOn { replicas: number(4) };
    // One each 10 ms, and four at once after a pause: one for each replica.
    let limit = RateLimit::new(number(100), Duration::from_secs(1)).burst(number(4));
    let of = |server: &Server| {
        let redis = server.builder(go_on).timeout(Duration::from_millis(500)).build().unwrap();
        redis.quota("app", limit)
    };
    let quotas = [(); 4].map(|()| of(&server));
    let second = || tokio::time::sleep(Duration::from_secs(1));
    let turns = turns(&quotas, async {
        for _ in 0..2 {
            second().await;
            server.kill();
            second().await;
            server.restart();
        }
        second().await;
    })
    .await;
    for (index, first) in turns.iter().enumerate() {
        let is_within = |turn: &&Instant| **turn - *first < Duration::from_secs(1);
        let within = turns[index..].iter().take_while(is_within).count();
        // The even ones, a burst, and what the machine's own delays push together.
        assert!(within <= 100 + 4 + 20, "{within} in a second");
    }
    // It went on all the time: most of what five seconds allow.
    assert!(turns.len() > 250, "{}", turns.len());
}

#[tokio::test]
async fn turns_that_are_past_when_it_is_back_keep_nobody_waiting() {
    let mut server = Server::start();
    let redis = server.redis(WhenAway::GoOn { replicas: number(1) });
    let limit = RateLimit::new(number(1000), Duration::from_secs(1)).burst(number(1));
    let quota = redis.quota("app", limit);
    quota.acquire(PATIENT).await.unwrap();
    server.kill();
    for _ in 0..3000 {
        quota.acquire(PATIENT).await.unwrap();
    }
    server.restart();
    until_back(&redis).await;
    // Three seconds of turns are over; what is still to come is a burst and the pause of a share.
    let soon = Patience::new(HOUR, Duration::from_secs(1));
    for _ in 0..3 {
        quota.acquire(soon).await.unwrap();
    }
}

#[tokio::test]
async fn turns_that_were_taken_without_it_are_counted_once() {
    const MINUTE: f64 = 60.0;
    let mut server = Server::start();
    let redis = server.redis(WhenAway::GoOn { replicas: number(1) });
    let limit = RateLimit::new(number(1), Duration::from_secs(60)).burst(number(1));
    let quota = redis.quota("app", limit);
    let hasty = Patience::new(HOUR, Duration::from_millis(1));
    quota.acquire(hasty).await.unwrap();
    server.kill();
    let mut waiting = JoinSet::new();
    for _ in 0..7 {
        let quota = quota.clone();
        waiting.spawn(async move { quota.acquire(PATIENT).await });
    }
    // Until all of them have taken a turn: the first one is the one after that of Redis.
    loop {
        let Err(LimiterError::TooLate(wait)) = quota.acquire(hasty).await else { panic!() };
        if wait.as_secs_f64() > 8.5 * MINUTE {
            break;
        }
        tokio::task::yield_now().await;
    }
    server.restart();
    // The first of its commands says that the server is back, and is no draw.
    until_back(&redis).await;
    let mut draws = JoinSet::new();
    for _ in 0..50 {
        let quota = quota.clone();
        draws.spawn(async move { quota.acquire(hasty).await });
    }
    while let Some(drawn) = draws.join_next().await {
        assert!(matches!(drawn.unwrap(), Err(LimiterError::TooLate(_))));
    }
    let mut connection = server.connection().await;
    let mut used = cmd("HGET");
    let used = used.arg("letterhead:quota:{app}").arg("used").query_async(&mut connection);
    let used: f64 = used.await.unwrap();
    let (seconds, _): (f64, f64) = cmd("TIME").query_async(&mut connection).await.unwrap();
    let left = (used / 1e6 - seconds) / MINUTE;
    // Redis's own turn, and theirs, with the gap before them.
    assert!((8.0..11.0).contains(&left), "{left} minutes");
}

#[tokio::test]
async fn a_server_that_lost_its_data_grants_no_second_burst() {
    let mut server = Server::start();
    let limit = RateLimit::new(number(20), Duration::from_secs(10));
    let quota = server.redis(WhenAway::FailClosed).quota("app", limit);
    let hasty = Patience::new(HOUR, Duration::from_millis(1));
    let mut taken = 0;
    while quota.acquire(hasty).await.is_ok() {
        taken += 1;
    }
    server.restart();
    notice(&server).await;
    let again = server.redis(WhenAway::FailClosed).quota("app", limit);
    for quota in [&quota, &again, &quota] {
        while quota.acquire(hasty).await.is_ok() {
            taken += 1;
        }
    }
    assert!(taken <= 4, "{taken}");
}
