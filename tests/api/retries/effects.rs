//! What an error says of the request's effect, and of the wait before the next one.

use std::time::Duration;

use letterhead::{Error, RetryPolicy};

use super::replace_support;
use crate::support::{Script, framed, json};

/// Nobody who reads these statuses knows that nothing was done.
const UNCERTAIN: [u16; 25] = [
    101, 300, 301, 302, 303, 304, 307, 308, 399, 408, 418, 444, 460, 499, 500, 501, 502, 503, 504,
    505, 511, 599, 600, 700, 999,
];
const CERTAIN: [u16; 25] = [
    400, 401, 402, 403, 404, 405, 406, 407, 409, 410, 411, 412, 413, 414, 415, 416, 417, 421, 422,
    423, 425, 428, 429, 431, 451,
];

/// The error of a call that is sent once, and that says so.
async fn put(response: Vec<u8>) -> Error {
    let script = Script::of([response]).await;
    let client = script.partner().retry(RetryPolicy::never());
    let error = replace_support(&client.build().unwrap()).await;
    error.unwrap_err()
}

async fn modify(response: Vec<u8>) -> Error {
    let script = Script::of([response]).await;
    let client = script.cloudflare().retry(RetryPolicy::never());
    let cloudflare = client.build().unwrap();
    let call = cloudflare.create_organization();
    let error = call.body_map(|new| new.name("Once")).send().await;
    error.unwrap_err()
}

#[tokio::test]
async fn only_a_clear_refusal_had_no_effect() {
    let bodies = ["", "<html>", r#"{"code": 1, "description": "no"}"#];
    let statuses = UNCERTAIN.map(|status| (status, true));
    let statuses = statuses.into_iter().chain(CERTAIN.map(|status| (status, false)));
    let cases: Vec<_> = statuses.flat_map(|case| bodies.map(|body| (case, body))).collect();
    // Each is the response to a write and to a read.
    let responses = cases.iter().map(|((status, _), body)| json(&format!("{status} X"), body));
    let script = Script::of(responses.flat_map(|response| [response.clone(), response])).await;
    let partner = script.partner().retry(RetryPolicy::never());
    let partner = partner.build().unwrap();
    for ((status, may_have_effect), body) in cases {
        let error = replace_support(&partner).await.unwrap_err();
        assert!(error.may_have_been_sent());
        let effect = error.may_have_taken_effect();
        assert_eq!(effect, may_have_effect, "{status} {body}: {error}");
        let read = partner.get_support_profile().send().await;
        assert!(!read.unwrap_err().may_have_taken_effect(), "{status}");
    }
}

#[tokio::test]
async fn a_success_that_says_it_is_none_had_no_effect_where_a_code_says_why() {
    for (body, may_have_effect) in [
        (r#"{"success": false, "errors": [{"code": 1001}]}"#, false),
        (r#"{"success": false, "errors": []}"#, true),
        (r#"{"success": false, "errors": null}"#, true),
    ] {
        let error = modify(json("200 OK", body)).await;
        assert_eq!(error.may_have_taken_effect(), may_have_effect, "{body}");
    }
}

#[tokio::test]
async fn cloudflares_codes_for_throttling_are_that_whatever_the_status() {
    for status in [200, 400, 403, 404, 429, 500, 503] {
        for code in [971, 10429] {
            let body = format!(
                r#"{{"success": false, "errors": [{{"code": {code}, "message": "slow down"}}]}}"#
            );
            let error = modify(json(&format!("{status} X"), &body)).await;
            assert!(error.is_throttled() && !error.may_have_taken_effect());
            assert_eq!(error.retry_after(), Some(Duration::from_secs(300)));
        }
    }
}

#[tokio::test]
async fn a_gateways_timeout_is_a_timeout_and_a_server_error() {
    for (status, is_timeout, is_server_error) in [
        (408, true, false),
        (500, false, true),
        (502, false, true),
        (504, true, true),
        (522, true, true),
        (524, true, true),
        (598, true, true),
        (599, true, true),
    ] {
        let error = put(framed(&format!("{status} X"), "<html>")).await;
        let is = (error.is_timeout(), error.is_server_error());
        assert_eq!(is, (is_timeout, is_server_error), "{status}");
    }
}

#[tokio::test]
async fn an_error_names_a_wait_only_if_waiting_may_help() {
    for status in [408, 429, 500, 502, 503, 504, 524] {
        let error = put(framed(&format!("{status} X\r\nretry-after: 7"), "")).await;
        assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    }
    for status in [301, 303, 400, 401, 403, 404, 409, 412, 501] {
        let error = put(framed(&format!("{status} X\r\nretry-after: 7"), "")).await;
        assert_eq!(error.retry_after(), None, "{status}");
        assert!(!error.to_string().contains("try again in"), "{error}");
    }
}

#[tokio::test]
async fn a_wait_until_a_number_is_no_wait_of_decades() {
    // 21 November 2026, 10:00:09, in seconds and in milliseconds, and an hour before.
    for (number, expected) in
        [("1795255209", 9), ("1795255209000", 9), ("1795251600", 0), ("86400", 86400)]
    {
        let head = format!("429 X\r\ndate: Sat, 21 Nov 2026 10:00:00 GMT\r\nretry-after: {number}");
        let error = put(framed(&head, "")).await;
        assert_eq!(error.retry_after(), Some(Duration::from_secs(expected)));
    }
}
