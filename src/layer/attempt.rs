//! One attempt of a call on the wire.

use std::pin::pin;
use std::sync::PoisonError;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, COOKIE, USER_AGENT};
use http::{HeaderMap, HeaderValue, StatusCode};
use reqwest::Url;
use tracing::{Instrument, Span, field};

use super::content::WrongLength;
use super::response::{Context, LARGEST_BODY, LARGEST_ERROR_BODY, Response};
use super::visit::Visit;
use super::{Call, Operation, Vendor, endpoint};
use crate::auth_headers::Headers;
use crate::body::{Broken, read, without_bom};
use crate::error::{ErrorKind, is_long_head};
use crate::head::Head;
use crate::metrics::Request;
use crate::retry::RetryReason;
use crate::telemetry::{OTHER_METHOD, Open, inside, method_name};
use crate::{Error, Reply, propagation};

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
    /// Sends the call once, in a span of its own, and decodes the response.
    pub(super) async fn attempt<T>(
        &self,
        url: &Url,
        credential: &Headers,
        turn: Turn,
        decode: impl FnOnce(Response<'_>) -> Result<Reply<T>, Error>,
    ) -> Result<Reply<T>, Error> {
        let layer = &self.layer.0;
        let clock = &*layer.io.clock;
        let start = clock.now();
        let open = Open::request(
            self.attempt_span(turn),
            Request {
                vendor: layer.vendor.name,
                operation: self.operation.name,
                method: &self.operation.method,
                server: &layer.base,
                template: self.operation.path,
                clock,
                start,
            },
        );
        let limit = layer.attempt_timeout.min(turn.left);
        let headers = || open.span.in_scope(|| self.full_headers(credential));
        let mut visit = Visit::of(self, url, turn.resent + 1, headers);
        let begun = match &mut visit {
            Some(visit) => {
                let begun = Box::pin(visit.begin(clock, limit)).instrument(open.span.clone()).await;
                begun.and_then(|left| {
                    let spent = limit.saturating_sub(left);
                    self.in_time(turn.left.saturating_sub(spent)).map(|()| left)
                })
            }
            None => Ok(limit),
        };
        let is_ended = visit.as_deref().is_some_and(Visit::is_ended);
        let is_sent = begun.is_ok() && !is_ended;
        let connections = layer.pool.take(self.operation.repeatable, turn.has_failed);
        let response = match begun {
            Ok(limit) => {
                let (http, visit) = (&connections.http, visit.as_deref());
                let response = self.response(http, url, credential, limit, visit, &open);
                inside(&open.span, pin!(response)).await
            }
            Err(error) => Err(self.in_call(error)),
        };
        let outcome = response.and_then(decode);
        let visit = visit.map(|visit| (visit, open.span.clone()));
        open.end(&outcome);
        let reason = outcome.as_ref().err().and_then(Error::retry_reason);
        let is_failure = reason.is_some_and(RetryReason::is_of_connection);
        if is_sent {
            layer.pool.settle(&connections, is_failure);
        }
        if let Some((visit, span)) = visit {
            let took = clock.now().saturating_duration_since(start);
            let error = outcome.as_ref().err().cloned();
            Box::pin(visit.end(error, took)).instrument(span).await;
        }
        outcome
    }

    /// The names are those of OpenTelemetry's HTTP client spans. The URL stays out: queries hold
    /// addresses, and paths hold keys.
    fn attempt_span(&self, turn: Turn) -> Span {
        let layer = &self.layer.0;
        let port = layer.base.port_or_known_default();
        let method = method_name(&self.operation.method);
        let original = (method == OTHER_METHOD).then_some(self.operation.method.as_str());
        tracing::info_span!(
            "letterhead.attempt",
            otel.kind = "client",
            // From the start: tracing-opentelemetry renames no span that it has begun.
            otel.name = format_args!("{} {}", original.map_or(method, |_| "HTTP"), self.operation.path),
            otel.status_code = field::Empty,
            otel.status_description = field::Empty,
            http.request.method = method,
            http.request.method_original = original,
            http.request.resend_count = (turn.resent > 0).then_some(i64::from(turn.resent)),
            url.template = self.operation.path,
            server.address = layer.base.host_str(),
            server.port = port.map(i64::from),
            network.protocol.version = field::Empty,
            http.response.status_code = field::Empty,
            error.type = field::Empty,
            letterhead.request_id = %self.request_id,
            letterhead.correlation_id = %self.correlation_id,
            letterhead.retry_reason = turn.reason,
            letterhead.trace_id = field::Empty,
        )
    }

    async fn response<'a>(
        &'a self,
        http: &reqwest::Client,
        url: &'a Url,
        credential: &'a Headers,
        limit: Duration,
        visit: Option<&'a Visit<'_>>,
        open: &Open<'_>,
    ) -> Result<Response<'a>, Error> {
        let layer = &self.layer.0;
        let context = Context {
            operation: self.operation.name,
            url,
            request_id: self.request_id,
            correlation_id: self.correlation_id,
            vendor: layer.vendor,
            clock: &*layer.io.clock,
            secrets: [&self.secrets, visit.map_or(&[], Visit::secrets)],
            credential,
            proof: self.proof,
            keep_body: self.keep_body,
        };
        if let Some(given) = visit.and_then(Visit::given) {
            let (status, headers) = (given.status(), given.headers().clone());
            return self.judged(context, visit, status, headers, (given.body().clone(), None));
        }
        let sent_url = credential.sent_url(url);
        let mut request =
            reqwest::Request::new(self.operation.method.clone(), sent_url.clone().into_owned());
        *request.headers_mut() = match visit {
            Some(visit) => visit.headers().clone(),
            None => self.full_headers(credential),
        };
        *request.body_mut() = match &self.stream {
            Some(stream) => stream.lock().unwrap_or_else(PoisonError::into_inner).take(),
            None => self.body.clone().map(Into::into),
        };
        *request.timeout_mut() = Some(limit);
        let outcome = http.execute(request).await;
        let mut response = outcome
            .map_err(|error| context.fault(no_response(context.vendor, &self.operation, error)))?;

        open.record_version(response.version());
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        if layer.may_redirect && *sent_url != *response.url() {
            let error = Error::configuration(format!(
                "the `reqwest::Client` that was given followed a redirect, in the end to `{}`, and \
                 may have taken the credential along; build it with `redirect::Policy::none()`",
                context.redactor().text(endpoint::origin(response.url()))
            ));
            return Err(context.fault(error.uncertain()));
        }
        if self.is_download && status.is_success() {
            let head = Self::head(&context, status, headers);
            return Ok(Response { head, body: Bytes::new(), rest: Some(response), context });
        }
        let limit = if status.is_success() { LARGEST_BODY } else { LARGEST_ERROR_BODY };
        let read = read(&mut response, limit).await;
        self.judged(context, visit, status, headers, read)
    }

    /// The response, unless it is a failure.
    fn judged<'a>(
        &self,
        context: Context<'a>,
        visit: Option<&Visit<'_>>,
        status: StatusCode,
        headers: HeaderMap,
        (body, broken): (Bytes, Option<Broken>),
    ) -> Result<Response<'a>, Error> {
        if let (Some(visit), None) = (visit, &broken) {
            visit.came(status, &headers, &body, &context.redactor());
        }
        let head = Self::head(&context, status, headers);
        if !status.is_success()
            || (context.vendor.is_error)(&self.operation.method, without_bom(&body))
        {
            return Err(context.error_response(head, &body, broken));
        }
        match broken {
            None => Ok(Response { head, body, rest: None, context }),
            Some(broken) => Err(context.broken(head, &body, broken)),
        }
    }

    fn head(context: &Context<'_>, status: StatusCode, headers: HeaderMap) -> Head {
        let trace_id = headers.get(&context.vendor.trace_id).map(|id| context.clean_id(id));
        Head { status, headers, trace_id }
    }

    fn full_headers(&self, credential: &Headers) -> HeaderMap {
        let layer = &self.layer.0;
        let own = layer.headers.iter().chain(credential.headers());
        // With the two ids, and with `Host`, which comes below.
        let count = self.headers.len() + layer.headers.len() + credential.headers().len() + 3;
        let mut headers = HeaderMap::with_capacity(count);
        for (name, value) in &self.headers {
            headers.append(name, value.clone());
        }
        propagation::inject(&mut headers, |name| layer.vendor.reserves(name));
        for (name, value) in own {
            let beside = if name == COOKIE { headers.get(COOKIE) } else { None };
            let value = beside.map_or_else(|| value.clone(), |own| both(own, value));
            headers.insert(name, value);
        }
        // What the operation accepts goes before what the vendor's JSON is called, and a name that the document has
        // callers give before the library's.
        for name in [ACCEPT, USER_AGENT] {
            if let Some(own) = self.headers.get(&name) {
                headers.insert(name, own.clone());
            }
        }
        if let Some(name) = &layer.vendor.request_id {
            headers.insert(name, self.request_id.to_header_value());
        }
        if let Some(name) = &layer.vendor.correlation_id {
            headers.insert(name, self.correlation_id.to_header_value());
        }
        headers
    }
}

