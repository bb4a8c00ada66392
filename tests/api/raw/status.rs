//! What each status means: whether the request may have left, may have been done, and what to do.

use letterhead::ErrorKind::Refused;

use super::calls::Want::{AtMost, Departed, Effect, Failure, Is, IsNot, Kind, SameId, Sent};
use super::calls::{Call, Row, Want, run};
use crate::support::server::{cut, json, typed};

const DOUBT: &str = "a write's response that doesn't say *not done* leaves it in doubt";
const REFUSED: &str = "a write that was clearly refused hasn't taken effect";
const READ: &str = "a read never takes effect, and left for the vendor";
const MEANING: &str = "a predicate says what the vendor means";
const EARLIER: &str = "what an earlier attempt may have done is part of the last error";

const WRITES: [Call; 4] = [Call::PartnerPost, Call::CloudPost, Call::CloudPut, Call::CampaignPatch];
const READS: [Call; 3] = [Call::PartnerRead, Call::CloudRead, Call::CampaignRead];

#[tokio::test]
async fn a_status_that_does_not_say_not_done_leaves_a_write_in_doubt() {
    let mut rows = Vec::new();
    for status in [
        300, 301, 302, 303, 304, 305, 307, 308, 399, 408, 499, 500, 502, 503, 504, 507, 508, 520,
        521, 522, 524, 530, 598, 599, 600, 700, 999,
    ] {
        for call in WRITES {
            let response = typed(status, "location: /elsewhere\r\n", "{}");
            let wants = [Kind(Refused), Effect(true), Departed(true), AtMost(4), IsNot("decode")];
            rows.push(Row::new(DOUBT, status.to_string(), call, vec![response], &wants));
        }
    }
    run("status", rows).await;
}

#[tokio::test]
async fn what_was_refused_was_not_done() {
    let mut rows = Vec::new();
    for status in [400, 401, 403, 404, 405, 406, 409, 410, 412, 413, 415, 422] {
        for call in WRITES {
            let wants = [Kind(Refused), Effect(false), Departed(true), Sent(1)];
            rows.push(Row::new(
                REFUSED,
                status.to_string(),
                call,
                vec![json(status, "{}")],
                &wants,
            ));
        }
    }
    for call in WRITES {
        // It was throttled before anyone looked at it: sent again, and not done in the end.
        let response = typed(429, "retry-after: 1\r\n", "{}");
        let wants = [Is("throttled"), Effect(false), Sent(4)];
        rows.push(Row::new(REFUSED, "429", call, vec![response], &wants));
    }
    run("status", rows).await;
}

