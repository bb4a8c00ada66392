//! Servers that send without end: what is read of them is bounded, in bytes and in time.

use std::time::Duration;

use letterhead::partner_center::EntraApp;
use letterhead::{Error, MemoryStore, RetryPolicy};

use super::calls::{Call, cloudflare, partner};
use super::table::Table;
use crate::support::ManualClock;
use crate::support::server::{RawServer, Response, Step, json, typed};

const BOUNDED: &str = "what is read of a response without end is bounded";
const KEPT: &str = "what an error keeps and shows is bounded";
const IN_TIME: &str = "a response that never ends is given up on";

const MIB: u64 = 1024 * 1024;

fn endless(head: &str, again: &str) -> Response {
    let again = again.repeat(64 * 1024 / again.len());
    vec![Step::Send(head.as_bytes().to_vec()), Step::Endless(again.into_bytes())]
}

/// Reads once; the error, and how many bytes left the server.
async fn read(response: Response, limit: Duration) -> (Result<String, Error>, u64, usize) {
    let server = RawServer::each(vec![response]).await;
    let builder = partner(&server.url, &ManualClock::new()).retry(RetryPolicy::never());
    let client = builder.attempt_timeout(limit).build().unwrap();
    let outcome = Call::PartnerRead.partner(&client).await;
    (outcome, server.sent(), server.requests().len())
}

#[tokio::test]
async fn what_never_ends_is_bounded() {
    let mut table = Table::new("memory");
    let ok = "HTTP/1.1 200 OK\r\n";
    let chunked =
        |status: u16| format!("HTTP/1.1 {status} S\r\ntransfer-encoding: chunked\r\n\r\n");
    let chunk = "400\r\n".to_owned() + &"a".repeat(0x400) + "\r\n";
    let blank = "400\r\n".to_owned() + &" ".repeat(0x400) + "\r\n";
    for (name, response, most) in [
        ("a success in chunks", endless(&chunked(200), &chunk), 64),
        ("a success of blanks", endless(&chunked(200), &blank), 64),
        ("a refusal in chunks", endless(&chunked(500), &chunk), 16),
        ("a redirect in chunks", endless(&chunked(302), &chunk), 16),
        ("a success until the end of the connection", endless(&format!("{ok}\r\n"), "a"), 64),
        (
            "a success of 16 EiB",
            endless(&format!("{ok}content-length: 18446744073709551615\r\n\r\n"), "a"),
            64,
        ),
        (
            "a refusal of 1 TiB",
            endless("HTTP/1.1 404 N\r\ncontent-length: 1099511627776\r\n\r\n", "a"),
            16,
        ),
        ("headers", endless(ok, "x-a: b\r\n"), 16),
        ("a header's value", endless(&format!("{ok}x-a: "), "b"), 16),
        ("a header's name", endless(ok, "b"), 16),
        ("a reason phrase", endless("HTTP/1.1 200 ", "b"), 16),
        ("a chunk's extension", endless(&format!("{}2;x=", chunked(200)), "b"), 16),
        ("a chunk's size", endless(&chunked(200), "1"), 16),
        ("trailers", endless(&format!("{}2\r\n{{}}\r\n0\r\n", chunked(200)), "x-a: b\r\n"), 16),
        ("bytes after the body", endless(&format!("{ok}content-length: 2\r\n\r\n{{}}"), "b"), 16),
        ("empty lines", endless("", "\r\n"), 16),
    ] {
        let row = async move {
            let (outcome, sent, requests) = read(response, Duration::from_secs(15)).await;
            assert!(sent <= most * MIB, "{} MiB were sent", sent / MIB);
            assert_eq!(requests, 1);
            if let Err(error) = outcome {
                assert!(error.body().is_none_or(|body| body.len() <= 64 * 1024));
                assert!(error.to_string().len() <= 8 * 1024, "{error:.500}");
            }
        };
        table.row(BOUNDED, name, row).await;
    }
    table.end();
}

