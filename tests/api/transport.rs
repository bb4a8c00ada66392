//! Connections that clients share, and those that are apart: of a runtime, of a transport, of a client that fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use letterhead::partner_center::{Client, Credential};
use letterhead::{ClientBuilder, Error, RetryPolicy, Transport, cloudflare};
use tokio::runtime::{Builder, Runtime};

use crate::support::server::{RawServer, Step, json};
use crate::support::{nobody, soon};

fn partner(url: &str) -> ClientBuilder<Client> {
    let credential = Credential::bearer("token").unwrap();
    Client::builder().base_url(url).credential(credential).retry(RetryPolicy::never())
}

async fn read(client: &Client) -> Result<(), Error> {
    soon(client.get_support_profile().send()).await.map(drop)
}

async fn well() -> RawServer {
    RawServer::start(|_| json(200, r#"{"email":"a"}"#)).await
}

#[tokio::test]
async fn clients_share_connections() {
    let server = well().await;
    for _ in 0..20 {
        read(&partner(&server.url).build().unwrap()).await.unwrap();
    }
    let together: Vec<_> = (0..20).map(|_| partner(&server.url).build().unwrap()).collect();
    for client in &together {
        read(client).await.unwrap();
    }
    assert_eq!(server.connections(), 1);

    // One that is wanted apart is apart, and shares with those that have the same.
    let transport = Transport::new();
    for client in [partner(&server.url), partner(&server.url)] {
        read(&client.transport(&transport).build().unwrap()).await.unwrap();
    }
    assert_eq!(server.connections(), 2);
    // So is one whose connections are made in another way.
    let quick = partner(&server.url).connect_timeout(Duration::from_secs(3));
    read(&quick.build().unwrap()).await.unwrap();
    assert_eq!(server.connections(), 3);
}

#[tokio::test]
async fn a_transport_and_a_client_of_the_callers_exclude_each_other() {
    let http = letterhead::http_client_builder().unwrap().build().unwrap();
    let client = partner(&nobody()).transport(&Transport::new()).http_client(http);
    let error = client.build().unwrap_err().to_string();
    assert!(error.contains("give it one of them"), "{error}");
}

#[tokio::test]
async fn a_client_that_fails_leaves_the_others_their_connections() {
    // One target is never responded to, and the others are.
    let server = RawServer::start(|request| match request.target() {
        "/v1/profiles/legalbusiness" => vec![Step::Stall],
        _ => json(200, r#"{"email":"a"}"#),
    })
    .await;
    let hasty = partner(&server.url).attempt_timeout(Duration::from_millis(30)).build().unwrap();
    let well = partner(&server.url).build().unwrap();
    read(&well).await.unwrap();
    for _ in 0..4 {
        let error = soon(hasty.get_legal_business_profile().send()).await.unwrap_err();
        assert!(error.is_timeout(), "{error}");
        read(&well).await.unwrap();
    }
    let of_well = server.requests().into_iter().filter(|it| it.target().ends_with("support"));
    let mut connections: Vec<_> = of_well.map(|it| it.connection).collect();
    connections.dedup();
    // The first failure closed the connection that both had; after it the hasty client has its own.
    assert_eq!(connections, [0, 1]);
}

#[tokio::test]
async fn a_vendor_that_is_away_leaves_the_others_their_connections() {
    let server = well().await;
    for _ in 0..5 {
        let away = cloudflare::Client::builder()
            .base_url(nobody())
            .credential(cloudflare::Credential::api_token("token").unwrap())
            .retry(RetryPolicy::never())
            .build()
            .unwrap();
        assert!(away.list_organizations().send().await.unwrap_err().is_connect());
        read(&partner(&server.url).build().unwrap()).await.unwrap();
    }
    assert_eq!(server.connections(), 1);
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// A server in a runtime of its own, which is driven all the time.
fn apart() -> (Runtime, RawServer) {
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = runtime.block_on(well());
    (runtime, server)
}

/// A write that goes over a connection of the pool.
async fn write(client: &Client) -> Result<(), Error> {
    let call = client.update_support_profile().body_map(|it| it.email("a@b.example"));
    soon(call.send()).await.map(drop)
}

#[test]
fn a_client_outlives_a_runtime() {
    let (_running, server) = apart();
    let client = partner(&server.url).build().unwrap();
    for round in 1..=5 {
        let runtime = runtime();
        runtime.block_on(async {
            // The first one of a round would meet a connection of the runtime that is over.
            if round % 2 == 0 {
                write(&client).await.unwrap();
            }
            read(&client).await.unwrap();
            read(&client).await.unwrap();
            write(&client).await.unwrap();
        });
        drop(runtime);
        let reads = server.requests().into_iter().filter(|it| it.method() == "GET");
        let mut connections: Vec<_> = reads.map(|it| it.connection).collect();
        connections.dedup();
        assert_eq!(connections.len(), round, "one for the reads of each runtime");
    }
    assert_eq!(server.count("GET"), 10);
    assert_eq!(server.count("PUT"), 7);
}

#[test]
fn a_runtime_that_stands_still_stops_no_other() {
    let (_running, server) = apart();
    let client = partner(&server.url).build().unwrap();
    let (standing, moving) = (runtime(), runtime());
    standing.block_on(read(&client)).unwrap();
    // Its connection is open, and nobody drives it now.
    moving.block_on(async {
        for _ in 0..3 {
            read(&client).await.unwrap();
            write(&client).await.unwrap();
        }
    });
    standing.block_on(read(&client)).unwrap();
    let reads = server.requests().into_iter().filter(|it| it.method() == "GET");
    let connections: Vec<_> = reads.map(|it| it.connection).collect();
    assert_eq!(connections[0], connections[4], "it still has its own: {connections:?}");
    assert_ne!(connections[0], connections[1]);
}

#[test]
fn runtimes_side_by_side_do_not_disturb_each_other() {
    let (_running, server) = apart();
    let client = partner(&server.url).build().unwrap();
    let failed = Arc::new(AtomicUsize::new(0));
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let (client, failed) = (client.clone(), Arc::clone(&failed));
            std::thread::spawn(move || {
                for _ in 0..10 {
                    // Each ends while the others are in the middle of a call.
                    let outcome = runtime().block_on(async {
                        read(&client).await?;
                        write(&client).await?;
                        read(&client).await
                    });
                    failed.fetch_add(usize::from(outcome.is_err()), SeqCst);
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!(failed.load(SeqCst), 0);
    assert_eq!(server.count("PUT"), 40, "none is lost or sent twice");
}