#[tokio::test]
async fn a_read_leaves_nothing_behind() {
    let mut rows = Vec::new();
    for status in [
        204, 300, 302, 303, 304, 400, 401, 402, 403, 404, 405, 408, 409, 410, 412, 418, 421, 425,
        429, 451, 499, 500, 501, 502, 503, 504, 505, 511, 520, 599, 600, 999,
    ] {
        for call in READS {
            let wants = [Failure, Effect(false), Departed(true), AtMost(4)];
            rows.push(Row::new(READ, status.to_string(), call, vec![json(status, "{}")], &wants));
        }
    }
    for status in [408, 500, 502, 503, 504] {
        let responses = vec![json(status, "{}"), json(200, r#"{"email":"a"}"#)];
        let wants = [Want::Success, Sent(2), SameId];
        let promise = "a read is sent again if the fault may pass";
        rows.push(Row::new(promise, status.to_string(), Call::PartnerRead, responses, &wants));
        let promise = "a response such as 503 ends an id's life";
        let responses = vec![json(status, "{}"), json(201, r#"{"id":"u"}"#)];
        let wants = [Failure, Sent(1), Effect(true)];
        rows.push(Row::new(promise, status.to_string(), Call::PartnerPost, responses, &wants));
    }
    run("status", rows).await;
}

#[tokio::test]
async fn a_predicate_says_what_is_meant() {
    let cloud = |code: u32| {
        format!(r#"{{"success":false,"errors":[{{"code":{code},"message":"m"}}],"result":null}}"#)
    };
    let partner = |code: u32| format!(r#"{{"code":{code},"description":"d"}}"#);
    let campaign = |text: &str| format!(r#"{{"error_code":"500","message":"{text}"}}"#);
    let of = |status, body: String, call, wants: &[Want]| {
        let name = format!("{status} {body}");
        Row::new(MEANING, name, call, vec![json(status, body)], wants)
    };
    let (gone, held) = (|it: &'static str| [Is(it)], |it: &'static str| [Is(it), Effect(false)]);
    let mut rows = vec![
        of(504, "{}".into(), Call::PartnerRead, &gone("timeout")),
        of(504, "{}".into(), Call::CloudPost, &[Is("timeout"), Effect(true)]),
        of(504, "<html>".into(), Call::CampaignRead, &gone("timeout")),
        of(408, "{}".into(), Call::PartnerRead, &gone("timeout")),
        of(400, partner(2055), Call::PartnerPut, &held("conflict")),
        of(400, cloud(971), Call::CloudRead, &held("throttled")),
        of(403, cloud(971), Call::CloudRead, &held("throttled")),
        of(200, cloud(971), Call::CloudRead, &held("throttled")),
        of(400, cloud(10429), Call::CloudPost, &held("throttled")),
        of(503, cloud(10429), Call::CloudRead, &held("throttled")),
        of(429, cloud(10429), Call::CloudPut, &held("throttled")),
        of(
            500,
            campaign("PGS-220000 database down"),
            Call::CampaignRead,
            &[Is("server_error"), IsNot("invalid_request"), Sent(4)],
        ),
        of(
            500,
            campaign("PGS-220000 database down"),
            Call::CampaignPost,
            &[Is("server_error"), Effect(true), Sent(1)],
        ),
        of(
            500,
            campaign("RST-360011 bad key"),
            Call::CampaignRead,
            &[Is("invalid_request"), Sent(1)],
        ),
        of(500, campaign("Oops. Something"), Call::CampaignRead, &[Is("invalid_request"), Sent(1)]),
        of(200, cloud(1000), Call::CloudPost, &[Failure, Sent(1)]),
        of(200, cloud(1000), Call::CloudRead, &[Failure, Sent(1)]),
        of(404, "<html>".into(), Call::CloudRead, &gone("not_found")),
        of(410, String::new(), Call::CampaignRead, &gone("not_found")),
        of(409, "null".into(), Call::CloudPost, &held("conflict")),
        of(412, "[]".into(), Call::PartnerPut, &held("conflict")),
        of(401, partner(900_421), Call::PartnerRead, &[Is("consent"), Sent(1)]),
    ];
    for (status, only) in [
        (400, "invalid_request"),
        (401, "unauthorized"),
        (403, "forbidden"),
        (404, "not_found"),
        (409, "conflict"),
        (422, "invalid_request"),
        (500, "server_error"),
        (503, "server_error"),
    ] {
        let all = [
            "invalid_request",
            "unauthorized",
            "forbidden",
            "not_found",
            "conflict",
            "throttled",
            "server_error",
            "timeout",
            "decode",
            "consent",
        ];
        let others = all.into_iter().filter(|name| *name != only).map(IsNot);
        let wants: Vec<Want> = others.chain([Is(only)]).collect();
        rows.push(of(status, "{}".into(), Call::PartnerRead, &wants));
    }
    run("status", rows).await;
}

#[tokio::test]
async fn an_earlier_attempt_is_not_forgotten() {
    let lost = || cut("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{");
    let mut rows = Vec::new();
    for (call, status, is) in [
        (Call::PartnerPost, 409, "conflict"),
        (Call::PartnerPut, 409, "conflict"),
        (Call::PartnerDelete, 404, "not_found"),
        (Call::CloudDelete, 404, "not_found"),
        (Call::CloudPut, 403, "forbidden"),
        (Call::CampaignPatch, 400, "invalid_request"),
        (Call::PartnerPost, 401, "unauthorized"),
        (Call::PartnerPost, 400, "invalid_request"),
    ] {
        let wants = [Is(is), Effect(true), Sent(2)];
        let name = format!("a lost response, then {status}");
        rows.push(Row::new(EARLIER, name, call, vec![lost(), json(status, "{}")], &wants));
    }
    for status in [400, 409] {
        let body = r#"{"code":1,"description":"The user already exists."}"#;
        let wants = [Effect(true), Sent(2), Want::Says("earlier")];
        let promise = "a create that meets the caller's own earlier attempt hints at it";
        let responses = vec![lost(), json(status, body)];
        rows.push(Row::new(promise, status.to_string(), Call::PartnerPost, responses, &wants));
    }
    run("status", rows).await;
}
