//! What the sandbox sends back.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName};
use http::{HeaderMap, HeaderValue, StatusCode};
use hyper::body::{Body, Frame, SizeHint};
use serde_json::Value;

/// A response to one request, sent exactly as built: no byte order mark, no ids, no quota headers.
///
/// Without a body it is empty and has no content type.
#[derive(Debug, Clone)]
pub struct Response {
    pub(crate) status: StatusCode,
    /// Boxed, because handlers return responses as errors too and those should be small.
    pub(crate) headers: Box<HeaderMap>,
    body: Bytes,
    truncated_to: Option<usize>,
}

impl Response {
    /// An empty response.
    ///
    /// # Panics
    /// If `status` is not a final HTTP status, that is, one from 200 to 999.
    #[must_use]
    pub fn new(status: u16) -> Self {
        assert!(status >= 200, "{status} is not a final HTTP status");
        Self::with_status(StatusCode::from_u16(status).expect("an HTTP status"))
    }

    /// Sets a header; an earlier value goes.
    ///
    /// # Panics
    /// If name or value cannot be put into a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::try_from(name).expect("a header name");
        let value = HeaderValue::try_from(value).expect("a header value");
        self.headers.insert(name, value);
        self
    }

    /// Sets the body and leaves the content type alone.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Sets a JSON body and its content type.
    #[must_use]
    pub fn json(self, value: &Value) -> Self {
        self.typed("application/json", value.to_string())
    }

    /// Sets an HTML body and its content type.
    #[must_use]
    pub fn html(self, text: &str) -> Self {
        self.typed("text/html; charset=utf-8", text.to_owned())
    }

    /// Announces the whole body, and closes the connection after its first `length` bytes.
    #[must_use]
    pub fn truncate(mut self, length: usize) -> Self {
        self.truncated_to = Some(length);
        self
    }

    pub(crate) fn with_status(status: StatusCode) -> Self {
        Self { status, headers: Box::default(), body: Bytes::new(), truncated_to: None }
    }

    pub(crate) fn typed(mut self, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        self.body(body)
    }

    /// Sets a header to text that a client may have had a say in; unprintable text is left out.
    pub(crate) fn echo(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::try_from(value) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }

    /// The bytes of the body that reach the client.
    pub(crate) fn sent(&self) -> Bytes {
        let end = self.truncated_to.unwrap_or(usize::MAX);
        self.body.slice(..end.min(self.body.len()))
    }

    /// As a client that reads to the end sees it.
    pub(crate) fn to_http(&self) -> http::Response<Bytes> {
        let mut response = http::Response::new(self.sent());
        *response.status_mut() = self.status;
        response.headers_mut().clone_from(&self.headers);
        response
    }

    pub(crate) fn into_http(self) -> http::Response<ResponseBody> {
        let data = self.sent();
        let mut response = http::Response::new(ResponseBody {
            missing: self.body.len() - data.len(),
            data,
            flushed: false,
        });
        *response.status_mut() = self.status;
        *response.headers_mut() = *self.headers;
        response
    }
}

/// A body of known length that may fail before its end.
pub(crate) struct ResponseBody {
    data: Bytes,
    missing: usize,
    flushed: bool,
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let data = std::mem::take(&mut self.data);
        if !data.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
        if self.missing == 0 {
            return Poll::Ready(None);
        }
        if !self.flushed {
            // The connection writes out what it has only when a body makes it wait; an error right
            // away would take the first bytes along.
            self.flushed = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(io::Error::other("truncated on request"))))
    }

    fn is_end_stream(&self) -> bool {
        self.data.is_empty() && self.missing == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact((self.data.len() + self.missing) as u64)
    }
}
