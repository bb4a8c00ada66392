//! A Redis that can be reached and can't be used.

use std::time::Duration;

use letterhead::{
    Limiter as _, LimiterError, Patience, RateLimit, RefreshTokenStore as _, TokenSource as _,
};
use letterhead_redis::client::{Value, cmd};
use letterhead_redis::{Error, Key, Redis, WhenAway};

use crate::support::{Issuer, PATIENCE, Server, http, number, throttled, token};

const HOUR: Duration = Duration::from_secs(3600);
const PATIENT: Patience = Patience::new(HOUR, HOUR);
const CLOSED: WhenAway = WhenAway::FailClosed;
const GO_ON: WhenAway = WhenAway::GoOn { replicas: number(2) };
const LIMIT: RateLimit = RateLimit::new(number(1000), Duration::from_secs(1));

fn at(url: &str, when_away: WhenAway) -> Redis {
    Redis::builder(url, Key::new([7; 32]), when_away).timeout(PATIENCE).build().unwrap()
}

/// What each use of `redis` fails with.
async fn failures(redis: &Redis) -> Vec<Error> {
    let issuer = Issuer::new(HOUR);
    let of = |error: Box<dyn std::error::Error + Send + Sync>| *error.downcast::<Error>().unwrap();
    let turn = redis.quota("app", LIMIT).acquire(PATIENT).await.unwrap_err();
    let LimiterError::Failed(turn) = turn else { panic!("{turn}") };
    let tokens = redis.tokens("new", issuer.clone());
    let store = redis.refresh_token("person");
    let failures = vec![
        redis.check().await.unwrap_err(),
        of(turn),
        of(tokens.fetch(&http()).await.unwrap_err()),
        of(store.load().await.unwrap_err()),
        store.put(&"hush".into()).await.unwrap_err(),
    ];
    assert_eq!(issuer.issued(), 0);
    failures
}

#[tokio::test]
async fn a_wrong_password_is_refused_and_never_shown() {
    let server = Server::with(&["--requirepass", "right"]);
    for user in ["", ":wrong-hush@", "nobody:wrong-hush@", "default:wrong-hush@"] {
        let url = server.url().replace("redis://", &format!("redis://{user}"));
        for error in failures(&at(&url, CLOSED)).await {
            assert!(error.is_refused(), "{error}");
            assert!(error.to_string().contains("refuses the user or the password"), "{error}");
            assert!(!format!("{error} {error:?}").contains("hush"), "{error:?}");
        }
    }
    let url = server.url().replace("redis://", "redis://:right@");
    at(&url, CLOSED).check().await.unwrap();
}

#[tokio::test]
async fn a_user_who_may_not_run_scripts_is_refused() {
    let server = Server::start();
    let mut connection = server.connection().await;
    let mut set = cmd("ACL");
    let set = set.arg(&["SETUSER", "default", "-evalsha"]);
    let () = set.query_async(&mut connection).await.unwrap();
    for error in failures(&server.redis(CLOSED)).await {
        assert!(error.is_refused() && error.to_string().contains("EVALSHA"), "{error}");
    }
}