#[tokio::test]
async fn what_never_ends_is_given_up_on() {
    let mut table = Table::new("memory");
    let ok = "HTTP/1.1 200 OK\r\n";
    let stalling = |head: String| vec![Step::Send(head.into_bytes()), Step::Stall];
    for (name, response) in [
        ("no byte", vec![Step::Stall]),
        ("half the headers", stalling(format!("{ok}x-a"))),
        ("half the body", stalling(format!("{ok}content-length: 9\r\n\r\n{{"))),
        ("no last chunk", stalling(format!("{ok}transfer-encoding: chunked\r\n\r\n2\r\n{{}}\r\n"))),
        ("no end of the connection", stalling(format!("{ok}\r\n{{}}"))),
        (
            "noughts for a chunk's size",
            endless(&format!("{ok}transfer-encoding: chunked\r\n\r\n"), "0"),
        ),
        ("102 for ever", endless("", "HTTP/1.1 102 Processing\r\n\r\n")),
        ("100 and nothing more", stalling("HTTP/1.1 100 Continue\r\n\r\n".to_owned())),
    ] {
        for call in [Call::CloudRead, Call::CloudPost] {
            let response = response.clone();
            let row = async move {
                let server = RawServer::each(vec![response]).await;
                let builder = cloudflare(&server.url, &ManualClock::new())
                    .retry(RetryPolicy::default().attempts(2));
                let client = builder.attempt_timeout(Duration::from_millis(500)).build().unwrap();
                let error = call.cloudflare(&client).await.unwrap_err();
                assert_eq!(error.may_have_taken_effect(), call == Call::CloudPost, "{error}");
                let most = if call == Call::CloudPost { 1 } else { 2 };
                assert!(server.requests().len() <= most && error.may_have_been_sent());
            };
            table.row(IN_TIME, format!("{call:?}: {name}"), row).await;
        }
    }
    table.end();
}

#[tokio::test]
async fn what_an_error_keeps_is_bounded() {
    let mut table = Table::new("memory");
    let long = "x".repeat(300_000);
    let many = |of: &str| vec![of; 20_000].join(",");
    for (name, response) in [
        ("a long message", json(400, format!(r#"{{"code":1,"description":"{long}"}}"#))),
        ("a long code", json(400, format!(r#"{{"code":"{long}","description":"d"}}"#))),
        ("a long text", json(400, &long)),
        ("a long header", typed(400, &format!("ms-cv: {}\r\n", "y".repeat(60_000)), "")),
        (
            "a long content type",
            typed(200, &format!("content-type: {}\r\n", "y".repeat(60_000)), "<"),
        ),
        (
            "a long name before a fault",
            json(200, format!(r#"{{"attributes":{{"{long}":1,"etag":{{}}}}}}"#)),
        ),
        ("a long value of another type", json(200, format!(r#"{{"attributes":"{long}"}}"#))),
        (
            "many codes",
            json(400, format!(r#"{{"errors":[{}]}}"#, many(r#"{"code":1,"message":"m"}"#))),
        ),
        ("deep JSON in a refusal", json(400, "[".repeat(500_000))),
        ("deep objects in a refusal", json(400, r#"{"a":"#.repeat(100_000))),
        (
            "directions and nothings",
            json(
                400,
                "{\"code\":1,\"description\":\"a\u{202e}b\u{200b}c\u{2066}d\u{feff}e\u{7}f\u{85}g\u{2028}h\"}",
            ),
        ),
    ] {
        let row = async move {
            for vendor in 0..2 {
                let server = RawServer::each(vec![response.clone()]).await;
                let clock = ManualClock::new();
                let outcome = match vendor {
                    0 => Call::PartnerRead.make(&server.url, &clock).await,
                    _ => Call::CloudRead.make(&server.url, &clock).await,
                };
                // Cloudflare's documents don't know what some of these are about.
                let Err(error) = outcome else { continue };
                let (text, debug) = (error.to_string(), format!("{error:?}"));
                assert!(
                    text.len() + debug.len() <= 16 * 1024,
                    "{} bytes",
                    text.len() + debug.len()
                );
                assert!(error.body().is_none_or(|body| body.len() <= 64 * 1024));
                assert!(error.codes().len() <= 16);
                let is_hidden = |c: char| {
                    c.is_control() || "\u{202e}\u{200b}\u{2066}\u{feff}\u{2028}".contains(c)
                };
                assert!(!text.contains(is_hidden), "{text:?}");
                // What ends early may be asked for again.
                let most = if name.starts_with("deep") { 4 } else { 1 };
                let asked = server.requests().len();
                assert!(asked <= most, "asked {asked} times: {text:.200}");
            }
        };
        table.row(KEPT, name, row).await;
    }
    for (name, response) in [
        ("a token without end", endless("HTTP/1.1 200 OK\r\n\r\n{\"access_token\":\"", "t")),
        ("a refusal without end", endless("HTTP/1.1 400 B\r\n\r\n", "t")),
    ] {
        let row = async move {
            let server = RawServer::each(vec![response]).await;
            let app = EntraApp::new("contoso.example", "client", "secret").authority(&*server.url);
            let credential = app.app_and_user(MemoryStore::new("rt")).unwrap();
            let builder = partner(&server.url, &ManualClock::new()).credential(credential);
            let error = Call::PartnerRead.partner(&builder.build().unwrap()).await.unwrap_err();
            assert!(!error.may_have_been_sent(), "{error}");
            assert!(server.sent() <= 3 * 16 * MIB, "{} MiB", server.sent() / MIB);
        };
        table.row(BOUNDED, name, row).await;
    }
    table.end();
}
