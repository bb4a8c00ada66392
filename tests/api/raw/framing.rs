//! HTTP that isn't: what can't be framed is retried where that does no harm, and only there.

use letterhead::ErrorKind::Transport;

use super::calls::Want::{AtMost, Departed, Effect, Failure, Holds, Kind, Sent, Success};
use super::calls::{Call, Row, Want, run};
use crate::support::server::{Response, Step, cut, json, raw};

const RETRIED: &str = "a read whose response was cut off is sent again";
const ONCE: &str = "what may not be retried is sent once, and may have taken effect";
const SAME: &str = "a retry has the request id of the first attempt";
const WHOLE: &str = "a whole response is taken, however it is framed";
const ENDS: &str = "a complete response ends the request's life";

const PROFILE: &str = r#"{"email":"good@fabrikam.example"}"#;

/// What isn't a response, cut off or garbled.
fn broken() -> Vec<(&'static str, Response)> {
    let ok = "HTTP/1.1 200 OK\r\n";
    let of = |rest: &str| cut(format!("{ok}{rest}"));
    vec![
        ("no byte at all", cut("")),
        ("a reset before any byte", vec![Step::Reset]),
        ("half a status line", cut("HTTP/1.1 2")),
        ("half the headers", of("content-type: appl")),
        ("headers without their end", of("content-length: 2\r\n")),
        ("no body where one is declared", of("content-length: 33\r\n\r\n")),
        ("half the body", of("content-length: 33\r\n\r\n{\"email\":\"go")),
        (
            "half the body and a reset",
            vec![
                Step::Send(format!("{ok}content-length: 33\r\n\r\n{{\"em").into_bytes()),
                Step::Reset,
            ],
        ),
        (
            "a chunk size that is no number",
            of("transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"),
        ),
        ("a chunk shorter than its size", of("transfer-encoding: chunked\r\n\r\n9\r\n{}")),
        ("a chunk without its line end", of("transfer-encoding: chunked\r\n\r\n2\r\n{}0\r\n\r\n")),
        ("chunks without the last one", of("transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n")),
        (
            "a chunk size of more than 64 bits",
            of("transfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}\r\n0\r\n\r\n"),
        ),
        ("two lengths", of("content-length: 2\r\ncontent-length: 33\r\n\r\n{}")),
        ("a length below zero", of("content-length: -1\r\n\r\n{}")),
        ("a length in words", of("content-length: two\r\n\r\n{}")),
        ("a length of more than 64 bits", of("content-length: 99999999999999999999999\r\n\r\n{}")),
        ("HTTP/0.9", cut(PROFILE)),
        ("a page of HTML without a head", cut("<html>busy</html>\r\n\r\n")),
        ("a status that is no number", cut("HTTP/1.1 abc OK\r\n\r\n")),
        ("another protocol", cut("SSH-2.0-OpenSSH_9.6\r\n\r\n")),
        ("a version that isn't spoken", cut("HTTP/3.0 200 OK\r\n\r\n")),
        ("zeros", cut([0; 64])),
        ("a header with a NUL", of("x-a: b\0c\r\ncontent-length: 2\r\n\r\n{}")),
        ("a header without a colon", of("nonsense\r\ncontent-length: 2\r\n\r\n{}")),
        ("a name with a blank", of("x a: b\r\ncontent-length: 2\r\n\r\n{}")),
    ]
}

