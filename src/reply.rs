use std::fmt;
use std::ops::{Deref, DerefMut};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use reqwest::Url;

use crate::head::Head;
use crate::{CorrelationId, Error, RequestId};

/// A vendor's response: the value, and what is needed to trace the call it came from.
///
/// It dereferences to the value: `reply.company_name` reads a member of it.
#[derive(Clone)]
pub struct Reply<T> {
    value: T,
    meta: Meta,
}

/// What is kept of a response besides its body, and the ids of the call.
#[derive(Clone)]
pub(crate) struct Meta {
    pub(crate) head: Head,
    pub(crate) operation: &'static str,
    pub(crate) request_id: RequestId,
    pub(crate) correlation_id: CorrelationId,
    /// The body as it came, where the call asked for it.
    pub(crate) body: Option<Bytes>,
    /// The items of a list that couldn't be decoded, each with its place among all of them.
    pub(crate) undecoded: Vec<(usize, Error)>,
    /// Where a list's `Link` header says that the next page is, or why there is no telling.
    pub(crate) next_link: Result<Option<Box<Url>>, &'static str>,
    /// What a list's page says of how it goes on, at the place that its document names.
    pub(crate) mark: Result<Option<Box<str>>, &'static str>,
}

impl<T> Reply<T> {
    pub(crate) fn new(value: T, meta: Meta) -> Self {
        Self { value, meta }
    }

    /// The value without the rest.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The same response with a value made of its own.
    #[must_use]
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Reply<U> {
        Reply { value: change(self.value), meta: self.meta }
    }

    /// The items that couldn't be decoded, each with its place among all of them.
    pub(crate) fn take_undecoded(&mut self) -> Vec<(usize, Error)> {
        std::mem::take(&mut self.meta.undecoded)
    }

    /// Where the link of a list's page leads: none on the last page.
    #[allow(dead_code, reason = "for documents of other vendors")]
    pub(crate) fn next_link(&self) -> Result<Option<&Url>, &'static str> {
        let link = self.meta.next_link.as_ref();
        link.map(Option::as_deref).map_err(|reason| *reason)
    }

    /// What a list's page says of how it goes on.
    pub(crate) fn mark(&self) -> Result<Option<&str>, &'static str> {
        self.meta.mark.as_ref().map(Option::as_deref).map_err(|reason| *reason)
    }

    /// An error that is about this response.
    pub(crate) fn failed(&self, error: Error) -> Error {
        let Meta { operation, request_id, correlation_id, .. } = self.meta;
        error.in_call(operation, request_id, correlation_id)
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.meta.head.status
    }

    /// The response's headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.meta.head.headers
    }

    /// The body as it came, BOM and all, where the call was sent with `keep_body`. Otherwise it goes once the value
    /// is decoded, and with it the memory that it was read into. None of a [`Download`](crate::Download) or of
    /// [`Lines`](crate::Lines), whose bytes the caller reads.
    ///
    /// Secrets in it aren't redacted, as they aren't in the value. `Debug` doesn't show it.
    #[must_use]
    #[doc(alias = "raw body")]
    pub fn body(&self) -> Option<&Bytes> {
        self.meta.body.as_ref()
    }

    /// The id of this call.
    #[must_use]
    pub fn request_id(&self) -> RequestId {
        self.meta.request_id
    }

    /// The id of the logical operation that the call belongs to.
    #[must_use]
    pub fn correlation_id(&self) -> CorrelationId {
        self.meta.correlation_id
    }

    /// The vendor's own id of the call, which its support asks for: `MS-CV` at Partner Center,
    /// `cf-ray` at Cloudflare, `X-Request-Id` at Campaign Standard.
    #[must_use]
    pub fn trace_id(&self) -> Option<&str> {
        self.meta.head.trace_id()
    }
}

impl<T> Deref for Reply<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Reply<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for Reply<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Headers stay out: they may set cookies.
        f.debug_struct("Reply")
            .field("status", &self.meta.head.status)
            .field("request_id", &self.meta.request_id)
            .field("correlation_id", &self.meta.correlation_id)
            .field("trace_id", &self.trace_id())
            .field("value", &self.value)
            .finish_non_exhaustive()
    }
}
