//! How a span ends, by OpenTelemetry's conventions: with a status, or because nobody waits any more.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::OnceLock;

use http::{Method, StatusCode, Version};
use tracing::Span;

use crate::error::ErrorKind;
use crate::metrics::Request;
use crate::{Error, Reply};

/// A span with the fields of an outcome, which it gets when this ends, or is dropped without one.
///
/// The span needs `http.response.status_code`, `error.type`, `otel.status_code`, `otel.status_description`
/// and `letterhead.trace_id`; that of a request `network.protocol.version` as well. Numbers are `i64`: exporters make
/// texts of any others.
pub(crate) struct Open<'a> {
    pub(crate) span: Span,
    /// The request that the span covers, where it covers a single one.
    request: Option<Request<'a>>,
    /// Of HTTP, that the response came with.
    version: OnceLock<&'static str>,
    is_over: bool,
}

/// What `future` comes to, inside of `span`. tracing's own `instrument` has the future moved into it, and that of
/// a call takes kilobytes.
pub(crate) async fn inside<F: Future>(span: &Span, mut future: Pin<&mut F>) -> F::Output {
    poll_fn(|context| {
        let _entered = span.enter();
        future.as_mut().poll(context)
    })
    .await
}

enum Failure<'a> {
    Error(&'a Error),
    Cancelled,
    Panicked,
}

impl<'a> Open<'a> {
    pub(crate) fn new(span: Span) -> Self {
        Self { span, request: None, version: OnceLock::new(), is_over: false }
    }

    /// The span of a request, which is measured as well.
    pub(crate) fn request(span: Span, request: Request<'a>) -> Self {
        Self { span, request: Some(request), version: OnceLock::new(), is_over: false }
    }

    /// Says which version of HTTP the response came with.
    pub(crate) fn record_version(&self, version: Version) {
        let number = match version {
            Version::HTTP_09 => "0.9",
            Version::HTTP_10 => "1.0",
            Version::HTTP_11 => "1.1",
            Version::HTTP_2 => "2",
            Version::HTTP_3 => "3",
            _ => return,
        };
        self.span.record("network.protocol.version", *self.version.get_or_init(|| number));
    }

    pub(crate) fn end<T>(self, outcome: &Result<Reply<T>, Error>) {
        match outcome {
            Ok(reply) => self.end_with(Some(reply.status()), reply.trace_id(), None),
            Err(error) => self.end_with(error.status(), error.trace_id(), Some(error)),
        }
    }

    pub(crate) fn end_with(
        mut self,
        status: Option<StatusCode>,
        trace_id: Option<&str>,
        error: Option<&Error>,
    ) {
        self.span.record("letterhead.trace_id", trace_id);
        self.over(status, error.map(Failure::Error));
    }

    fn over(&mut self, status: Option<StatusCode>, failure: Option<Failure<'_>>) {
        self.is_over = true;
        let number = status.map(|status| i64::from(status.as_u16()));
        self.span.record("http.response.status_code", number);
        if let Some(request) = &self.request {
            request
                .end(status, self.version.get().copied(), || Some(failure.as_ref()?.type_name()));
        }
        let Some(failure) = failure.filter(|_| !self.span.is_disabled()) else { return };
        self.span.record("error.type", &*failure.type_name());
        self.span.record("otel.status_code", "ERROR");
        // Last: tracing-opentelemetry makes a whole status of either field.
        self.span.record("otel.status_description", &*failure.description());
    }
}

/// What the conventions call a method: one name for all that no standard has, which would be no small set.
pub(crate) fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::PUT => "PUT",
        Method::POST => "POST",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        Method::TRACE => "TRACE",
        Method::CONNECT => "CONNECT",
        _ => OTHER_METHOD,
    }
}

pub(crate) const OTHER_METHOD: &str = "_OTHER";

impl Drop for Open<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            let panics = std::thread::panicking();
            self.over(None, Some(if panics { Failure::Panicked } else { Failure::Cancelled }));
        }
    }
}

impl Failure<'_> {
    fn type_name(&self) -> Cow<'static, str> {
        match self {
            Self::Error(error) => error.type_name().into(),
            Self::Cancelled => "cancelled".into(),
            Self::Panicked => "panic".into(),
        }
    }

    /// Of what came from outside only the vendor's codes: messages hold names, addresses and links.
    fn description(&self) -> Cow<'static, str> {
        let error = match self {
            Self::Error(error) => error,
            Self::Cancelled => return "the future was dropped before its end".into(),
            Self::Panicked => return "the task panicked".into(),
        };
        let what = match error.kind() {
            ErrorKind::Configuration => "the client is set up wrong",
            ErrorKind::InvalidRequest => "the request can't be sent",
            ErrorKind::NotFound => "nothing has the name that was looked for",
            ErrorKind::Hook => "a hook refused the request",
            ErrorKind::SignIn => "no access token",
            ErrorKind::Throttled => "the vendor throttles this client",
            ErrorKind::Limiter => "the limiter failed",
            ErrorKind::Connect => "no connection",
            ErrorKind::Timeout => "the time limit ran out",
            ErrorKind::Transport => "the connection failed",
            ErrorKind::Refused => "the vendor refused the request",
            ErrorKind::Decode => "the response can't be decoded",
        };
        let mut text = what.to_owned();
        if let Some(status) = error.status() {
            let _ = write!(text, ": {status}");
        }
        for code in error.codes() {
            let _ = write!(text, ", code {code}");
        }
        text.into()
    }
}
