//! Several runtimes that share a client: one that ends, or that nobody drives for a while, keeps nothing from the others.

use std::error::Error as StdError;
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use letterhead::partner_center::{Client, Credential};
use letterhead::{
    AccessToken, BoxFuture, ClientBuilder, Error, RateLimit, RetryPolicy, TokenSource, reqwest,
};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;

use crate::limits::number;
use crate::support::server::{RawServer, Step, json};
use crate::support::soon;

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// A server in a runtime that is driven all the time. It never responds to the legal business profile.
fn apart() -> (Runtime, RawServer, Arc<AtomicBool>) {
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let has_stalled = Arc::new(AtomicBool::new(false));
    let stalled = Arc::clone(&has_stalled);
    let server = runtime.block_on(RawServer::start(move |request| {
        if request.target().ends_with("legalbusiness") {
            stalled.store(true, SeqCst);
            return vec![Step::Stall];
        }
        json(200, r#"{"email":"a"}"#)
    }));
    (runtime, server, has_stalled)
}

fn partner(url: &str) -> ClientBuilder<Client> {
    let credential = Credential::bearer("token").unwrap();
    Client::builder().base_url(url).credential(credential).retry(RetryPolicy::never())
}

async fn read(client: &Client) -> Result<(), Error> {
    soon(client.get_support_profile().send()).await.map(drop)
}

/// A source whose first token never comes.
#[derive(Clone, Debug, Default)]
struct Stuck(Arc<(AtomicUsize, Notify)>);

impl TokenSource for Stuck {
    fn fetch<'a>(
        &'a self,
        _: &'a reqwest::Client,
    ) -> BoxFuture<'a, Result<AccessToken, Box<dyn StdError + Send + Sync>>> {
        Box::pin(async {
            if self.0.0.fetch_add(1, SeqCst) == 0 {
                self.0.1.notify_one();
                pending::<()>().await;
            }
            Ok(AccessToken::new("token".into(), Some(Duration::from_secs(3600))))
        })
    }
}

/// A client whose sign-in is under way in a runtime that nobody drives.
fn signing_in(url: &str) -> (Client, Stuck, Runtime) {
    let source = Stuck::default();
    let client = partner(url).credential(Credential::from_tokens(source.clone()));
    let (client, runtime) = (client.build().unwrap(), runtime());
    runtime.block_on(async {
        tokio::select! {
            _ = client.get_support_profile().send() => unreachable!("it has no token"),
            () = source.0.1.notified() => {}
        }
    });
    (client, source, runtime)
}

#[test]
fn a_sign_in_in_a_runtime_that_nobody_drives_is_taken_over_by_another_one() {
    let (_running, server, _) = apart();
    let (client, source, _idle) = signing_in(&server.url);
    runtime().block_on(read(&client)).unwrap();
    assert_eq!(source.0.0.load(SeqCst), 2);
}

#[test]
fn a_sign_in_that_ends_with_its_runtime_fails_no_call_of_another_one() {
    let (_running, server, _) = apart();
    let (client, source, ending) = signing_in(&server.url);
    let staying = runtime();
    staying.block_on(async {
        let waiting = tokio::spawn({
            let client = client.clone();
            async move { read(&client).await }
        });
        // It waits for the sign-in that is under way.
        tokio::task::yield_now().await;
        ending.shutdown_background();
        waiting.await.unwrap().unwrap();
    });
    assert_eq!(source.0.0.load(SeqCst), 2);
}

/// Drops a call in a runtime that nobody drives after that, once the server has its request.
fn give_up(runtime: &Runtime, client: &Client, is_sent: &AtomicBool) {
    runtime.block_on(async {
        let sent = async {
            while !is_sent.load(SeqCst) {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            _ = client.get_legal_business_profile().send() => unreachable!("nobody responds"),
            () = sent => {}
        }
    });
}

#[test]
fn a_call_that_was_dropped_gives_its_place_back_although_nobody_drives_its_runtime() {
    let (_running, server, is_sent) = apart();
    let client = partner(&server.url).concurrency_limit(1).build().unwrap();
    let (idle, driven) = (runtime(), runtime());
    give_up(&idle, &client, &is_sent);
    driven.block_on(read(&client)).unwrap();
    // And in its own runtime, later.
    idle.block_on(read(&client)).unwrap();
}

#[test]
fn a_call_that_was_dropped_leaves_the_line_although_nobody_drives_its_runtime() {
    let (_running, server, _) = apart();
    let each = Duration::from_millis(300);
    let client = partner(&server.url).rate_limit(RateLimit::new(number(1), each));
    let client = client.build().unwrap();
    let (idle, driven) = (runtime(), runtime());
    idle.block_on(async {
        read(&client).await.unwrap();
        // It waits for its turn.
        for _ in 0..3 {
            let call = client.get_support_profile().send();
            tokio::time::timeout(each / 30, call).await.unwrap_err();
        }
    });
    driven.block_on(read(&client)).unwrap();
}
