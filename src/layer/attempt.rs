//! One attempt of a call on the wire.

use std::time::Duration;

use http::{HeaderMap, StatusCode};
use reqwest::Url;
use tracing::{Instrument, Span, field};

use super::answer::{Answer, Sent};
use super::{Call, Operation, Vendor, endpoint};
use crate::body::{read, without_bom};
use crate::credential::Headers;
use crate::error::{ErrorKind, is_long_head};
use crate::reply::Head;
use crate::retry::Failed;
use crate::{Error, Reply, metrics};

/// The largest answer that is read, in bytes.
pub(super) const LARGEST_BODY: usize = 32 * 1024 * 1024;
/// The same for a refusal: as JSON of any shape it takes many times its size in memory.
const LARGEST_REFUSAL: usize = 1024 * 1024;

/// Which attempt it is, and why there is one more.
#[derive(Clone, Copy)]
pub(super) struct Turn {
    /// How many came before.
    pub(super) resent: u32,
    /// What was wrong with the last one.
    pub(super) reason: Option<&'static str>,
    /// Whether that may be its connection's fault.
    pub(super) has_failed: bool,
    /// The time left for the whole call.
    pub(super) left: Duration,
}

impl Call {
    /// Sends the call once, in a span of its own, and decodes the answer.
    pub(super) async fn attempt<T>(
        &self,
        url: &Url,
        credential: &Headers,
        turn: Turn,
        decode: impl FnOnce(Answer<'_>) -> Result<Reply<T>, Error>,
    ) -> Result<Reply<T>, Error> {
        let span = self.attempt_span(turn);
        let layer = &self.layer.0;
        let clock = &*layer.io.clock;
        let start = clock.now();
        let connections = layer.pool.take(self.operation.repeatable, turn.has_failed);
        let answer = self
            .answer(&connections.http, url, credential, turn.left)
            .instrument(span.clone())
            .await;
        let outcome = answer.and_then(|answer| {
            record(&span, Some(answer.head.status), answer.head.trace_id());
            decode(answer)
        });
        if let Err(error) = &outcome {
            record(&span, error.status(), error.trace_id());
            record_error(&span, error);
        }
        let failed = outcome.as_ref().err().map(Error::failed);
        let is_failure = failed.is_some_and(Failed::is_connections);
        layer.pool.settle(&connections, is_failure);
        let took = clock.now().saturating_duration_since(start);
        metrics::attempt(layer.vendor.name, self.operation, took, &outcome);
        outcome
    }

    /// The names are those of OpenTelemetry's HTTP client spans. The URL stays out: queries hold
    /// addresses, and paths hold keys.
    fn attempt_span(&self, turn: Turn) -> Span {
        let layer = &self.layer.0;
        let span = tracing::info_span!(
            "letterhead.attempt",
            otel.kind = "client",
            otel.name = field::Empty,
            http.request.method = self.operation.method.as_str(),
            http.request.resend_count = field::Empty,
            url.template = self.operation.path,
            server.address = layer.base.host_str(),
            server.port = layer.base.port_or_known_default(),
            http.response.status_code = field::Empty,
            error.type = field::Empty,
            letterhead.retry_reason = turn.reason,
            letterhead.trace_id = field::Empty,
        );
        if !span.is_disabled() {
            let name = format!("{} {}", self.operation.method, self.operation.path);
            span.record("otel.name", name);
            if turn.resent > 0 {
                span.record("http.request.resend_count", turn.resent);
            }
        }
        span
    }

    async fn answer<'a>(
        &'a self,
        http: &reqwest::Client,
        url: &'a Url,
        credential: &'a Headers,
        left: Duration,
    ) -> Result<Answer<'a>, Error> {
        let layer = &self.layer.0;
        let sent = Sent {
            operation: self.operation.name,
            url,
            request_id: self.request_id,
            correlation_id: self.correlation_id,
            vendor: layer.vendor,
            clock: &*layer.io.clock,
            secrets: &self.secrets,
            credential,
            proof: self.proof,
        };
        let mut request = reqwest::Request::new(self.operation.method.clone(), url.clone());
        *request.headers_mut() = self.full_headers(credential);
        *request.body_mut() = self.body.clone().map(Into::into);
        *request.timeout_mut() = Some(layer.attempt_timeout.min(left));
        let outcome = http.execute(request).await;
        let mut response =
            outcome.map_err(|error| sent.fault(unanswered(sent.vendor, self.operation, error)))?;

        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        let head = Head {
            status,
            trace_id: headers
                .get(&sent.vendor.trace_id)
                .map(|id| sent.clean_id(id)),
            headers,
        };
        if layer.may_redirect && url != response.url() {
            let error = Error::configuration(format!(
                "the `reqwest::Client` that was given followed a redirect, in the end to `{}`, and \
                 may have taken the credential along; build it with `redirect::Policy::none()`",
                sent.redactor().text(endpoint::origin(response.url()))
            ));
            return Err(sent.fault(error.uncertain()));
        }
        let limit = if status.is_success() {
            LARGEST_BODY
        } else {
            LARGEST_REFUSAL
        };
        let (body, broken) = read(&mut response, limit).await;
        if !status.is_success() || (sent.vendor.refused)(&self.operation.method, without_bom(&body))
        {
            return Err(sent.refusal(head, &body, broken));
        }
        match broken {
            None => Ok(Answer { head, body, sent }),
            Some(broken) => Err(sent.broken(head, &body, broken)),
        }
    }

    fn full_headers(&self, credential: &Headers) -> HeaderMap {
        let layer = &self.layer.0;
        let mut headers = HeaderMap::with_capacity(16);
        headers.extend(self.headers.clone());
        for (name, value) in layer.headers.iter().chain(credential.headers()) {
            headers.insert(name.clone(), value.clone());
        }
        if let Some(name) = &layer.vendor.request_id {
            headers.insert(name.clone(), self.request_id.to_header_value());
        }
        if let Some(name) = &layer.vendor.correlation_id {
            headers.insert(name.clone(), self.correlation_id.to_header_value());
        }
        headers
    }
}

pub(super) fn record(span: &Span, status: Option<StatusCode>, trace_id: Option<&str>) {
    span.record(
        "http.response.status_code",
        status.map(|status| status.as_u16()),
    );
    span.record("letterhead.trace_id", trace_id);
}

pub(super) fn record_error(span: &Span, error: &Error) {
    span.record("error.type", field::display(error.type_name()));
}

/// A failure before there was an answer.
fn unanswered(vendor: &Vendor, operation: &Operation, error: reqwest::Error) -> Error {
    let error = error.without_url();
    let name = vendor.name;
    let doubt = if operation.method.is_safe() {
        ""
    } else {
        "; it may have acted on the request"
    };
    let (kind, reason) = if error.is_connect() {
        (
            ErrorKind::Connect,
            format!("no connection to {name}, so nothing was sent"),
        )
    } else if error.is_timeout() {
        (
            ErrorKind::Timeout,
            format!("{name} didn't answer in time{doubt}"),
        )
    } else if is_long_head(&error) {
        (
            ErrorKind::Transport,
            format!(
                "{name} sent a response with more headers than are read, or too long ones{doubt}; \
                 give the builder an HTTP client with a higher `http1_max_headers`"
            ),
        )
    } else if error.is_builder() {
        (
            ErrorKind::InvalidRequest,
            "the request can't be sent".to_owned(),
        )
    } else {
        (
            ErrorKind::Transport,
            format!("the connection to {name} failed before an answer{doubt}"),
        )
    };
    Error::new(kind, reason).with_source(error)
}
