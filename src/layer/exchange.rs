//! One call on the wire: what is sent, and what is made of the answer.

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, StatusCode};
use serde::de::{DeserializeOwned, IgnoredAny};
use tracing::{Instrument, Span, field};

use super::{Call, Vendor, endpoint};
use crate::error::{ErrorKind, Failure, KEPT_BODY, Undecodable};
use crate::redact::Redactor;
use crate::reply::Meta;
use crate::{CorrelationId, Error, Reply, RequestId, Secret};

/// The largest answer that is read, in bytes.
const LARGEST_BODY: usize = 32 * 1024 * 1024;

/// What Partner Center puts before its JSON.
const BOM: &[u8] = b"\xef\xbb\xbf";

impl<'a> Call<'a> {
    /// Sends the call once, in a span of its own, and makes a reply of the answer.
    pub(super) async fn exchange<T>(
        self,
        finish: impl FnOnce(Answer<'a>) -> Result<Reply<T>, Error>,
    ) -> Result<Reply<T>, Error> {
        let span = self.span();
        let answer = self.answer(&span).instrument(span.clone()).await;
        let outcome = answer.and_then(finish);
        match &outcome {
            Ok(reply) => record(&span, Some(reply.status()), reply.trace_id()),
            Err(error) => {
                record(&span, error.status(), error.trace_id());
                // OpenTelemetry: the status where that is what went wrong, else one word.
                match error
                    .status()
                    .filter(|_| error.kind() == ErrorKind::Refused)
                {
                    Some(status) => span.record("error.type", status.as_str()),
                    None => span.record("error.type", field::display(error.kind())),
                };
            }
        }
        outcome
    }

    /// The names are those of OpenTelemetry's HTTP client spans. The URL stays out: queries hold
    /// addresses, and paths hold keys.
    fn span(&self) -> Span {
        let layer = &self.layer.0;
        tracing::info_span!(
            "letterhead.call",
            otel.kind = "client",
            otel.name = field::Empty,
            http.request.method = self.operation.method.as_str(),
            url.template = self.operation.path,
            server.address = layer.base.host_str(),
            server.port = layer.base.port_or_known_default(),
            http.response.status_code = field::Empty,
            error.type = field::Empty,
            letterhead.vendor = layer.vendor.name,
            letterhead.operation = self.operation.name,
            letterhead.request_id = %self.request_id,
            letterhead.correlation_id = %self.correlation_id,
            letterhead.trace_id = field::Empty,
        )
    }

    async fn answer(mut self, span: &Span) -> Result<Answer<'a>, Error> {
        if !span.is_disabled() {
            let name = format!("{} {}", self.operation.method, self.operation.path);
            span.record("otel.name", name);
        }
        let sent = Sent {
            operation: self.operation.name,
            request_id: self.request_id,
            correlation_id: self.correlation_id,
            vendor: self.layer.0.vendor,
            call_secrets: std::mem::take(&mut self.secrets),
            credential_secrets: self.layer.0.credential.secrets(),
        };
        let url = self
            .url()
            .map_err(|fault| sent.fault(Error::new(ErrorKind::InvalidRequest, fault)))?;
        let redirect_from = self.layer.0.may_redirect.then(|| url.clone());
        let mut request = reqwest::Request::new(self.operation.method.clone(), url);
        *request.headers_mut() = self.full_headers();
        *request.body_mut() = self.body.take().map(Into::into);
        let outcome = self.layer.0.http.execute(request).await;
        let mut response = outcome.map_err(|error| sent.fault(unsent(sent.vendor, error)))?;

        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        let meta = Meta {
            status,
            trace_id: headers.get(&sent.vendor.trace_id).cloned(),
            headers,
            request_id: sent.request_id,
            correlation_id: sent.correlation_id,
        };
        if redirect_from.is_some_and(|url| url != *response.url()) {
            return Err(sent.fault(Error::configuration(format!(
                "the `reqwest::Client` that was given followed a redirect, in the end to `{}`, and \
                 may have taken the credential along; build it with `redirect::Policy::none()`",
                endpoint::origin(response.url())
            ))));
        }
        let (body, broken) = read(&mut response).await;
        if !status.is_success() || (sent.vendor.refused)(without_bom(&body)) {
            return Err(sent.refusal(meta, &body, broken));
        }
        match broken {
            None => Ok(Answer { meta, body, sent }),
            Some(broken) => {
                let error = broken.error(sent.vendor, status);
                Err(sent.with_answer(error, meta, Failure::unread(status), &body))
            }
        }
    }