#[tokio::test]
async fn what_is_cut_off_is_retried_where_that_does_no_harm() {
    let mut rows = Vec::new();
    for (name, response) in broken() {
        let good = json(200, PROFILE);
        rows.push(Row::new(
            RETRIED,
            name,
            Call::PartnerRead,
            vec![response.clone(), good.clone()],
            &[Holds("good@fabrikam"), Sent(2), Want::SameId],
        ));
        rows.push(Row::new(
            ONCE,
            name,
            Call::CloudPost,
            vec![response.clone(), json(200, r#"{"result":{"id":"o"}}"#)],
            &[Failure, Sent(1), Effect(true), Departed(true)],
        ));
    }
    run("framing", rows).await;
}

#[tokio::test]
async fn a_retry_is_recognized_by_its_id() {
    let mut rows = Vec::new();
    for (name, response) in broken() {
        let then = json(201, r#"{"id":"u"}"#);
        rows.push(Row::new(
            SAME,
            name,
            Call::PartnerPost,
            vec![response.clone(), then],
            &[AtMost(2), Want::SameId, Effect(true)],
        ));
    }
    let always = || vec![cut("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}")];
    rows.push(Row::new(
        "attempts end, and the last error counts them",
        "cut off for ever",
        Call::PartnerRead,
        always(),
        &[Kind(Transport), Sent(4), Effect(false), Departed(true)],
    ));
    rows.push(Row::new(
        "attempts end, and the last error counts them",
        "cut off for ever",
        Call::PartnerPut,
        always(),
        &[Kind(Transport), Sent(4), Effect(true), Departed(true)],
    ));
    run("framing", rows).await;
}

#[tokio::test]
async fn a_whole_response_is_taken() {
    let length = PROFILE.len();
    let headers = |count: usize| {
        let lines = (1..count).map(|n| format!("x-{n}: {n}\r\n"));
        let lines = lines.collect::<String>();
        raw(format!("HTTP/1.1 200 OK\r\n{lines}content-length: {length}\r\n\r\n{PROFILE}"))
    };
    let of = |head: &str| raw(format!("{head}content-length: {length}\r\n\r\n{PROFILE}"));
    let chunked =
        |body: &str| raw(format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{body}"));
    let each: Vec<String> = PROFILE.chars().map(|c| format!("1\r\n{c}\r\n")).collect();
    let single = |bytes: &str| bytes.bytes().map(|byte| Step::Send(vec![byte])).collect();
    let whole = [
        (
            "HTTP/1.0 until the end of the connection",
            cut(format!("HTTP/1.0 200 OK\r\n\r\n{PROFILE}")),
        ),
        (
            "HTTP/1.1 until the end of the connection",
            cut(format!("HTTP/1.1 200 OK\r\n\r\n{PROFILE}")),
        ),
        ("HTTP/1.0 with a length", of("HTTP/1.0 200 OK\r\n")),
        ("no reason phrase", of("HTTP/1.1 200\r\n")),
        ("a phrase that isn't ASCII", of("HTTP/1.1 200 Tr\u{e8}s bien\r\n")),
        (
            "three times 100 Continue before",
            of(&format!("{}HTTP/1.1 200 OK\r\n", "HTTP/1.1 100 Continue\r\n\r\n".repeat(3))),
        ),
        (
            "103 Early Hints before",
            of("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n"),
        ),
        ("102 Processing before", of("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\n")),
        ("chunks", chunked(&format!("{length:x}\r\n{PROFILE}\r\n0\r\n\r\n"))),
        (
            "chunks with extensions",
            chunked(&format!("{length:X};a=\"b\";c\r\n{PROFILE}\r\n0;z\r\n\r\n")),
        ),
        (
            "chunks with trailers",
            chunked(&format!("{length:x}\r\n{PROFILE}\r\n0\r\nx-sum: 1\r\n\r\n")),
        ),
        ("a chunk for each byte", chunked(&(each.concat() + "0\r\n\r\n"))),
        (
            "byte by byte",
            single(&format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{PROFILE}")),
        ),
        ("a header in Latin-1", {
            let head = b"HTTP/1.1 200 OK\r\nx-a: caf\xe9\r\n".to_vec();
            let rest = format!("content-length: {length}\r\n\r\n{PROFILE}");
            raw([head, rest.into_bytes()].concat())
        }),
        ("a hundred headers", headers(100)),
        ("an empty header", of("HTTP/1.1 200 OK\r\nx-a:\r\n")),
        ("a close that is announced", {
            let head = "HTTP/1.1 200 OK\r\nconnection: close\r\n";
            cut(format!("{head}content-length: {length}\r\n\r\n{PROFILE}"))
        }),
    ];
    let mut rows: Vec<Row> = whole
        .into_iter()
        .map(|(name, response)| {
            let wants = [Holds("good@fabrikam"), Sent(1)];
            Row::new(WHOLE, name, Call::PartnerRead, vec![response], &wants)
        })
        .collect();
    for call in [Call::PartnerRead, Call::PartnerPost, Call::PartnerPut] {
        // Whether it is taken or refused: it came whole, and came once.
        rows.push(Row::new(ENDS, "101 headers", call, vec![headers(101)], &[AtMost(1)]));
    }
    run("framing", rows).await;
}

#[tokio::test]
async fn what_is_framed_strangely_does_no_harm() {
    let length = PROFILE.len();
    let whole = format!("content-length: {length}\r\n\r\n{PROFILE}");
    let strange = [
        ("a folded header", cut(format!("HTTP/1.1 200 OK\r\nx-a: b\r\n c\r\n{whole}"))),
        ("a blank before the colon", cut(format!("HTTP/1.1 200 OK\r\nx-a : b\r\n{whole}"))),
        ("line ends without a return", cut(format!("HTTP/1.1 200 OK\n{whole}"))),
        (
            "chunks and a length",
            cut(format!(
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-length: 2\r\n\r\n\
                 {length:x}\r\n{PROFILE}\r\n0\r\n\r\n"
            )),
        ),
        (
            "an unknown transfer encoding",
            cut(format!("HTTP/1.1 200 OK\r\ntransfer-encoding: rot13\r\n\r\n{PROFILE}")),
        ),
        (
            "an upgrade that nobody asked for",
            cut("HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n"),
        ),
        ("HTTP/2's preface", cut("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")),
    ];
    let mut rows = Vec::new();
    for (name, response) in strange {
        let row = |promise, call, wants: &[Want]| {
            let then = json(200, r#"{"email":"later","result":{"id":"later"}}"#);
            Row::new(promise, name, call, vec![response.clone(), then], wants)
        };
        rows.push(row(ONCE, Call::CloudPost, &[Sent(1), Effect(true)]));
        rows.push(row("a read never fails for ever", Call::PartnerRead, &[AtMost(2)]));
    }
    let early = |body: &str| cut(format!("HTTP/1.0 200 OK\r\n\r\n{body}"));
    rows.push(Row::new(
        "JSON that ended early is taken for a response cut off",
        "HTTP/1.0 without a length",
        Call::PartnerRead,
        vec![early("{\"email\":\"go"), json(200, PROFILE)],
        &[Success, Sent(2)],
    ));
    rows.push(Row::new(
        ONCE,
        "HTTP/1.0 without a length, cut off",
        Call::CloudPost,
        vec![early("{\"result\":{\"id\":\"o"), json(200, r#"{"result":{}}"#)],
        &[Failure, Sent(1), Effect(true)],
    ));
    run("framing", rows).await;
}