#[tokio::test]
async fn a_user_who_may_not_use_some_keys_loses_nothing_else() {
    let mut server = Server::start();
    let redis = server.redis(CLOSED);
    server.kill();
    redis.check().await.unwrap_err();
    server.restart();
    let mut connection = server.connection().await;
    let mut set = cmd("ACL");
    let set = set.arg(&["SETUSER", "default", "resetkeys", "~letterhead:token:*"]);
    let () = set.query_async(&mut connection).await.unwrap();
    let quota = redis.quota("app", LIMIT);
    let refused = async {
        loop {
            let turn = quota.acquire(PATIENT).await.unwrap_err();
            let LimiterError::Failed(turn) = turn else { panic!("{turn}") };
            // Redis isn't asked for a while after it was away.
            if turn.to_string().contains("for the keys of the namespace") {
                break;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, refused).await.unwrap();
    // At once, and not only when Redis is asked again after a pause.
    let issuer = Issuer::new(HOUR);
    assert_eq!(token(&redis.tokens("app", issuer.clone())).await.unwrap(), "token 1");
    assert_eq!(token(&server.redis(CLOSED).tokens("app", issuer)).await.unwrap(), "token 1");
}

#[tokio::test]
async fn a_user_who_may_not_run_a_command_of_the_scripts_is_refused_at_the_start() {
    for command in ["hset", "pexpire", "time", "pttl"] {
        let server = Server::start();
        let mut connection = server.connection().await;
        let mut set = cmd("ACL");
        let set = set.arg(&["SETUSER", "default", &format!("-{command}")]);
        let () = set.query_async(&mut connection).await.unwrap();
        let error = server.redis(GO_ON).check().await.unwrap_err();
        assert!(error.is_refused() && error.to_string().contains("EVALSHA"), "{command}: {error}");
    }
}

/// The user that docs/replicas.md describes.
#[tokio::test]
async fn a_user_with_what_the_documentation_names_can_do_all_of_it() {
    let server = Server::start();
    let mut connection = server.connection().await;
    let mut set = cmd("ACL");
    set.arg(&["SETUSER", "replica", "on", ">right", "resetkeys", "resetchannels", "-@all"]);
    let commands = "evalsha script|load time type get set del pttl pexpire hget hmget hset psubscribe publish select";
    set.arg(commands.split(' ').map(|name| format!("+{name}")).collect::<Vec<_>>());
    set.arg(&["~letterhead:*", "&letterhead:quota:*@1"]);
    let () = set.query_async(&mut connection).await.unwrap();
    let url = format!("{}1", server.url().replace("redis://", "redis://replica:right@"));
    let [one, other] = [(); 2].map(|()| at(&url, CLOSED));
    one.check().await.unwrap();
    let issuer = Issuer::new(HOUR);
    for redis in [&one, &other] {
        assert_eq!(token(&redis.tokens("app", issuer.clone())).await.unwrap(), "token 1");
    }
    let person = one.refresh_token("person");
    person.put(&"a refresh token".into()).await.unwrap();
    let held = person.lock().await.unwrap();
    person.save("its replacement".into()).await.unwrap();
    drop(held);
    assert_eq!(other.refresh_token("person").load().await.unwrap().expose(), "its replacement");

    let quota = one.quota("app", LIMIT);
    quota.acquire(PATIENT).await.unwrap();
    quota.observe(throttled(HOUR));
    let closed = async {
        let mut of_one = cmd("HGET");
        of_one.arg("letterhead:quota:{app}").arg("throttled");
        let () = cmd("SELECT").arg(1).query_async(&mut connection).await.unwrap();
        let open = "0".to_owned();
        while of_one.query_async(&mut connection).await.unwrap_or(open.clone()) == open {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, closed).await.unwrap();
    let patterns: i64 = cmd("PUBSUB").arg("NUMPAT").query_async(&mut connection).await.unwrap();
    assert_eq!(patterns, 1, "all hear that a quota is closed");
    let refused: Vec<Value> = cmd("ACL").arg("LOG").query_async(&mut connection).await.unwrap();
    assert!(refused.is_empty(), "{refused:?}");
}

#[tokio::test]
async fn a_copy_is_an_error_that_asks_for_the_primary() {
    let server = Server::with(&["--replicaof", "127.0.0.1 1"]);
    for error in failures(&server.redis(CLOSED)).await {
        assert!(error.is_read_only() && error.to_string().contains("primary"), "{error}");
    }
}

#[tokio::test]
async fn a_full_server_serves_what_it_has_and_says_that_it_is_full() {
    let server = Server::start();
    let issuer = Issuer::new(HOUR);
    let store = server.redis(CLOSED).refresh_token("kept");
    store.put(&"kept".into()).await.unwrap();
    assert_eq!(
        token(&server.redis(CLOSED).tokens("app", issuer.clone())).await.unwrap(),
        "token 1"
    );
    let mut connection = server.connection().await;
    for (name, value) in [("maxmemory-policy", "noeviction"), ("maxmemory", "1mb")] {
        let mut set = cmd("CONFIG");
        let () = set.arg("SET").arg(name).arg(value).query_async(&mut connection).await.unwrap();
    }
    let fill: Result<(), _> =
        cmd("SET").arg("filler").arg("x".repeat(2_000_000)).query_async(&mut connection).await;
    let _ = fill;
    for error in failures(&server.redis(CLOSED)).await {
        assert!(error.is_full() && error.to_string().contains("maxmemory"), "{error}");
    }
    // What can be read is handed out. A refresh token isn't: its replacement could not be stored.
    let tokens = server.redis(CLOSED).tokens("app", issuer.clone());
    assert_eq!(token(&tokens).await.unwrap(), "token 1");
    assert!(store.load().await.is_err());
    // Who goes on does so alone.
    let redis = server.redis(GO_ON);
    redis.quota("app", LIMIT).acquire(PATIENT).await.unwrap();
    assert_eq!(token(&redis.tokens("new", issuer.clone())).await.unwrap(), "token 2");
    let () =
        cmd("CONFIG").arg(&["SET", "maxmemory", "0"]).query_async(&mut connection).await.unwrap();
    assert_eq!(store.load().await.unwrap().expose(), "kept");
}

#[tokio::test]
async fn a_quota_that_a_stranger_wrote_counts_as_used_up() {
    let server = Server::start();
    let mut connection = server.connection().await;
    let key = "letterhead:quota:{app}";
    let limit = RateLimit::new(number(1), Duration::from_secs(60)).burst(number(3));
    let quota = || server.redis(CLOSED).quota("app", limit);
    let hasty = Patience::new(HOUR, Duration::from_secs(1));
    for written in [
        vec!["SET", key, "a stranger's"],
        vec!["LPUSH", key, "1"],
        vec!["HSET", key, "used", "inf", "throttled", "nan", "spent", "-1", "seen", "x"],
        vec!["HSET", key, "used", "9999999999999999", "throttled", "9999999999999999"],
        vec!["HSET", key, "used", "0x7fffffffffff", "seen", "1e15"],
    ] {
        let () = cmd("DEL").arg(key).query_async(&mut connection).await.unwrap();
        let () = cmd(written[0]).arg(&written[1..]).query_async(&mut connection).await.unwrap();
        quota().acquire(hasty).await.unwrap();
        quota().acquire(hasty).await.unwrap_err();
    }
}

#[tokio::test]
async fn a_clock_that_was_set_back_keeps_nobody_waiting() {
    let server = Server::start();
    let mut connection = server.connection().await;
    let key = "letterhead:quota:{app}";
    let limit = RateLimit::new(number(1), Duration::from_secs(60));
    let hasty = Patience::new(HOUR, Duration::from_secs(61));
    let quota = server.redis(CLOSED).quota("app", limit);
    quota.acquire(hasty).await.unwrap();
    // As if the server had written it an hour later.
    for name in ["used", "seen"] {
        let mut add = cmd("HINCRBY");
        let add = add.arg(key).arg(name).arg(3_600_000_000_i64);
        let _: i64 = add.query_async(&mut connection).await.unwrap();
    }
    let soon = Patience::new(HOUR, Duration::from_secs(1));
    let late = server.redis(CLOSED).quota("app", limit).acquire(soon).await.unwrap_err();
    let LimiterError::TooLate(wait) = late else { panic!("{late}") };
    assert!(wait <= Duration::from_secs(60), "{wait:?}");
}

#[tokio::test]
async fn who_may_publish_closes_a_quota_for_no_longer_than_a_draw() {
    let server = Server::start();
    let mut connection = server.connection().await;
    let quota = server.redis(CLOSED).quota("app", LIMIT);
    quota.acquire(PATIENT).await.unwrap();
    for closed in ["18446744073709551615", "9e99", "-1", "", "a stranger's"] {
        let () = cmd("PUBLISH")
            .arg(&["letterhead:quota:{app}@0", closed])
            .query_async(&mut connection)
            .await
            .unwrap();
        let turn = quota.acquire(PATIENT);
        tokio::time::timeout(Duration::from_secs(10), turn).await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_token_that_was_copied_from_another_name_is_not_handed_out() {
    let server = Server::start();
    let mut connection = server.connection().await;
    let (one, other) = (Issuer::new(HOUR), Issuer::new(HOUR));
    assert_eq!(token(&server.redis(CLOSED).tokens("one", one.clone())).await.unwrap(), "token 1");
    let copy = ["letterhead:token:{one}", "letterhead:token:{other}"];
    let copied: i64 = cmd("COPY").arg(&copy).query_async(&mut connection).await.unwrap();
    assert_eq!(copied, 1);
    token(&server.redis(CLOSED).tokens("other", other.clone())).await.unwrap();
    assert_eq!((one.issued(), other.issued()), (1, 1));

    let person = server.redis(CLOSED).refresh_token("one");
    person.put(&"a refresh token".into()).await.unwrap();
    let copy = ["letterhead:refresh:{one}", "letterhead:refresh:{other}"];
    let _: i64 = cmd("COPY").arg(&copy).query_async(&mut connection).await.unwrap();
    let error = server.redis(CLOSED).refresh_token("other").load().await.unwrap_err();
    assert!(error.downcast_ref::<Error>().unwrap().is_foreign(), "{error}");
}
