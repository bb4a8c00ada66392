//! One call on the wire: what is sent, and what is made of the answer.

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use tracing::{Instrument, Span, field};

use super::{Call, Vendor, endpoint};
use crate::credential::redact;
use crate::error::{ErrorKind, Failure};
use crate::reply::Meta;
use crate::{CorrelationId, Error, Reply, RequestId, Secret};

/// The largest answer that is read, in bytes.
const LARGEST_BODY: usize = 32 * 1024 * 1024;

/// What Partner Center puts before its JSON.
pub(super) const BOM: &[u8] = b"\xef\xbb\xbf";

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
        if !endpoint::same_origin(response.url(), self.layer.base()) {
            return Err(sent.fault(Error::configuration(format!(
                "the `reqwest::Client` that was given followed a redirect to `{}`, and the request \
                 may have taken the credential there; build it with `redirect::Policy::none()`",
                endpoint::origin(response.url())
            ))));
        }
        let body = match read(&mut response).await {
            Ok(body) => body,
            Err(fault) => {
                let failure = Failure::unread(status);
                return Err(sent.fault(fault.error(sent.vendor, status)).with_answer(
                    meta,
                    failure,
                    Bytes::new(),
                ));
            }
        };
        if status.is_success() && !(sent.vendor.refused)(&body) {
            Ok(Answer { meta, body, sent })
        } else {
            Err(sent.refusal(meta, body))
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

    /// The error for an answer that is a failure.
    fn refusal(&self, meta: Meta, body: Bytes) -> Error {
        let body = self.without_secrets(body);
        let status = meta.status;
        let failure = (self.vendor.failure)(status, &body);
        let reason = if status.is_redirection() {
            format!(
                "{} answered {status}, and redirects aren't followed",
                self.vendor.name
            )
        } else if status.is_success() {
            format!(
                "{} answered {status} with a failure in it",
                self.vendor.name
            )
        } else {
            format!("{} answered {status}", self.vendor.name)
        };
        self.fault(Error::new(ErrorKind::Refused, reason))
            .with_answer(meta, failure, body)
    }

    /// A vendor may echo what it was sent.
    fn without_secrets(&self, body: Bytes) -> Bytes {
        let Ok(text) = std::str::from_utf8(&body) else {
            return body;
        };
        let mut clean = text.to_owned();
        redact(&mut clean, self.credential_secrets);
        redact(&mut clean, &self.call_secrets);
        if clean == text { body } else { clean.into() }
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
        let json = self.body.strip_prefix(BOM).unwrap_or(&self.body);
        // No body is what null is for a value that may be absent.
        let json = if json.is_empty() { b"null" } else { json };
        match serde_json::from_slice(json) {
            Ok(value) => Ok(Reply::new(value, self.meta)),
            Err(_) => Err(self.undecodable::<T>()),
        }
    }

    pub(super) fn without_value(self) -> Reply<()> {
        Reply::new((), self.meta)
    }

    /// Decodes once more, this time slowly and keeping the way to the fault.
    fn undecodable<T: DeserializeOwned>(self) -> Error {
        let body = self.sent.without_secrets(self.body);
        let json = body.strip_prefix(BOM).unwrap_or(&body);
        let vendor = self.sent.vendor.name;
        let status = self.meta.status;
        let reason = if json.is_empty() {
            format!("{vendor} answered {status} without the body that the document promises")
        } else {
            let content_type = self
                .meta
                .headers
                .get(http::header::CONTENT_TYPE)
                .and_then(|value| value.to_str().ok())
                .unwrap_or("unknown");
            format!(
                "{vendor} answered {status} with a body that isn't what the document promises (its \
                 content type is `{content_type}`)"
            )
        };
        let mut error = self.sent.fault(Error::new(ErrorKind::Decode, reason));
        let mut deserializer = serde_json::Deserializer::from_slice(json);
        if let Err(source) = serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
            error = error.with_source(source);
        } else if let Err(source) = deserializer.end() {
            error = error.with_source(source);
        }
        error.with_answer(self.meta, Failure::unread(status), body.clone())
    }
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
    } else if error.is_builder() || error.is_request() && error.is_body() {
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

enum ReadFault {
    TooLarge,
    Broken(reqwest::Error),
}

impl ReadFault {
    fn error(self, vendor: &Vendor, status: StatusCode) -> Error {
        let name = vendor.name;
        match self {
            Self::TooLarge => Error::new(
                ErrorKind::Decode,
                format!("{name} answered {status} with more than {LARGEST_BODY} bytes"),
            ),
            Self::Broken(error) => {
                let kind = if error.is_timeout() {
                    ErrorKind::Timeout
                } else {
                    ErrorKind::Transport
                };
                let reason = format!("{name} answered {status}, and the body broke off");
                Error::new(kind, reason).with_source(error.without_url())
            }
        }
    }
}

/// The whole body, without a copy where it came in one piece.
async fn read(response: &mut reqwest::Response) -> Result<Bytes, ReadFault> {
    let Some(first) = response.chunk().await.map_err(ReadFault::Broken)? else {
        return Ok(Bytes::new());
    };
    let Some(second) = response.chunk().await.map_err(ReadFault::Broken)? else {
        return Ok(first);
    };
    let mut whole = BytesMut::from(first);
    let mut next = Some(second);
    while let Some(chunk) = next {
        if whole.len() + chunk.len() > LARGEST_BODY {
            return Err(ReadFault::TooLarge);
        }
        whole.extend_from_slice(&chunk);
        next = response.chunk().await.map_err(ReadFault::Broken)?;
    }
    Ok(whole.freeze())
}
