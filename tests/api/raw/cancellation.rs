//! Calls that are dropped at each of their polls: whatever comes next finds everything as it was.

use std::collections::HashSet;
use std::future::{Future, poll_fn};
use std::num::NonZeroU32;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use letterhead::partner_center::{Client, EntraApp};
use letterhead::{MemoryStore, RateLimit};

use super::calls::{Call, ENDLESS, partner};
use super::table::Table;
use crate::support::ManualClock;
use crate::support::server::{RawServer, Request, Response, json};

const FREE: &str = "a call that is dropped at any poll gives back its permit and its turn";
const ONCE: &str = "a stream that is dropped at any poll loses no item and repeats none";
const SIGN_IN: &str = "whoever starts a sign-in may be dropped, and takes nobody along";
const UPDATE: &str = "an update that is dropped at any poll leaves the next one a whole resource";

/// At how many polls the rows drop a call.
const POLLS: usize = 8;

/// Polls `future` so often, and drops it if it isn't over by then.
async fn drop_after<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        future.as_mut().poll(context).map(Some)
    })
    .await
}

/// A client for one call at a time.
fn narrow(server: &RawServer) -> Client {
    let many = NonZeroU32::new(1_000_000).unwrap();
    partner(&server.url, &ManualClock::new())
        .concurrency_limit(1)
        .rate_limit(RateLimit::new(many, Duration::from_secs(1)))
        .build()
        .unwrap()
}

const BODY: &str = r#"{"id":"u","email":"a","attributes":{"etag":"e"}}"#;

#[tokio::test]
async fn a_dropped_call_gives_everything_back() {
    let mut table = Table::new("cancellation");
    for call in [Call::PartnerRead, Call::PartnerPut, Call::PartnerPost] {
        for polls in 0..POLLS {
            let row = async move {
                // Each first attempt fails, so that some are dropped in their second one.
                let mut seen = HashSet::new();
                let server = RawServer::start(move |request: &Request| {
                    let id = request.header("ms-requestid").unwrap_or_default().to_owned();
                    let status = if seen.insert(id) { 429 } else { 200 };
                    json(status, BODY)
                })
                .await;
                let client = narrow(&server);
                for _ in 0..20 {
                    drop(drop_after(polls, call.partner(&client)).await);
                }
                call.partner(&client).await.unwrap();
            };
            table.row(FREE, format!("{call:?} dropped after {polls} polls"), row).await;
        }
    }
    table.end();
}

#[tokio::test]
async fn a_dropped_stream_loses_nothing() {
    let mut table = Table::new("cancellation");
    for polls in 1..POLLS {
        let row = async move {
            let server = RawServer::start(|request: &Request| {
                let token = request.header("ms-continuationtoken");
                let page = token.and_then(|token| token.parse::<usize>().ok()).unwrap_or(0);
                let items = format!(r#"[{{"id":"{page}a"}},{{"id":"{page}b"}}]"#);
                let next = if page < 3 { format!("\"{}\"", page + 1) } else { "null".into() };
                json(200, format!(r#"{{"items":{items},"continuationToken":{next}}}"#))
            })
            .await;
            let mut items = narrow(&server).list_customers().items();
            let mut ids = Vec::new();
            while ids.len() < 8 {
                if let Some(item) = drop_after(polls, items.next()).await {
                    ids.extend(item.expect("eight items").unwrap().id);
                } else {
                    tokio::task::yield_now().await;
                }
            }
            assert_eq!(ids, ["0a", "0b", "1a", "1b", "2a", "2b", "3a", "3b"]);
            assert!(items.next().await.is_none());
            assert_eq!(server.requests().len(), 4);
        };
        table.row(ONCE, format!("{polls} polls at a time"), row).await;
    }
    table.end();
}

#[tokio::test]
async fn a_dropped_sign_in_takes_nobody_along() {
    let mut table = Table::new("cancellation");
    for polls in 0..POLLS {
        let row = async move {
            let mut next = 0;
            let server = RawServer::start(move |request: &Request| {
                if !request.target().contains("/token") {
                    return json(200, BODY);
                }
                if !request.text().contains(&format!("refresh_token=rt-{next}")) {
                    return json(400, r#"{"error":"invalid_grant"}"#);
                }
                next += 1;
                let tokens = format!(r#""access_token":"at","refresh_token":"rt-{next}""#);
                json(200, format!(r#"{{"expires_in":3599,{tokens}}}"#))
            })
            .await;
            let clock = ManualClock::new();
            let app = EntraApp::new("contoso.example", "client", "secret").authority(&*server.url);
            let credential = app.app_and_user(MemoryStore::new("rt-0")).unwrap();
            let builder = partner(&server.url, &clock).credential(credential);
            let client = builder.concurrency_limit(1).build().unwrap();
            for _ in 0..5 {
                drop(drop_after(polls, Call::PartnerRead.partner(&client)).await);
                Call::PartnerRead.partner(&client).await.unwrap();
                clock.advance(Duration::from_secs(4000));
            }
            let requests = server.requests();
            let sign_ins = requests.iter().filter(|it| it.target().contains("/token"));
            assert!(sign_ins.count() <= 5, "one for each life of a token");
        };
        table.row(SIGN_IN, format!("dropped after {polls} polls"), row).await;
    }
    table.end();
}

#[tokio::test]
async fn a_dropped_update_leaves_a_whole_resource() {
    let mut table = Table::new("cancellation");
    for polls in 0..2 * POLLS {
        let row = async move {
            let stored = Arc::new(Mutex::new((String::from("old"), 1)));
            let state = Arc::clone(&stored);
            let server = RawServer::start(move |request: &Request| {
                respond(&mut state.lock().unwrap(), request)
            })
            .await;
            let client = narrow(&server);
            for number in 0..10 {
                let resource = client.organization_profile().timeout(ENDLESS);
                let update = resource.update(|it| it.email = Some(format!("dropped {number}")));
                drop(drop_after(polls, update).await);
            }
            let resource = client.organization_profile().timeout(ENDLESS);
            let updated = resource.update(|it| it.email = Some("last".into())).await.unwrap();
            assert_eq!(updated.email.as_deref(), Some("last"));
            assert_eq!(stored.lock().unwrap().0, "last");
            for put in server.requests().iter().filter(|it| it.method() == "PUT") {
                assert!(put.text().contains("\"unknown\":1.0"), "{}", put.text());
            }
        };
        table.row(UPDATE, format!("dropped after {polls} polls"), row).await;
    }
    table.end();
}

fn respond((email, version): &mut (String, usize), request: &Request) -> Response {
    if request.method() == "PUT" {
        let put: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
        if put["attributes"]["etag"] != format!("e{version}") {
            return json(400, r#"{"code":2055}"#);
        }
        put["email"].as_str().unwrap().clone_into(email);
        *version += 1;
    }
    let etag = format!(r#""attributes":{{"etag":"e{version}"}}"#);
    json(200, format!(r#"{{"email":"{email}","unknown":1.0,{etag}}}"#))
}
