//! Failures as `application/problem+json` (RFC 9457).

use std::error::Error as StdError;
use std::time::Duration;

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use letterhead::{CorrelationId, Error, ErrorKind, RequestId};
use serde::Serialize;

/// What the caller of this service is to know of a failure, and no more.
///
/// The vendor's headers and body stay here: they are about the service's account, and not about its caller.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Problem {
    #[serde(serialize_with = "number")]
    status: StatusCode,
    title: &'static str,
    detail: String,
    #[serde(skip)]
    retry_after: Option<Duration>,
    correlation_id: Option<CorrelationId>,
    #[serde(flatten)]
    call: Option<Call>,
    /// Where the job has already done its part.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    completed: Vec<&'static str>,
}

/// Which call of a vendor failed. The ids are what to search the logs for, and what a vendor's support asks for.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Call {
    operation: Option<&'static str>,
    codes: Vec<String>,
    request_id: Option<RequestId>,
    trace_id: Option<String>,
    /// Whether to look at what the vendor has before the request is sent again.
    may_have_taken_effect: bool,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            title: status.canonical_reason().unwrap_or_default(),
            detail: detail.into(),
            retry_after: None,
            correlation_id: CorrelationId::current(),
            call: None,
            completed: Vec::new(),
        }
    }

    /// A fault of this service's own, which is for its log.
    pub(crate) fn internal(error: &(dyn StdError + 'static)) -> Self {
        tracing::error!(error, "the request failed by a fault of this service");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "The service has failed.")
    }

    pub(crate) fn completed(mut self, part: &'static str) -> Self {
        self.completed.push(part);
        self
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let (status, detail) = status_and_detail(&error);
        if status.is_server_error() {
            tracing::warn!(%error, "a vendor has failed");
        } else {
            tracing::info!(%error, "a vendor refuses what was asked for");
        }
        Self {
            retry_after: error.retry_after(),
            correlation_id: error.correlation_id(),
            call: Some(Call {
                operation: error.operation(),
                codes: error.codes().to_vec(),
                request_id: error.request_id(),
                trace_id: error.trace_id().map(str::to_owned),
                may_have_taken_effect: error.may_have_taken_effect(),
            }),
            ..Self::new(status, detail)
        }
    }
}

/// What a failure at a vendor means to whoever called this service.
///
/// A vendor's 401, 403 and 429 are about the service and its account: its caller has done nothing wrong.
fn status_and_detail(error: &Error) -> (StatusCode, String) {
    let (status, detail) = if error.is_throttled() {
        (StatusCode::SERVICE_UNAVAILABLE, "The vendor takes no more requests for now.")
    } else if error.kind() == ErrorKind::Limiter {
        (
            StatusCode::SERVICE_UNAVAILABLE,
            "The service cannot see whether the vendor takes requests.",
        )
    } else if error.is_timeout() {
        (StatusCode::GATEWAY_TIMEOUT, "The vendor did not respond in time.")
    } else if error.is_not_found() {
        (StatusCode::NOT_FOUND, "The vendor has nothing by that name.")
    } else if error.is_conflict() {
        (StatusCode::CONFLICT, "Somebody else keeps changing it.")
    } else if error.kind() == ErrorKind::InvalidRequest {
        // Nothing was sent. The reason names the argument, and is the caller's to mend.
        return (StatusCode::UNPROCESSABLE_ENTITY, error.to_string());
    } else if error.is_invalid_request() {
        let detail = error.message().unwrap_or("The vendor refuses what was asked for.");
        return (StatusCode::UNPROCESSABLE_ENTITY, detail.to_owned());
    } else if error.kind() == ErrorKind::Configuration {
        (StatusCode::INTERNAL_SERVER_ERROR, "The service is set up wrong.")
    } else if error.is_unauthorized() || error.is_forbidden() || error.needs_consent() {
        (StatusCode::BAD_GATEWAY, "The vendor does not accept the service's credential.")
    } else if error.is_connect() {
        (StatusCode::BAD_GATEWAY, "The vendor cannot be reached.")
    } else {
        (StatusCode::BAD_GATEWAY, "The vendor has failed.")
    };
    (status, detail.to_owned())
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        Self::new(rejection.status(), rejection.body_text())
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Self::new(rejection.status(), rejection.body_text())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(&self)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(wait) = self.retry_after {
            // Not a moment too early.
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            headers.insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn number<S: serde::Serializer>(status: &StatusCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(status.as_u16())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_without_a_response_has_a_status_as_well() {
        for (kind, expected) in [
            (ErrorKind::Throttled, 503),
            (ErrorKind::Limiter, 503),
            (ErrorKind::Timeout, 504),
            (ErrorKind::Connect, 502),
            (ErrorKind::Transport, 502),
            (ErrorKind::Decode, 502),
            (ErrorKind::Configuration, 500),
            (ErrorKind::SignIn, 502),
            (ErrorKind::NotFound, 404),
            (ErrorKind::InvalidRequest, 422),
        ] {
            let problem = Problem::from(Error::builder(kind).build());
            assert_eq!(problem.status, expected, "{kind}");
        }
    }

    #[test]
    fn nobody_is_asked_to_come_back_too_early() {
        let error = Error::builder(ErrorKind::Throttled).retry_after(Duration::from_millis(1500));
        let response = Problem::from(error.build()).into_response();
        assert_eq!(response.headers()[RETRY_AFTER], "2");
    }
}
