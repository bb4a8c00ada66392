//! Through the clients: what replicas ask an identity provider for, and what a call costs on Redis.

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use letterhead::partner_center::{Client, Credential, EntraApp};
use letterhead::{BoxFuture, Error, ErrorKind, RateLimit, RefreshTokenStore, Secret};
use letterhead_redis::{Key, Redis, SharedRefreshToken, WhenAway};
use letterhead_sandbox::credentials::{
    PARTNER_CENTER_CLIENT_ID, PARTNER_CENTER_CLIENT_SECRET, PARTNER_CENTER_REFRESH_TOKEN,
    PARTNER_CENTER_TOKEN,
};
use letterhead_sandbox::seed::PARTNER_TENANT_ID;
use letterhead_sandbox::{Sandbox, TokenGrant};

use tokio::runtime::Builder;
use tokio::sync::Notify;

use crate::support::{PATIENCE, Server, number};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

const CLOSED: WhenAway = WhenAway::FailClosed;

fn app(sandbox: &Sandbox) -> EntraApp {
    EntraApp::new(PARTNER_TENANT_ID, PARTNER_CENTER_CLIENT_ID, PARTNER_CENTER_CLIENT_SECRET)
        .authority(sandbox.entra_url())
}

/// A client whose access token comes from Redis.
fn sharing(sandbox: &Sandbox, redis: &Redis) -> Client {
    let source = app(sandbox).app_only_source().unwrap();
    let credential = Credential::from_tokens(redis.tokens("app", source));
    Client::builder().base_url(sandbox.partner_center_url()).credential(credential).build().unwrap()
}

/// All replicas call at once.
async fn call(replicas: &[Client]) -> Vec<Result<(), Error>> {
    let calls: Vec<_> = replicas
        .iter()
        .cloned()
        .map(|replica| {
            tokio::spawn(async move { replica.list_customers().size(1).send().await.map(drop) })
        })
        .collect();
    let mut outcomes = Vec::new();
    for call in calls {
        outcomes.push(call.await.unwrap());
    }
    outcomes
}

#[tokio::test]
async fn replicas_ask_for_one_token_and_after_a_refusal_for_one_more() {
    let (server, sandbox) = (Server::start(), Sandbox::start().await.unwrap());
    let replicas: Vec<_> = (0..4).map(|_| sharing(&sandbox, &server.redis(CLOSED))).collect();
    for issued in 1..4 {
        for outcome in call(&replicas).await {
            outcome.unwrap();
        }
        assert_eq!(sandbox.tokens_issued(TokenGrant::EntraClientCredentials), issued);
        sandbox.revoke_access_tokens();
    }
}

#[tokio::test]
async fn replicas_redeem_one_refresh_token_that_is_good_only_once() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.set_refresh_tokens_single_use(true);
    let mut server = Server::with(&["--appendonly", "yes"]);
    let replica = |server: &Server| {
        let store = server.redis(CLOSED).refresh_token("person");
        let credential = app(&sandbox).app_and_user(store).unwrap();
        let builder = Client::builder().base_url(sandbox.partner_center_url());
        builder.credential(credential).build().unwrap()
    };
    let replicas: Vec<_> = (0..4).map(|_| replica(&server)).collect();
    for outcome in call(&replicas).await {
        assert!(outcome.unwrap_err().needs_consent());
    }
    let seed = server.redis(CLOSED).refresh_token("person");
    assert!(seed.seed(&PARTNER_CENTER_REFRESH_TOKEN.into()).await.unwrap());
    assert!(!seed.seed(&"another".into()).await.unwrap());
    for (redemptions, restarts) in [(4, true), (8, false)] {
        // Each has its own token, so each redeems, what the one before it has stored.
        let replicas: Vec<_> = (0..4).map(|_| replica(&server)).collect();
        for outcome in call(&replicas).await {
            outcome.unwrap();
        }
        assert_eq!(sandbox.tokens_issued(TokenGrant::EntraRefreshToken), redemptions);
        if restarts {
            server.restart();
        }
    }
}

/// What a replica keeps its refresh token in that is killed when it was given a replacement, and has stored nothing.
#[derive(Debug)]
struct Killed {
    store: SharedRefreshToken,
    is_given: Arc<Notify>,
}

