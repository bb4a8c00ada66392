//! Several runtimes in one process, as in a program that starts one for each job.

use std::time::{Duration, Instant};

use letterhead::{Limiter as _, Patience, RateLimit};
use letterhead_redis::WhenAway;
use tokio::runtime::{Builder, Runtime};

use crate::support::{Issuer, Server, number, token};

const HOUR: Duration = Duration::from_secs(3600);
const PATIENT: Patience = Patience::new(HOUR, HOUR);

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn fast() -> RateLimit {
    RateLimit::new(number(1000), Duration::from_secs(1))
}

#[test]
fn redis_is_shared_by_runtimes_that_come_and_go() {
    let server = Server::start();
    let redis = server.redis(WhenAway::FailClosed);
    let (quota, issuer) = (redis.quota("app", fast()), Issuer::new(HOUR));
    for count in 1..4 {
        runtime().block_on(async {
            quota.acquire(PATIENT).await.unwrap();
            let tokens = redis.tokens(&format!("app {count}"), issuer.clone());
            assert_eq!(token(&tokens).await.unwrap(), format!("token {count}"));
        });
    }
}

#[tokio::test]
async fn a_runtime_that_was_blocked_for_longer_than_the_limit_takes_redis_for_no_less() {
    let server = Server::start();
    let limit = Duration::from_millis(500);
    let redis = server.builder(WhenAway::FailClosed).timeout(limit).build().unwrap();
    let quota = redis.quota("app", fast());
    for polls in 0..5 {
        let block = async {
            for _ in 0..polls {
                tokio::task::yield_now().await;
            }
            std::thread::sleep(limit * 11 / 10);
        };
        let (turn, ()) = tokio::join!(quota.acquire(PATIENT), block);
        turn.unwrap();
    }
}

#[test]
fn a_runtime_that_nobody_drives_keeps_redis_from_no_other_one() {
    let server = Server::start();
    let quota = server.redis(WhenAway::FailClosed).quota("app", fast());
    let (one, other) = (runtime(), runtime());
    let started = Instant::now();
    for _ in 0..5 {
        one.block_on(quota.acquire(PATIENT)).unwrap();
        other.block_on(quota.acquire(PATIENT)).unwrap();
    }
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
}
