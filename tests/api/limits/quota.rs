//! What a response says of the quota: the newest is believed, and only for the quota's window.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use letterhead_sandbox::{Response, seed};
use tokio::io::AsyncWriteExt as _;
use tokio::sync::Notify;

use super::{PLENTY, limited, read, secs};
use crate::support::{Faulty, eventually, head, serve, without_backoff};

const ABSURD: &str = "\"default\";r=0;t=999999999";

#[tokio::test]
async fn a_quota_is_closed_for_its_window_at_most() {
    let faulty = Faulty::start().await;
    let client = limited(&faulty, PLENTY);
    let reply = Response::new(200).body("{}").header("ratelimit", ABSURD);
    let policy = "\"burst\";q=5;w=1, \"default\";q=1200;w=40";
    faulty.sandbox.respond_next(reply.header("ratelimit-policy", policy));
    read(&client).await.unwrap();
    read(&client).await.unwrap();
    assert_eq!(faulty.clock.take_waits(), [secs(40)]);
}

#[tokio::test]
async fn cloudflares_window_is_published() {
    let faulty = Faulty::start().await;
    let client = faulty.cloudflare().retry(without_backoff());
    let client = client.rate_limit(PLENTY).build().unwrap();
    let read = || {
        let call = client.get_organization_profile();
        call.organization_id(seed::CLOUDFLARE_ORGANIZATION_ID).send()
    };
    let reply = Response::new(404).header("ratelimit", ABSURD);
    faulty.sandbox.respond_next(reply);
    assert!(read().await.unwrap_err().is_not_found());
    assert_eq!(read().await.unwrap_err().retry_after(), Some(secs(300)));
}

#[tokio::test]
async fn a_later_response_opens_what_an_earlier_one_closed() {
    let first = Arc::new(Notify::new());
    let requests = Arc::new(AtomicUsize::new(0));
    let (held, count) = (Arc::clone(&first), Arc::clone(&requests));
    let url = serve(move |mut stream| {
        let (held, count) = (Arc::clone(&held), Arc::clone(&count));
        async move {
            head(&mut stream).await?;
            let left = match count.fetch_add(1, SeqCst) {
                0 => {
                    held.notified().await;
                    "\"default\";r=500;t=30"
                }
                1 => ABSURD,
                _ => "\"default\";r=499;t=30",
            };
            let reply = format!(
                "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\nratelimit: {left}\r\n\r\n{{}}"
            );
            stream.write_all(reply.as_bytes()).await
        }
    })
    .await;
    let faulty = Faulty::start().await;
    faulty.clock.hold();
    let client = faulty.partner().base_url(url).rate_limit(PLENTY);
    let client = client.retry(without_backoff().longest_wait(secs(3000)));
    let client = client.build().unwrap();
    let call = || {
        let client = client.clone();
        tokio::spawn(async move { read(&client).await })
    };
    let slow = call();
    eventually("the first is under way", || requests.load(SeqCst) == 1).await;
    read(&client).await.unwrap();
    let waiting = call();
    eventually("the third waits", || faulty.clock.waits() == 1).await;
    assert!(faulty.clock.take_waits()[0] >= secs(300));
    first.notify_one();
    for outcome in [slow, waiting] {
        outcome.await.unwrap().unwrap();
    }
    assert_eq!(requests.load(SeqCst), 3);
}