    fn full_headers(&mut self) -> HeaderMap {
        let mut headers = std::mem::take(&mut self.headers);
        let layer = &self.layer.0;
        for (name, value) in &layer.headers {
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

fn record(span: &Span, status: Option<StatusCode>, trace_id: Option<&str>) {
    span.record(
        "http.response.status_code",
        status.map(|status| status.as_u16()),
    );
    span.record("letterhead.trace_id", trace_id);
}

/// What an error about a call says about it, and what it must not say.
struct Sent<'a> {
    operation: &'static str,
    request_id: RequestId,
    correlation_id: CorrelationId,
    vendor: &'static Vendor,
    call_secrets: Vec<Secret>,
    credential_secrets: &'a [Secret],
}

impl Sent<'_> {
    fn fault(&self, error: Error) -> Error {
        error.in_call(self.operation, self.request_id, self.correlation_id)
    }

    /// The error for an answer that is a failure, as far as it came.
    fn refusal(&self, meta: Meta, body: &[u8], broken: Option<Broken>) -> Error {
        let status = meta.status;
        let failure = (self.vendor.failure)(status, without_bom(body));
        let name = self.vendor.name;
        let reason = if status.is_redirection() {
            format!("{name} answered {status}, and redirects aren't followed")
        } else if status.is_success() {
            format!("{name} answered {status} with a failure in it")
        } else {
            format!("{name} answered {status}")
        };
        let mut error = Error::new(ErrorKind::Refused, reason);
        if let Some(Broken::Cut(source)) = broken {
            error = error.with_source(source);
        }
        self.with_answer(error, meta, failure, body)
    }

    /// Adds what came back to an error, without the secrets that the vendor may have repeated.
    fn with_answer(
        &self,
        error: Error,
        mut meta: Meta,
        mut failure: Failure,
        body: &[u8],
    ) -> Error {
        let redactor = self.redactor();
        redactor.headers(&mut meta.headers);
        meta.trace_id = meta.headers.get(&self.vendor.trace_id).cloned();
        failure.codes = failure
            .codes
            .into_iter()
            .map(|code| redactor.text(code))
            .collect();
        failure.message = failure.message.map(|text| redactor.text(text));
        let body = redactor.body(body, KEPT_BODY);
        self.fault(error).with_answer(meta, failure, body)
    }

    fn redactor(&self) -> Redactor<'_> {
        Redactor(
            self.credential_secrets
                .iter()
                .chain(&self.call_secrets)
                .collect(),
        )
    }
}

/// An answer of success whose body isn't decoded yet.
pub(super) struct Answer<'a> {
    meta: Meta,
    body: Bytes,
    sent: Sent<'a>,
}

