//! Access tokens that replicas share.

use std::time::{Duration, Instant};

use letterhead::TokenSource as _;
use letterhead_redis::WhenAway;
use letterhead_redis::client::{AsyncCommands as _, cmd};

use crate::support::{Issuer, Server, http, token};

const HOUR: Duration = Duration::from_secs(3600);
const CLOSED: WhenAway = WhenAway::FailClosed;

#[tokio::test]
async fn one_replica_asks_and_all_have_the_token() {
    let server = Server::start();
    let issuer = Issuer::closed(HOUR);
    let replicas: Vec<_> =
        (0..4).map(|_| server.redis(CLOSED).tokens("app", issuer.clone())).collect();
    let asking: Vec<_> = replicas
        .into_iter()
        .map(|replica| tokio::spawn(async move { token(&replica).await }))
        .collect();
    issuer.asked().await;
    issuer.issue(4);
    for asked in asking {
        assert_eq!(asked.await.unwrap().unwrap(), "token 1");
    }
    assert_eq!(issuer.issued(), 1);
}

#[tokio::test]
async fn a_token_that_a_replica_had_is_replaced_once_for_all() {
    let server = Server::start();
    let issuer = Issuer::new(HOUR);
    let (one, other) = (server.redis(CLOSED), server.redis(CLOSED));
    let (one, other) = (one.tokens("app", issuer.clone()), other.tokens("app", issuer.clone()));
    assert_eq!(token(&one).await.unwrap(), "token 1");
    assert_eq!(token(&other).await.unwrap(), "token 1");
    // The vendor refuses it, so both ask again.
    assert_eq!(token(&one).await.unwrap(), "token 2");
    assert!(other.has_changed().await);
    assert_eq!(token(&other).await.unwrap(), "token 2");
    assert!(!other.has_changed().await);
    assert_eq!(token(&other).await.unwrap(), "token 3");
    assert_eq!(token(&one).await.unwrap(), "token 3");
    assert_eq!(issuer.issued(), 3);
}

#[tokio::test]
async fn the_life_that_is_left_goes_with_a_token() {
    let server = Server::start();
    let issuer = Issuer::new(HOUR);
    let of = |name: &str| server.redis(CLOSED).tokens(name, issuer.clone());
    let first = of("app").fetch(&http()).await.unwrap();
    assert_eq!(first.expires_in(), Some(HOUR));
    let second = of("app").fetch(&http()).await.unwrap();
    let left = second.expires_in().unwrap();
    assert!(left < HOUR && left > HOUR / 60 * 59, "{left:?}");
    // Another name is another token.
    assert_eq!(token(&of("other")).await.unwrap(), "token 2");
}

#[tokio::test]
async fn a_winner_that_crashes_costs_one_lease() {
    let server = Server::start();
    let lease = Duration::from_secs(1);
    let redis = || server.builder(CLOSED).lease(lease).build().unwrap();
    let issuer = Issuer::closed(HOUR);
    let crashing = redis().tokens("app", issuer.clone());
    let winner = tokio::spawn(async move { token(&crashing).await });
    issuer.asked().await;
    let started = Instant::now();
    winner.abort();
    issuer.issue(1);
    assert_eq!(token(&redis().tokens("app", issuer.clone())).await.unwrap(), "token 1");
    assert!(started.elapsed() < lease * 3, "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_slow_winner_keeps_its_lease() {
    let server = Server::start();
    let redis = || server.builder(CLOSED).lease(Duration::from_millis(500)).build().unwrap();
    let issuer = Issuer::closed(HOUR);
    let slow = redis().tokens("app", issuer.clone());
    let winner = tokio::spawn(async move { token(&slow).await });
    issuer.asked().await;
    let waiting = redis().tokens("app", issuer.clone());
    let mut waiting = tokio::spawn(async move { token(&waiting).await });
    // Three leases long nobody else asks.
    let early = tokio::time::timeout(Duration::from_millis(1500), &mut waiting).await;
    assert!(early.is_err());
    issuer.issue(1);
    assert_eq!(winner.await.unwrap().unwrap(), "token 1");
    assert_eq!(waiting.await.unwrap().unwrap(), "token 1");
}

#[tokio::test]
async fn a_late_writer_is_refused() {
    let server = Server::start();
    let issuer = Issuer::closed(HOUR);
    let late = server.redis(CLOSED).tokens("app", issuer.clone());
    let late = tokio::spawn(async move { (token(&late).await, late) });
    issuer.asked().await;
    // As if it had stood still for longer than its lease.
    let mut connection = server.connection().await;
    let _: () = connection.del("letterhead:token:{app}:lease").await.unwrap();
    let other = Issuer::new(HOUR);
    let next = server.redis(CLOSED).tokens("app", other.clone());
    assert_eq!(token(&next).await.unwrap(), "token 1");
    let before: Vec<u8> = connection.hget("letterhead:token:{app}", "sealed").await.unwrap();
    issuer.issue(1);
    let (token_of_late, late) = late.await.unwrap();
    assert_eq!(token_of_late.unwrap(), "token 1");
    let after: Vec<u8> = connection.hget("letterhead:token:{app}", "sealed").await.unwrap();
    assert_eq!(before, after);
    // What it asks for next is the newer one.
    token(&late).await.unwrap();
    assert_eq!((issuer.issued(), other.issued()), (1, 1));
}

#[tokio::test]
async fn what_a_stranger_wrote_is_replaced() {
    let server = Server::start();
    let mut connection = server.connection().await;
    let key = "letterhead:token:{app}";
    let issuer = Issuer::new(HOUR);
    let tokens = || server.redis(CLOSED).tokens("app", issuer.clone());
    let mut expected = 0;
    for fields in [
        vec![],
        vec!["a", "b"],
        vec!["format", "0", "written", "1", "due", "9e18", "sealed", "x"],
        vec!["format", "1", "written", "1", "due", "9e18", "sealed", "x"],
        vec!["format", "1", "written", "1", "due", "inf", "sealed", ""],
        vec!["format", "1", "written", "inf", "due", "nan", "sealed", "x"],
        vec!["format", "1", "written", "", "due", "1", "fence", "nan"],
    ] {
        let _: () = connection.del(key).await.unwrap();
        if fields.is_empty() {
            let _: () = connection.set(key, "a stranger's").await.unwrap();
        } else {
            let _: () =
                cmd("HSET").arg(key).arg(&fields).query_async(&mut connection).await.unwrap();
        }
        expected += 1;
        for _ in 0..2 {
            assert_eq!(token(&tokens()).await.unwrap(), format!("token {expected}"), "{fields:?}");
        }
    }
    // A lease that isn't one.
    let lease = "letterhead:token:{app}:lease";
    let _: () = connection.del(key).await.unwrap();
    let _: () = connection.lpush(lease, "x").await.unwrap();
    expected += 1;
    assert_eq!(token(&tokens()).await.unwrap(), format!("token {expected}"));
    let _: () = connection.del(key).await.unwrap();
    let _: () = connection.pset_ex(lease, "x", 3_600_000).await.unwrap();
    expected += 1;
    assert_eq!(token(&tokens()).await.unwrap(), format!("token {expected}"));
}
