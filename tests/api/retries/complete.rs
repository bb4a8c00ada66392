//! A complete response ends the request's life, readable or not; one that was cut doesn't.

use letterhead::partner_center::Client;
use letterhead::partner_center::types::PasswordProfile;
use letterhead::{Error, ErrorKind};

use super::{patch_user, replace_support};
use crate::support::{Script, framed, json};

/// A POST, which may be retried while the vendor recognizes its request id.
async fn create_user(partner: &Client) -> Result<(), Error> {
    let call = partner.create_customer_user().customer_tenant_id("c");
    let password =
        PasswordProfile::builder().password("changed at once").force_change_password(true);
    let call = call.body_map(|user| {
        let user = user.display_name("A").usage_location("DE").password_profile(password);
        user.user_principal_name("a@b.example")
    });
    call.send().await.map(drop)
}

async fn read(partner: &Client) -> Result<(), Error> {
    partner.get_support_profile().send().await.map(drop)
}

/// Every class of operation in turn, each against a server that always responds so.
async fn each(response: &[u8], mut check: impl FnMut(&str, Result<(), Error>, Vec<String>)) {
    for method in ["GET", "PUT", "PATCH", "POST"] {
        let script = Script::of([response]).await;
        let partner = script.partner().build().unwrap();
        let outcome = match method {
            "GET" => read(&partner).await,
            "PUT" => replace_support(&partner).await.map(drop),
            "PATCH" => patch_user(&partner).await,
            _ => create_user(&partner).await,
        };
        check(method, outcome, script.take_requests());
    }
}

#[tokio::test]
async fn a_response_that_cannot_be_decoded_is_not_retried() {
    let nested = format!(r#"{{"x": {}1{}}}"#, "[".repeat(300), "]".repeat(300));
    for response in [
        framed("201 Created", ""),
        framed("202 Accepted", ""),
        b"HTTP/1.1 204 No Content\r\n\r\n".to_vec(),
        json("200 OK", " \r\n"),
        json("200 OK", "\u{feff}"),
        framed("200 OK\r\ncontent-type: text/plain", "accepted"),
        framed("200 OK\r\ncontent-type: text/plain", "t"),
        framed("200 OK\r\ncontent-type: text/html", "<html>Sign in"),
        framed("200 OK\r\ncontent-encoding: gzip", b"\x1f\x8b\x08\0\0"),
        json("200 OK", r#"{"email": 1e400, "displayName": 1e400}"#),
        json("200 OK", r#"{"email": "\ud800", "displayName": "\ud800"}"#),
        json("200 OK", &nested),
        json("200 OK", "{\"email\": \"\0\"}"),
        json("200 OK", "[{}]"),
        json("200 OK", "{}}"),
    ] {
        let shown = response.escape_ascii().to_string();
        each(&response, |method, outcome, requests| {
            assert_eq!(requests.len(), 1, "{method}: {shown}");
            if let Err(error) = outcome {
                assert_eq!(error.kind(), ErrorKind::Decode, "{method}: {shown}");
                let is_write = method != "GET";
                assert_eq!(error.may_have_taken_effect(), is_write, "{method}: {shown}");
            }
        })
        .await;
    }
}

#[tokio::test]
async fn a_refusal_that_cannot_be_decoded_is_not_retried() {
    for body in ["<html>", "{\"code\": \"\0\"}", "", "{}}"] {
        let response = json("400 Bad Request", body);
        each(&response, |method, outcome, requests| {
            assert_eq!(requests.len(), 1, "{method}: {body}");
            let error = outcome.unwrap_err();
            assert!(error.is_invalid_request() && !error.may_have_taken_effect());
        })
        .await;
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_not_retried() {
    let long = framed("200 OK", vec![b' '; 33 * 1024 * 1024]);
    let script = Script::of([long]).await;
    let error = create_user(&script.partner().build().unwrap()).await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.may_have_taken_effect(), "{error}");
    assert_eq!(script.requests(), 1);
}

#[tokio::test]
async fn a_cut_response_is_retried_under_the_same_id() {
    let id = |request: &str| {
        let (_, rest) = request.split_once("ms-requestid: ").unwrap();
        rest.lines().next().unwrap().to_owned()
    };
    for cut in [
        &b""[..],
        b"HTTP/1.1 2",
        b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"email\": \"a\"}",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n",
        &json("200 OK", r#"{"email": "#),
        &json("200 OK", r#"{"email": 5, "#),
        &json("400 Bad Request", r#"{"code": "#),
    ] {
        let shown = cut.escape_ascii().to_string();
        for method in ["GET", "PUT", "POST"] {
            let script = Script::of([cut, &json("200 OK", "{}")]).await;
            let partner = script.partner().build().unwrap();
            match method {
                "GET" => read(&partner).await.unwrap(),
                "PUT" => drop(replace_support(&partner).await.unwrap()),
                _ => create_user(&partner).await.unwrap(),
            }
            let requests = script.take_requests();
            assert_eq!(requests.len(), 2, "{method}: {shown}");
            assert_eq!(id(&requests[0]), id(&requests[1]), "{method}: {shown}");
        }
    }
}

#[tokio::test]
async fn a_call_that_may_not_be_retried_is_sent_once_when_the_response_is_cut() {
    let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{}";
    let script = Script::of([cut]).await;
    let cloudflare = script.cloudflare().build().unwrap();
    let create = cloudflare.create_organization();
    let error = create.body_map(|new| new.name("Once")).send().await;
    assert!(error.unwrap_err().may_have_taken_effect());
    assert_eq!(script.requests(), 1);
}

#[tokio::test]
async fn an_encoding_that_nobody_asked_for_is_named() {
    let gzip = b"\x1f\x8b\x08\0\0\0\0\0";
    let head = |status: &str| format!("{status}\r\ncontent-encoding: gzip");
    for status in ["200 OK", "400 Bad Request"] {
        let script = Script::of([framed(&head(status), gzip)]).await;
        let error = read(&script.partner().build().unwrap()).await.unwrap_err();
        let expected = "content encoding `gzip`, which was not asked for";
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[tokio::test]
async fn too_many_headers_fail_at_once_and_may_be_allowed() {
    let with_headers = |count: usize| {
        let many: Vec<_> = (0..count).map(|n| format!("\r\nx-{n}: y")).collect();
        framed(&format!("200 OK{}", many.concat()), "{}")
    };
    for count in [101, 1000] {
        each(&with_headers(count), |method, outcome, requests| {
            let error = outcome.unwrap_err();
            let expected = "sent a response with more headers than are read";
            assert!(error.to_string().contains(expected), "{error}");
            assert_eq!(requests.len(), 1, "{method}");
            assert_eq!(error.may_have_taken_effect(), method != "GET");
        })
        .await;
    }
    let script = Script::of([with_headers(101)]).await;
    let http = letterhead::http_client_builder().unwrap();
    let http = http.http1_max_headers(200).build().unwrap();
    let partner = script.partner().http_client(http).build().unwrap();
    read(&partner).await.unwrap();
}