impl Answer<'_> {
    pub(super) fn decode<T: DeserializeOwned>(self) -> Result<Reply<T>, Error> {
        // No body is what null is for a value that may be absent.
        let json = match without_bom(&self.body) {
            b"" => b"null",
            json => json,
        };
        match serde_json::from_slice(json) {
            Ok(value) => Ok(Reply::new(value, self.meta)),
            Err(_) => Err(self.undecodable::<T>()),
        }
    }

    /// For an answer that promises no body: what comes all the same has to be JSON, or somebody else
    /// has answered.
    pub(super) fn without_value(self) -> Result<Reply<()>, Error> {
        let json = without_bom(&self.body);
        if json.is_empty() || serde_json::from_slice::<IgnoredAny>(json).is_ok() {
            Ok(Reply::new((), self.meta))
        } else {
            Err(self.undecodable::<IgnoredAny>())
        }
    }

    /// Decodes once more, this time slowly and keeping the way to the fault.
    fn undecodable<T: DeserializeOwned>(self) -> Error {
        let json = without_bom(&self.body);
        let (vendor, status) = (self.sent.vendor.name, self.meta.status);
        let reason = if json.is_empty() {
            format!("{vendor} answered {status} without the body that the document promises")
        } else {
            let content_type = self
                .meta
                .headers
                .get(http::header::CONTENT_TYPE)
                .and_then(|value| value.to_str().ok())
                .unwrap_or("unknown");
            let content_type = self.sent.redactor().text(content_type.to_owned());
            format!(
                "{vendor} answered {status} with a body that isn't what the document promises (its \
                 content type is `{content_type}`)"
            )
        };
        let error = Error::new(ErrorKind::Decode, reason).with_source(Undecodable::of::<T>(json));
        let failure = Failure::unread(status);
        self.sent.with_answer(error, self.meta, failure, &self.body)
    }
}

fn without_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix(BOM).unwrap_or(body)
}

/// A failure before there was an answer.
fn unsent(vendor: &Vendor, error: reqwest::Error) -> Error {
    let error = error.without_url();
    let name = vendor.name;
    let (kind, reason) = if error.is_connect() {
        (
            ErrorKind::Connect,
            format!("no connection to {name}, so nothing was sent"),
        )
    } else if error.is_timeout() {
        (
            ErrorKind::Timeout,
            format!("{name} didn't answer in time; it may have acted on the request"),
        )
    } else if error.is_builder() {
        (
            ErrorKind::InvalidRequest,
            "the request can't be sent".to_owned(),
        )
    } else {
        (
            ErrorKind::Transport,
            format!(
                "the connection to {name} failed before an answer; it may have acted on the request"
            ),
        )
    };
    Error::new(kind, reason).with_source(error)
}

/// Why a body didn't come whole.
enum Broken {
    TooLarge,
    Cut(reqwest::Error),
}

impl Broken {
    fn error(self, vendor: &Vendor, status: StatusCode) -> Error {
        let name = vendor.name;
        match self {
            Self::TooLarge => Error::new(
                ErrorKind::Decode,
                format!("{name} answered {status} with more than {LARGEST_BODY} bytes"),
            ),
            Self::Cut(error) => {
                let kind = if error.is_timeout() {
                    ErrorKind::Timeout
                } else {
                    ErrorKind::Transport
                };
                let reason = format!("{name} answered {status}, and the body broke off");
                Error::new(kind, reason).with_source(error)
            }
        }
    }
}

/// The body as far as it came, without a copy where it came in one piece.
async fn read(response: &mut reqwest::Response) -> (Bytes, Option<Broken>) {
    let cut = |error: reqwest::Error| Some(Broken::Cut(error.without_url()));
    let first = match response.chunk().await {
        Ok(Some(first)) => first,
        Ok(None) => return (Bytes::new(), None),
        Err(error) => return (Bytes::new(), cut(error)),
    };
    let mut next = match response.chunk().await {
        Ok(Some(next)) => next,
        Ok(None) => return (first, None),
        Err(error) => return (first, cut(error)),
    };
    let mut whole = BytesMut::from(first);
    loop {
        if whole.len() + next.len() > LARGEST_BODY {
            return (whole.freeze(), Some(Broken::TooLarge));
        }
        whole.extend_from_slice(&next);
        next = match response.chunk().await {
            Ok(Some(next)) => next,
            Ok(None) => return (whole.freeze(), None),
            Err(error) => return (whole.freeze(), cut(error)),
        };
    }
}
