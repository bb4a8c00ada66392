//! What is no Redis, in the test's own process.

use std::time::{Duration, Instant};

use letterhead_redis::{Error, Key, Redis, RedisBuilder, WhenAway};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

const PASSWORD: &str = "pa55-hush";

/// A server that sends the same to every request; its URL.
async fn server(response: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = [0; 4096];
                while let Ok(1..) = stream.read(&mut request).await {
                    if response.is_empty() {
                        std::future::pending::<()>().await;
                    }
                    // A connection begins with several commands at once.
                    if stream.write_all(response.repeat(8).as_bytes()).await.is_err() {
                        break;
                    }
                }
            });
        }
    });
    format!("redis://user:{PASSWORD}@127.0.0.1:{port}/")
}

fn builder(url: &str) -> RedisBuilder {
    Redis::builder(url, Key::new(*b"the key itself, which is 32 byte"), WhenAway::FailClosed)
}

fn shown(error: &Error) -> String {
    let shown = format!("{error} {error:?}");
    assert!(!shown.to_lowercase().contains("hush"), "{shown}");
    shown
}

#[tokio::test]
async fn a_server_that_quotes_what_it_was_sent_is_not_quoted() {
    for (response, expected) in [
        (
            "-ERR unknown command `HELLO`, with args beginning with: `3` `AUTH` `user` `pa55-hush`\r\n",
            "no Redis of version 6",
        ),
        ("-WRONGPASS pa55-hush isn't the password\r\n", "refuses the user or the password"),
        ("-NOPERM pa55-hush may not\r\n", "EVALSHA"),
        ("-OOM pa55-hush\r\n", "is full"),
        ("-PA55-HUSH no\r\n", "refused a command"),
        ("-MOVED 3999 pa55-hush:6381\r\n", "part of a cluster"),
        ("$9\r\npa55-hush\r\n", "isn't Redis"),
        ("HTTP/1.1 400 Bad Request\r\nX: pa55-hush\r\n\r\n", "isn't Redis"),
        ("+OK\r\n", "isn't Redis"),
    ] {
        let redis =
            builder(&server(response).await).timeout(Duration::from_secs(10)).build().unwrap();
        let shown = shown(&redis.check().await.unwrap_err());
        assert!(shown.contains(expected), "{response}: {shown}");
    }
}

#[tokio::test]
async fn a_server_that_says_nothing_is_waited_for_no_longer_than_the_limit() {
    let redis = builder(&server("").await).timeout(Duration::from_millis(100)).build().unwrap();
    let started = Instant::now();
    let error = redis.check().await.unwrap_err();
    assert!(error.is_away() && shown(&error).contains("within 100 ms"), "{error:?}");
    for _ in 0..1000 {
        assert!(redis.check().await.unwrap_err().is_away());
    }
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
}

#[tokio::test]
async fn no_server_is_an_error_at_once() {
    // Free when it was asked for.
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let redis = builder(&format!("redis://:{PASSWORD}@127.0.0.1:{port}")).build().unwrap();
    let error = redis.check().await.unwrap_err();
    assert!(error.is_away() && shown(&error).contains("can't be reached"), "{error:?}");
}

#[test]
fn an_address_that_cannot_be_right_is_not_shown() {
    for url in [
        "",
        "hush",
        "http://:hush@host",
        "redis://:hush@host:port",
        "redis://:hush@host/?protocol=hush",
    ] {
        let error = builder(url).build().unwrap_err();
        assert!(error.is_configuration() && shown(&error).contains("address"), "{url}: {error:?}");
    }
    assert!(
        builder("redis://host").timeout(Duration::ZERO).build().unwrap_err().is_configuration()
    );
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
#[test]
fn tls_without_its_feature_says_which_one_to_enable() {
    for url in ["rediss://:hush@host", "valkeys://:hush@host"] {
        let error = builder(url).build().unwrap_err();
        assert!(error.is_configuration() && shown(&error).contains("`rustls`"), "{url}: {error:?}");
    }
}

#[tokio::test]
async fn nothing_shows_a_secret() {
    let builder = builder(&format!("redis://user:{PASSWORD}@127.0.0.1:1"));
    let shown_builder = format!("{builder:?}");
    let redis = builder.build().unwrap();
    let limit = letterhead::cloudflare::QUOTA;
    let all = [
        shown_builder,
        format!("{redis:?}"),
        format!("{:?}", redis.quota("app", limit)),
        format!("{:?}", redis.refresh_token("app")),
        format!("{:?}", Key::new([b'h'; 32])),
    ];
    for shown in all {
        let is_clean = ["hush", "the key itself", "104, 104"].iter().all(|it| !shown.contains(it));
        assert!(is_clean, "{shown}");
    }
}