impl RefreshTokenStore for Killed {
    fn load(&self) -> BoxFuture<'_, Result<Secret, BoxError>> {
        self.store.load()
    }

    fn save(&self, _: Secret) -> BoxFuture<'_, Result<(), BoxError>> {
        self.is_given.notify_one();
        Box::pin(std::future::pending())
    }

    fn lock(&self) -> BoxFuture<'_, Result<Box<dyn Send>, BoxError>> {
        self.store.lock()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_is_killed_with_a_replacement_in_its_hands_costs_one_lease() {
    // Entra takes the old token once more. Where an identity provider doesn't, a person has to consent.
    for single_use in [false, true] {
        let (server, sandbox) = (Server::start(), Sandbox::start().await.unwrap());
        sandbox.set_refresh_tokens_single_use(single_use);
        let shared = || {
            let redis = server.builder(CLOSED).lease(Duration::from_millis(500)).build().unwrap();
            redis.refresh_token("person")
        };
        shared().put(&PARTNER_CENTER_REFRESH_TOKEN.into()).await.unwrap();
        let client = |credential| {
            let builder = Client::builder().base_url(sandbox.partner_center_url());
            builder.credential(credential).build().unwrap()
        };
        let is_given = Arc::new(Notify::new());
        let store = Killed { store: shared(), is_given: Arc::clone(&is_given) };
        let killed = client(app(&sandbox).app_and_user(store).unwrap());
        std::thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                tokio::select! {
                    _ = killed.list_customers().send() => panic!("its token is never stored"),
                    () = is_given.notified() => {}
                }
            });
            // Nothing of a process that is killed runs on, or is dropped.
            std::mem::forget(runtime);
        })
        .join()
        .unwrap();
        let other = client(app(&sandbox).app_and_user(shared()).unwrap());
        let outcome = other.list_customers().size(1).send().await;
        match outcome {
            Ok(_) => assert!(!single_use),
            Err(error) => assert!(single_use && error.needs_consent(), "{error}"),
        }
        let redeemed = sandbox.tokens_issued(TokenGrant::EntraRefreshToken);
        assert_eq!(redeemed, if single_use { 1 } else { 2 });
    }
}

#[tokio::test]
async fn a_call_says_why_redis_cannot_be_used_and_sends_nothing() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut away = Server::start();
    let locked = Server::with(&["--requirepass", "right"]);
    let url = locked.url().replace("redis://", "redis://:wrong-hush@");
    let refused =
        Redis::builder(&url, Key::new([7; 32]), CLOSED).timeout(PATIENCE).build().unwrap();
    let redis = away.redis(CLOSED);
    away.kill();
    for (redis, reason) in
        [(redis, "can't be reached"), (refused, "refuses the user or the password")]
    {
        let limit = RateLimit::new(number(1000), Duration::from_secs(1));
        let bearer = Credential::bearer(PARTNER_CENTER_TOKEN).unwrap();
        let limited = Client::builder().base_url(sandbox.partner_center_url()).credential(bearer);
        let limited = limited.limiter(redis.quota("app", limit)).build().unwrap();
        for (client, kind) in
            [(sharing(&sandbox, &redis), ErrorKind::SignIn), (limited, ErrorKind::Limiter)]
        {
            let error = client.list_customers().send().await.unwrap_err();
            assert_eq!(error.kind(), kind);
            assert!(!error.may_have_taken_effect());
            let source = error.source().unwrap();
            assert!(source.is::<letterhead_redis::Error>());
            assert!(source.to_string().contains(reason), "{source}");
            assert!(!format!("{error:?} {source:?}").contains("hush"), "{error:?}");
        }
    }
    assert!(sandbox.requests().is_empty());
}

#[tokio::test]
async fn a_call_costs_one_round_trip_at_most_for_its_turn_and_none_for_its_token() {
    let (server, sandbox) = (Server::start(), Sandbox::start().await.unwrap());
    let client = sharing(&sandbox, &server.redis(CLOSED));
    call(std::slice::from_ref(&client)).await.pop().unwrap().unwrap();
    let before = server.commands().await;
    for _ in 0..50 {
        client.list_customers().size(1).send().await.unwrap();
    }
    assert_eq!(server.commands().await - before, 0);

    let redis = server.redis(CLOSED);
    let limit = RateLimit::new(number(100_000), Duration::from_secs(1));
    let source = app(&sandbox).app_only_source().unwrap();
    let limited = Client::builder()
        .base_url(sandbox.partner_center_url())
        .credential(Credential::from_tokens(redis.tokens("app", source)))
        .limiter(redis.quota("app", limit))
        .build()
        .unwrap();
    limited.list_customers().size(1).send().await.unwrap();
    let before = server.commands().await;
    for _ in 0..50 {
        limited.list_customers().size(1).send().await.unwrap();
    }
    let drawn = server.commands().await - before;
    assert!((1..=50).contains(&drawn), "{drawn}");
}
