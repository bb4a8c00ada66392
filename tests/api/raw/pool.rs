//! Connections that are reused when they shouldn't be.

use super::calls::{Call, cloudflare, partner};
use super::table::Table;
use crate::support::ManualClock;
use crate::support::server::{RawServer, Response, Step, cut, json, raw, typed};

const OWN: &str = "a call gets the response to its own request";
const SICK: &str = "an attempt doesn't go to a connection that has just sent a 5xx";
const STALE: &str = "a stale connection costs a read an attempt and a write nothing";

const FIRST: &str = r#"{"email":"first"}"#;
const SECOND: &str = r#"{"email":"second"}"#;

/// Two reads, of which the first gets `response` and the second with `SECOND`.
async fn read_twice(response: Response, greeting: Response) {
    let server = RawServer::greeting(greeting, move |request| match request.number {
        0 => response.clone(),
        _ => json(200, SECOND),
    })
    .await;
    let client = partner(&server.url, &ManualClock::new()).build().unwrap();
    drop(Call::PartnerRead.partner(&client).await);
    for _ in 0..2 {
        let second = Call::PartnerRead.partner(&client).await.unwrap();
        assert!(second.contains("second"), "{second}");
    }
}

#[tokio::test]
async fn bytes_that_nobody_asked_for_are_nobodys_response() {
    let mut table = Table::new("pool");
    let smuggled = "HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{\"email\":\"smuggled\"}";
    let after = |head: &str| raw(format!("{head}{smuggled}"));
    let responses = [
        (
            "a second response after the first",
            after("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"),
        ),
        ("a response in the body of a 204", after("HTTP/1.1 204 N\r\n\r\n")),
        ("a response in the body of a 304", after("HTTP/1.1 304 N\r\n\r\n")),
        (
            "a response after chunks",
            after("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
        ),
        (
            "a response after a refusal that is too short",
            after("HTTP/1.1 400 B\r\ncontent-length: 0\r\n\r\n"),
        ),
        ("more bytes than declared", {
            raw(format!("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{FIRST}"))
        }),
        ("a page of HTML after the body", {
            raw("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}<html>bye</html>")
        }),
    ];
    for (name, response) in responses {
        table.row(OWN, name, read_twice(response, Vec::new())).await;
    }
    table
        .row(OWN, "a response before the request of a write", async {
            let created = json(201, r#"{"success":true,"result":{"id":"made up"}}"#);
            let refusal = json(400, r#"{"success":false,"errors":[],"result":null}"#);
            let server = RawServer::greeting(created, move |_| refusal.clone()).await;
            let client = cloudflare(&server.url, &ManualClock::new()).build().unwrap();
            drop(Call::CloudPost.cloudflare(&client).await);
            assert!(server.count("POST") <= 1, "sent {}", server.count("POST"));
        })
        .await;
    table.end();
}

#[tokio::test]
async fn a_sick_connection_is_left() {
    let mut table = Table::new("pool");
    for status in [500, 502, 503, 504] {
        let row = async move {
            // Connection 0 is sick for ever, every other one is well.
            let server = RawServer::start(move |request| match request.connection {
                0 => json(status, "{}"),
                _ => json(200, SECOND),
            })
            .await;
            let client = partner(&server.url, &ManualClock::new()).build().unwrap();
            for call in 0..3 {
                let outcome = Call::PartnerRead.partner(&client).await;
                assert!(outcome.is_ok(), "call {call}: {outcome:?}");
            }
            let sick = server.requests().iter().filter(|it| it.connection == 0).count();
            assert!(sick <= 2, "{sick} requests on the sick connection");
        };
        table.row(SICK, format!("a read, {status}"), row).await;
    }
    let row = async {
        let server = RawServer::start(|request| match request.connection {
            0 => json(503, "{}"),
            _ => json(200, SECOND),
        })
        .await;
        let client = partner(&server.url, &ManualClock::new()).build().unwrap();
        let wrote = Call::PartnerPut.partner(&client).await;
        assert!(wrote.is_ok(), "{wrote:?}");
    };
    table.row(SICK, "a PUT", row).await;
    let row = async {
        let server = RawServer::start(|request| match request.connection {
            0 => typed(503, "connection: close\r\n", "{}"),
            _ => json(200, SECOND),
        })
        .await;
        let client = partner(&server.url, &ManualClock::new()).build().unwrap();
        Call::PartnerRead.partner(&client).await.unwrap();
        assert_eq!(server.requests().len(), 2);
    };
    table.row(SICK, "one that closes by itself", row).await;
    let row = async {
        let server = RawServer::start(|_| json(200, FIRST)).await;
        let client = partner(&server.url, &ManualClock::new()).build().unwrap();
        for _ in 0..5 {
            Call::PartnerRead.partner(&client).await.unwrap();
        }
        assert_eq!(server.connections(), 1);
    };
    table.row("a well connection is used again", "five reads", row).await;
    table.end();
}

/// The first request on a connection gets a response, and what comes later on it is what `later` does.
async fn stale(later: Response) -> RawServer {
    let mut seen = Vec::new();
    RawServer::start(move |request| {
        if seen.contains(&request.connection) {
            return later.clone();
        }
        seen.push(request.connection);
        json(200, r#"{"email":"a","result":{"id":"o"},"success":true}"#)
    })
    .await
}

#[tokio::test]
async fn a_stale_connection_does_no_harm() {
    let mut table = Table::new("pool");
    for (name, later) in [
        ("closed when it is used", cut("")),
        ("reset when it is used", vec![Step::Reset]),
        ("half a response", cut("HTTP/1.1 20")),
        ("a timeout of the server's", typed(408, "connection: close\r\n", "")),
    ] {
        let close = later.clone();
        let row = async move {
            let server = stale(close).await;
            let client = partner(&server.url, &ManualClock::new()).build().unwrap();
            for _ in 0..4 {
                Call::PartnerRead.partner(&client).await.unwrap();
            }
        };
        table.row(STALE, format!("reads, {name}"), row).await;
        let row = async move {
            let server = stale(later).await;
            let client = cloudflare(&server.url, &ManualClock::new()).build().unwrap();
            Call::CloudRead.cloudflare(&client).await.unwrap();
            let wrote = Call::CloudPost.cloudflare(&client).await;
            assert_eq!(server.count("POST"), 1, "it came to the server twice: {wrote:?}");
            if let Err(error) = wrote {
                assert!(error.may_have_taken_effect(), "{error}");
            }
        };
        table.row(STALE, format!("a POST that came, {name}"), row).await;
    }
    let row = async {
        let server = RawServer::start(|_| {
            let close = json(200, r#"{"result":{"id":"o"},"success":true}"#);
            close.into_iter().chain([Step::Close]).collect()
        })
        .await;
        let client = cloudflare(&server.url, &ManualClock::new()).build().unwrap();
        for round in 1..=5 {
            Call::CloudRead.cloudflare(&client).await.unwrap();
            let wrote = Call::CloudPost.cloudflare(&client).await;
            let came = server.count("POST");
            assert!(came <= round, "{came} writes came of {round}");
            assert!(wrote.is_err() || came > 0, "a success that never came");
        }
    };
    table.row(STALE, "closed after each response", row).await;
    table.end();
}
