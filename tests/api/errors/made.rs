//! Errors that a program's own tests make.

use std::error::Error as _;
use std::time::Duration;

use letterhead::http::{HeaderName, HeaderValue, StatusCode};
use letterhead::{CorrelationId, Error, ErrorKind, RequestId};
use letterhead_sandbox::Response;
use serde_json::json;

use super::error_of;

#[test]
fn what_is_not_set_follows_from_the_kind_and_the_status() {
    type Predicate = fn(&Error) -> bool;
    let refused: [(u16, Predicate, bool); 9] = [
        (400, Error::is_invalid_request, false),
        (401, Error::is_unauthorized, false),
        (403, Error::is_forbidden, false),
        (404, Error::is_not_found, false),
        (409, Error::is_conflict, false),
        (429, Error::is_throttled, false),
        (503, Error::is_server_error, true),
        (504, Error::is_timeout, true),
        (302, |error| error.kind() == ErrorKind::Refused, true),
    ];
    for (status, is_it, may_have_taken_effect) in refused {
        let status = StatusCode::from_u16(status).unwrap();
        let error = Error::builder(ErrorKind::Refused).status(status).build();
        assert!(is_it(&error), "{error}");
        assert_eq!(error.status(), Some(status));
        assert_eq!(error.to_string(), format!("the vendor responded with {status}"));
        assert!(error.may_have_been_sent());
        assert_eq!(error.may_have_taken_effect(), may_have_taken_effect, "{error}");
    }
    for (kind, may_be_sent, status) in [
        (ErrorKind::Configuration, false, None),
        (ErrorKind::InvalidRequest, false, None),
        (ErrorKind::NotFound, false, None),
        (ErrorKind::Hook, false, None),
        (ErrorKind::SignIn, false, None),
        (ErrorKind::Throttled, false, None),
        (ErrorKind::Connect, false, None),
        (ErrorKind::Timeout, true, None),
        (ErrorKind::Transport, true, None),
        (ErrorKind::Refused, true, Some(500)),
        (ErrorKind::Decode, true, Some(200)),
    ] {
        let error = Error::builder(kind).build();
        assert_eq!((error.kind(), error.attempts()), (kind, 1));
        assert_eq!(error.may_have_been_sent(), may_be_sent, "{error}");
        assert_eq!(error.status().map(|it| it.as_u16()), status, "{error}");
        assert!(error.request_id().is_none() && error.body().is_some() == status.is_some());
    }
}

#[tokio::test]
async fn an_error_can_be_made_that_is_like_one_of_a_client() {
    let body = json!({"code": 2055, "description": "stale\nETag"});
    let response = Response::new(400).json(&body).header("ms-cv", "abc.0");
    let (_, came) = error_of(response.header("retry-after", "9")).await;
    let made = Error::builder(ErrorKind::Refused)
        .reason("Partner Center responded with 400 Bad Request")
        .operation("get_organization_profile")
        .status(StatusCode::BAD_REQUEST)
        .meaning(StatusCode::CONFLICT)
        .code("2055")
        .message("stale\nETag")
        .header(HeaderName::from_static("retry-after"), HeaderValue::from_static("9"))
        .trace_id(HeaderValue::from_static("abc.0"))
        .body(body.to_string())
        .request_id(came.request_id().unwrap())
        .correlation_id(came.correlation_id().unwrap())
        .build();
    assert_eq!(made.to_string(), came.to_string());
    assert_eq!(format!("{made:?}"), format!("{came:?}"));
    assert!(made.is_conflict() && made.has_code("2055") && !made.is_invalid_request());
    assert_eq!(made.headers().unwrap()["retry-after"], "9");
    assert_eq!(made.body(), came.body());
}

#[test]
fn all_else_can_be_set() {
    let id: RequestId = "00000000-0000-4000-8000-000000000001".parse().unwrap();
    let job = CorrelationId::new();
    let error = Error::builder(ErrorKind::Throttled)
        .retry_after(Duration::from_secs(300))
        .attempts(3)
        .request_id(id)
        .source("a cause")
        .build();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(300)));
    assert!(error.is_throttled() && error.status().is_none());
    assert_eq!((error.request_id(), error.attempts()), (Some(id), 3));
    assert!(error.correlation_id().is_some());
    assert_eq!(error.source().unwrap().to_string(), "a cause");
    let error = Error::builder(ErrorKind::SignIn).correlation_id(job).needs_consent().build();
    assert!(error.needs_consent());
    assert_eq!(error.correlation_id(), Some(job));

    let effects = |error: Error| (error.may_have_been_sent(), error.may_have_taken_effect());
    let timeout = || Error::builder(ErrorKind::Timeout);
    assert_eq!(effects(timeout().build()), (true, true));
    assert_eq!(effects(timeout().may_have_taken_effect(false).build()), (true, false));
    assert_eq!(effects(timeout().may_have_been_sent(false).build()), (false, false));
    let hook = Error::builder(ErrorKind::Hook).may_have_taken_effect(true).build();
    assert_eq!(effects(hook), (true, true));
}

#[test]
fn neither_it_nor_its_builder_shows_headers_or_a_body() {
    let mut value = HeaderValue::from_static("hush");
    value.set_sensitive(true);
    let builder = Error::builder(ErrorKind::Refused)
        .body("hush")
        .header(HeaderName::from_static("x-key"), value);
    assert!(!format!("{builder:?}").contains("hush"));
    let error = builder.build();
    assert!(!format!("{error:?} {error}").contains("hush"));
}
