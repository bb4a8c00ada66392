//! JSON of every kind: a whole response is decoded or refused once, and unknown members are kept as they
//! came.

use letterhead::ErrorKind::Decode;

use super::calls::Want::{AtMost, Effect, Failure, Holds, IsNot, Kind, Says, Sent, Success};
use super::calls::{Call, Row, run};
use crate::support::server::{Response, json, typed};

const KEPT: &str = "an unknown member is kept exactly as it came";
const KNOWN: &str = "valid JSON in an unknown member doesn't lose the record";
const ONCE: &str = "a response that came whole and can't be decoded isn't asked for again";
const LIFE: &str = "a complete response ends a write's life: it is never sent again";
const EARLY: &str = "JSON that ended early is taken for a response cut off";
const NO_PANIC: &str = "whatever is sent is a value or an error";

fn nested(depth: usize) -> String {
    format!("{}1{}", "[".repeat(depth), "]".repeat(depth))
}

/// Valid JSON that not every decoder takes.
fn strange() -> Vec<(&'static str, String)> {
    vec![
        ("a number beyond floats", "1e400".into()),
        ("a number below floats", "-1e400".into()),
        ("an exponent of 30 digits", format!("1e{}", "9".repeat(30))),
        ("a lone high surrogate", r#""\ud800""#.into()),
        ("a lone low surrogate", r#""\udc00x""#.into()),
        ("surrogates in the wrong order", r#""\udc00\ud800""#.into()),
        ("200 levels", nested(200)),
        ("129 levels of objects", { format!("{}1{}", r#"{"a":"#.repeat(129), "}".repeat(129)) }),
        ("a lone surrogate as a name", r#"{"\ud800":1}"#.into()),
        ("an integer of 30 digits", "123456789012345678901234567890".into()),
        ("an integer of 400 digits", "7".repeat(400)),
    ]
}

#[tokio::test]
async fn an_unknown_member_loses_nothing() {
    let mut rows = Vec::new();
    let exact = [
        "1.0",
        "1e2",
        "1E+2",
        "-0",
        "-0.0",
        "0.10",
        "123456789012345678901234567890",
        "0.1234567890123456789012345678901234567890",
        "18446744073709551616",
        "-9223372036854775809",
        "9007199254740993",
        "5e-324",
        "1e400",
        "null",
        "[]",
        "{}",
        r#""\u0000""#,
        r#"[1.0,{"a":1e2}]"#,
        r#""\ud800""#,
    ];
    for text in exact {
        let body = format!(r#"{{"email":"a@b.example","unknown":{text},"z":true}}"#);
        // A row lives as long as the test.
        let wanted: &'static str = format!("\"unknown\":{text}").leak();
        for call in [Call::PartnerRead, Call::CampaignRead] {
            let wants = [Success, Sent(1), Holds(wanted)];
            rows.push(Row::new(KEPT, text, call, vec![json(200, &body)], &wants));
        }
    }
    run("json", rows).await;
}

#[tokio::test]
async fn valid_json_loses_no_record_and_causes_no_retry() {
    let mut rows = Vec::new();
    for (name, text) in strange() {
        let of = |call: Call| match call {
            Call::CloudRead | Call::CloudPost => {
                format!(r#"{{"success":true,"result":{{"id":"o","unknown":{text}}}}}"#)
            }
            _ => format!(r#"{{"email":"a@b.example","id":"u","unknown":{text}}}"#),
        };
        for call in [Call::PartnerRead, Call::CloudRead] {
            let responses = vec![json(200, of(call))];
            rows.push(Row::new(KNOWN, name, call, responses, &[Success, Sent(1)]));
        }
        for call in [Call::PartnerPut, Call::PartnerPost, Call::CloudPost, Call::CampaignPost] {
            rows.push(Row::new(LIFE, name, call, vec![json(200, of(call))], &[Sent(1)]));
        }
    }
    let deep = format!(r#"{{"email":"a","unknown":{}}}"#, nested(100_000));
    let wants = [Sent(1)];
    rows.push(Row::new(
        NO_PANIC,
        "100,000 levels",
        Call::PartnerRead,
        vec![json(200, deep)],
        &wants,
    ));
    run("json", rows).await;
}

/// Whole responses to a write that hold nothing to decode.
fn undecodable() -> Vec<(&'static str, Response)> {
    let empty = "transfer-encoding: chunked\r\n\r\n0\r\n\r\n";
    vec![
        ("201 without a body", json(201, "")),
        ("200 without a body", json(200, "")),
        ("202 without a body", json(202, "")),
        ("204", typed(204, "", "")),
        ("201 with empty chunks", {
            crate::support::server::raw(format!("HTTP/1.1 201 C\r\n{empty}"))
        }),
        ("plain text", typed(200, "content-type: text/plain\r\n", "done")),
        ("HTML", typed(200, "content-type: text/html\r\n", "<html>Welcome</html>")),
        (
            "unasked gzip",
            typed(200, "content-encoding: gzip\r\n", b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xabV*\0"),
        ),
        ("null", json(200, "null")),
        ("a list", json(200, "[]")),
        ("a text", json(200, "\"created\"")),
        ("a number", json(200, "1")),
        ("two documents", json(200, "{}{}")),
        ("an object and more", json(200, "{\"id\":\"u\"} trailing")),
        ("a member of another type", json(200, r#"{"id":{"a":1},"result":1,"PKey":[]}"#)),
        ("no UTF-8", json(200, b"{\"id\":\"\xff\xfe\",\"result\":\"\xff\",\"PKey\":\"\xff\"}")),
        ("UTF-16", json(200, b"\xff\xfe{\0}\0")),
        ("a blank", json(200, " \r\n")),
    ]
}

#[tokio::test]
async fn a_complete_response_ends_a_writes_life() {
    let mut rows = Vec::new();
    for (name, response) in undecodable() {
        for call in [Call::PartnerPost, Call::CloudPost, Call::CampaignPost, Call::PartnerPut] {
            // Taken or refused, it came once; and where it is refused, the write may have been made.
            let wants = [Sent(1), Effect(true)];
            rows.push(Row::new(LIFE, name, call, vec![response.clone()], &wants));
        }
        if !name.starts_with("a blank") && !name.starts_with("204") {
            let wants = [Kind(Decode), Sent(1), Effect(false)];
            let call = Call::PartnerRead;
            let response = match name {
                "a member of another type" => json(200, r#"{"email":{"a":1}}"#),
                "no UTF-8" => json(200, b"{\"email\":\"\xff\xfe\"}"),
                _ => response,
            };
            rows.push(Row::new(ONCE, name, call, vec![response], &wants));
        }
    }
    run("json", rows).await;
}

#[tokio::test]
async fn what_is_no_json_is_refused_once() {
    let good = || json(200, r#"{"email":"good@fabrikam.example"}"#);
    let with_bom = "\u{feff}{\"email\":\"good@fabrikam.example\"}";
    let mut rows = vec![
        Row::new(
            "a byte order mark is no reason to fail",
            "one",
            Call::PartnerRead,
            vec![json(200, with_bom)],
            &[Holds("good@fabrikam"), Sent(1)],
        ),
        Row::new(
            NO_PANIC,
            "two byte order marks",
            Call::PartnerRead,
            vec![json(200, format!("\u{feff}{with_bom}"))],
            &[Sent(1)],
        ),
        Row::new(
            "a body that can't be read for its encoding names it",
            "unasked gzip",
            Call::PartnerRead,
            vec![typed(200, "content-encoding: gzip\r\n", b"\x1f\x8b\x08\0")],
            &[Kind(Decode), Sent(1), Says("gzip")],
        ),
        Row::new(
            "a body that can't be read for its encoding names it",
            "unasked Zstandard",
            Call::PartnerRead,
            vec![typed(200, "content-encoding: zstd\r\n", b"\x0b\x02\x80{}\x03")],
            &[Kind(Decode), Sent(1), Says("zstd")],
        ),
        Row::new(
            "a member that can't be decoded is named",
            "a number for a text",
            Call::CampaignRead,
            vec![json(200, r#"{"PKey":"@k","orgUnit":{"PKey":[1]}}"#)],
            &[Kind(Decode), Sent(1), Says("orgUnit")],
        ),
        Row::new(
            NO_PANIC,
            "a known member twice",
            Call::PartnerRead,
            vec![json(200, r#"{"email":"a","email":"b"}"#)],
            &[Sent(1)],
        ),
        Row::new(
            NO_PANIC,
            "an unknown member twice",
            Call::PartnerRead,
            vec![json(200, r#"{"x":1,"x":2,"email":"b"}"#)],
            &[Success, Sent(1)],
        ),
        Row::new(
            NO_PANIC,
            "an empty name, and one of control characters",
            Call::PartnerRead,
            vec![json(200, r#"{"":1,"\u0000\n":2,"email":"b"}"#)],
            &[Success, Sent(1), Holds("\"\":1")],
        ),
    ];
    for text in [
        "{'email':'a'}",
        "{\"email\":\"a\",}",
        "{\"email\":NaN}",
        "{\"email\":undefined}",
        "{\"x\":Infinity}",
        "{\"x\":01}",
        "{\"x\":1.}",
        "{\"x\":.5}",
        "{\"x\":+1}",
        "{\"x\":\"\t\"}",
        "{\"x\":\"\\x\"}",
        "{\"x\":1}}",
        "{/**/}",
        "{\"x\" 1}",
        ")]}',\n{}",
    ] {
        let wants = [Kind(Decode), Sent(1)];
        rows.push(Row::new(ONCE, text, Call::PartnerRead, vec![json(200, text), good()], &wants));
        rows.push(Row::new(
            LIFE,
            text,
            Call::PartnerPost,
            vec![json(200, text), good()],
            &[Sent(1)],
        ));
    }
    for text in
        ["{", "{\"email\":", "{\"email\":\"goo", "{\"x\":[1,", "{\"x\":tr", "\u{feff}{\"x\""]
    {
        let wants = [Holds("good@fabrikam"), Sent(2)];
        rows.push(Row::new(EARLY, text, Call::PartnerRead, vec![json(200, text), good()], &wants));
        let wants = [Failure, Sent(1), Effect(true), IsNot("conflict")];
        let bad = json(200, format!("{{\"result\":{text}"));
        rows.push(Row::new(EARLY, text, Call::CloudPost, vec![bad, good()], &wants));
    }
    let wants = [AtMost(4)];
    rows.push(Row::new(
        NO_PANIC,
        "a blank",
        Call::PartnerRead,
        vec![json(200, " "), good()],
        &wants,
    ));
    run("json", rows).await;
}