/// The call's own cookies and the credential's, in one header.
fn both(own: &HeaderValue, credential: &HeaderValue) -> HeaderValue {
    let both = [own.as_bytes(), b"; ", credential.as_bytes()].concat();
    let mut both = HeaderValue::try_from(both).unwrap_or_else(|_| credential.clone());
    both.set_sensitive(true);
    both
}

/// The error of an attempt without a response.
fn no_response(vendor: &Vendor, operation: &Operation, error: reqwest::Error) -> Error {
    let error = error.without_url();
    let name = vendor.name;
    let doubt = if operation.method.is_safe() { "" } else { "; it may have acted on the request" };
    if let Some(wrong) = WrongLength::of(&error) {
        // Its beginning was sent.
        return Error::new(ErrorKind::InvalidRequest, format!("{wrong}{doubt}")).uncertain();
    }
    let (kind, reason) = if error.is_connect() {
        (ErrorKind::Connect, format!("no connection to {name}, so nothing was sent"))
    } else if error.is_timeout() {
        (ErrorKind::Timeout, format!("no response from {name} in time{doubt}"))
    } else if is_long_head(&error) {
        (
            ErrorKind::Transport,
            format!(
                "{name} sent a response with more headers than are read, or too long ones{doubt}; \
                 give the builder an HTTP client with a higher `http1_max_headers`"
            ),
        )
    } else if error.is_builder() {
        (ErrorKind::InvalidRequest, "the request can't be sent".to_owned())
    } else {
        (ErrorKind::Transport, format!("the connection to {name} failed before a response{doubt}"))
    };
    Error::new(kind, reason).with_source(error)
}
