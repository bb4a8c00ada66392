//! Callers who stop polling, or drop a call at any point, keep nothing from the others.

use std::error::Error as StdError;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use letterhead::partner_center::{Client, Credential};
use letterhead::{
    AccessToken, BoxFuture, ClientBuilder, RateLimit, RetryPolicy, TokenSource, reqwest,
};
use letterhead_sandbox::{Fault, Response, credentials};
use tokio::sync::Notify;

use super::{EVENLY, PLENTY, limited, number, read, secs};
use crate::support::{Faulty, drop_after, eventually, soon, without_backoff};

/// Polls a future once.
async fn once<F: Future + Unpin>(future: &mut F) {
    poll_fn(|context| {
        assert!(std::pin::Pin::new(&mut *future).poll(context).is_pending());
        Poll::Ready(())
    })
    .await;
}

/// Calls that nobody polls any more, and others that need what these have.
#[tokio::test]
async fn a_parked_call_keeps_nobody_waiting() {
    let faulty = Faulty::start().await;
    let clients =
        [faulty.partner().concurrency_limit(1).build().unwrap(), limited(&faulty, EVENLY)];
    for client in clients {
        let parked: Vec<_> = (0..3).map(|_| client.get_support_profile().send()).collect();
        let mut parked: Vec<_> = parked.into_iter().map(Box::pin).collect();
        for call in &mut parked {
            once(call).await;
        }
        soon(read(&client)).await.unwrap();
        // They went on by themselves, in order.
        for call in parked {
            soon(call).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_parked_stream_keeps_nobody_waiting() {
    let faulty = Faulty::start().await;
    let client = faulty.partner().concurrency_limit(1).build().unwrap();
    let mut customers = client.list_customers().items();
    {
        let mut next = pin!(customers.next());
        once(&mut next).await;
        soon(read(&client)).await.unwrap();
        assert!(soon(next).await.is_some());
    }
    soon(read(&client)).await.unwrap();
}

/// A call with all there is to wait for: a token, a place, a turn, a retry.
async fn drop_at_every_poll(limit: impl Fn(ClientBuilder<Client>) -> Client) {
    let faulty = Faulty::start().await;
    // Of the test's own, since it is made once for all.
    let http = letterhead::http_client_builder().unwrap().build().unwrap();
    for polls in 1.. {
        assert!(polls < 1000, "it never completes");
        let client = limit(signed_in(&faulty).http_client(http.clone()));
        faulty.proxy.fault_next(Fault::Unavailable);
        let outcome = drop_after(polls, read(&client)).await;
        // What the fault was for may not have come.
        let _ = soon(read(&client)).await;
        for _ in 0..3 {
            soon(read(&client)).await.unwrap();
        }
        // The budget is that of a client with at most one retry and four successes.
        let tireless = RetryPolicy::default().attempts(u32::MAX);
        let call = client.get_support_profile().retry(tireless);
        for _ in 0..103 {
            faulty.sandbox.respond_next(Response::new(503));
        }
        let error = soon(call.send()).await.unwrap_err();
        assert!((100..=101).contains(&error.attempts()), "{error}");
        while read(&client).await.is_err() {}
        if let Some(outcome) = outcome {
            outcome.unwrap();
            return;
        }
    }
}

fn signed_in(faulty: &Faulty) -> ClientBuilder<Client> {
    let gate = Arc::new(Notify::new());
    gate.notify_one();
    let client = faulty.partner().retry(without_backoff());
    client.credential(Credential::from_tokens(Gated(gate)))
}

#[tokio::test]
async fn a_call_may_be_dropped_at_any_point() {
    drop_at_every_poll(|client| client.build().unwrap()).await;
}

#[tokio::test]
async fn a_call_with_limits_may_be_dropped_at_any_point() {
    drop_at_every_poll(|client| {
        let client = client.concurrency_limit(1).rate_limit(PLENTY);
        client.build().unwrap()
    })
    .await;
}

#[tokio::test]
async fn a_retry_that_is_given_up_is_not_paid_for() {
    let faulty = Faulty::start().await;
    for client in [
        faulty.partner(),
        faulty.partner().concurrency_limit(1),
        faulty.partner().rate_limit(PLENTY),
    ] {
        let client = client.build().unwrap();
        let longer = without_backoff().longest_wait(secs(60));
        faulty.clock.hold();
        for _ in 0..150 {
            faulty.clock.take_waits();
            let throttled = Response::new(503).header("retry-after", "60");
            faulty.sandbox.respond_next(throttled);
            let call = client.get_support_profile().retry(longer).send();
            let call = tokio::spawn(call);
            eventually("it waits", || faulty.clock.waits() == 1).await;
            call.abort();
            assert!(call.await.unwrap_err().is_cancelled());
        }
        faulty.clock.release();
        faulty.sandbox.respond_next(Response::new(503));
        soon(read(&client)).await.unwrap();
    }
}

/// Gives a token when it is let.
#[derive(Debug)]
struct Gated(Arc<Notify>);

impl TokenSource for Gated {
    fn fetch<'a>(
        &'a self,
        _: &'a reqwest::Client,
    ) -> BoxFuture<'a, Result<AccessToken, Box<dyn StdError + Send + Sync>>> {
        Box::pin(async {
            self.0.notified().await;
            Ok(AccessToken::new(
                credentials::PARTNER_CENTER_TOKEN.into(),
                Some(Duration::from_secs(3600)),
            ))
        })
    }
}

#[tokio::test]
async fn no_turn_is_spent_on_a_call_that_has_no_token_yet() {
    let faulty = Faulty::start().await;
    let gate = Arc::new(Notify::new());
    let credential = Credential::from_tokens(Gated(Arc::clone(&gate)));
    let limit = RateLimit::new(number(1), secs(100));
    let client = faulty.partner().credential(credential).rate_limit(limit);
    let client = client.concurrency_limit(1).build().unwrap();
    for polls in 1..4 {
        assert!(drop_after(polls, soon_or_never(&client)).await.is_none());
    }
    gate.notify_one();
    soon(read(&client)).await.unwrap();
    assert!(faulty.clock.take_waits().is_empty());
}

/// A call that also wakes its caller by itself, so that it is polled although nothing has come.
async fn soon_or_never(client: &Client) {
    let mut call = pin!(read(client));
    loop {
        once(&mut call).await;
        tokio::task::yield_now().await;
    }
}
