//! What a caller adds to every attempt: a hook.

use std::error::Error as StdError;
use std::fmt;
use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Extensions, HeaderMap, Method, Response, StatusCode};
use reqwest::Url;

use super::{Vendor, extra_header};
use crate::error::ErrorKind;
use crate::slot::Slot;
use crate::{BoxFuture, CorrelationId, Error, RequestId, Secret};

/// Code of the caller's that runs before and after every attempt of every call, given to
/// [`ClientBuilder::hook`](crate::ClientBuilder::hook).
///
/// A hook can add headers, sign the request, respond in place of the vendor, and log what was sent and what
/// came back. Sign-in requests pass no hook: they hold client secrets and refresh tokens.
///
/// ```
/// use letterhead::{Attempt, BoxFuture, Hook, Outcome};
///
/// struct Audit;
///
/// impl Hook for Audit {
///     fn on_response<'a>(
///         &'a self,
///         attempt: &'a Attempt,
///         outcome: &'a Outcome,
///     ) -> BoxFuture<'a, ()> {
///         Box::pin(async move {
///             println!(
///                 "{} attempt {} of {}: {:?} after {:?}",
///                 attempt.request_id(),
///                 attempt.number(),
///                 attempt.operation(),
///                 outcome.status(),
///                 outcome.duration(),
///             );
///         })
///     }
/// }
/// ```
///
/// **Order.** `on_request` runs in the order in which hooks were given to the builder, `on_response` in the
/// reverse one: the hook that was given first is the outermost. `on_response` runs for each hook whose
/// `on_request` let the attempt go on, and not for the one that ended it or for those after that one.
///
/// **Time.** Both run inside the attempt's span. The time of `on_request` counts towards the time limits of the
/// attempt and of the call. `on_response` isn't cut off by them: the record of a timeout would be lost. A hook
/// that waits for something should limit that wait itself.
///
/// **Cancellation.** A caller who drops a call drops the hook's future with it, and `on_response` doesn't run.
/// What has to be known then is written in `on_request`, or when a value in [`Attempt::extensions_mut`] is
/// dropped.
///
/// **Panics.** A panic in a hook goes on in the task that awaits the call, and the client stays usable.
#[doc(alias = "middleware")]
#[doc(alias = "interceptor")]
pub trait Hook: Send + Sync + 'static {
    /// Runs before the request is sent, after the credential and the ids are set. `Ok(None)` sends it;
    /// `Ok(Some(response))` sends nothing, and takes `response` for the vendor's.
    ///
    /// # Errors
    /// What keeps the request from being sent. The call ends with [`ErrorKind::Hook`], whose source it is, and
    /// isn't retried. An [`Error`] ends the attempt as it is: a hook that has sent something by itself can say
    /// so with [`Error::builder`].
    fn on_request<'a>(&'a self, _attempt: &'a mut Attempt) -> BoxFuture<'a, HookResult> {
        Box::pin(ready(Ok(None)))
    }

    /// Runs when it is known what became of the attempt, and can't change it.
    fn on_response<'a>(
        &'a self,
        _attempt: &'a Attempt,
        _outcome: &'a Outcome,
    ) -> BoxFuture<'a, ()> {
        Box::pin(ready(()))
    }
}

/// What a hook makes of a request: `None` sends it, and a response takes the place of the vendor's.
pub type HookResult = Result<Option<Response<Bytes>>, Box<dyn StdError + Send + Sync>>;

impl<H: Hook + ?Sized> Hook for Arc<H> {
    fn on_request<'a>(&'a self, attempt: &'a mut Attempt) -> BoxFuture<'a, HookResult> {
        (**self).on_request(attempt)
    }

    fn on_response<'a>(&'a self, attempt: &'a Attempt, outcome: &'a Outcome) -> BoxFuture<'a, ()> {
        (**self).on_response(attempt, outcome)
    }
}

/// One attempt of a call, as a [`Hook`] sees it: the request as it will be sent, and what it is for.
///
/// Nothing can be changed but headers that aren't letterhead's own. So the credential can't be sent to another
/// origin, and a retry stays the same request. `Debug` shows neither the URL nor a value of a header nor the
/// body.
pub struct Attempt {
    pub(super) vendor: &'static Vendor,
    /// Where the client's credential is.
    pub(super) slots: Vec<Slot>,
    pub(super) operation: &'static str,
    pub(super) template: &'static str,
    pub(super) request_id: RequestId,
    pub(super) correlation_id: CorrelationId,
    pub(super) number: u32,
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    /// What the values of added headers may have of secrets.
    pub(super) secrets: Vec<Secret>,
    pub(super) extensions: Extensions,
}

impl Attempt {
    /// The vendor's name for people: `Partner Center`.
    #[must_use]
    pub fn vendor(&self) -> &'static str {
        self.vendor.name
    }

    /// The operation, as its method is called.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The path as the document has it, with names in place of values: fit for logs and metrics.
    #[must_use]
    pub fn url_template(&self) -> &'static str {
        self.template
    }

    /// The id of the call, the same for all its attempts.
    #[must_use]
    pub fn request_id(&self) -> RequestId {
        self.request_id
    }

    /// The id of the logical operation that the call belongs to.
    #[must_use]
    pub fn correlation_id(&self) -> CorrelationId {
        self.correlation_id
    }

    /// Which attempt of the call it is: 1 for the first.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The URL. Paths and queries hold customers' data: logs are better off with
    /// [`url_template`](Self::url_template). A key that the client sends in the query isn't in it: it is added when the
    /// request is sent.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// All headers but those that frame the message (`Host`, `Content-Length`), the credential's among
    /// them. Values that are secret, or may be, are [sensitive](http::HeaderValue::is_sensitive), so that `Debug` doesn't show them.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body; empty where there is none. It may hold a password.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Adds a header, in place of one of the same name. Its value is taken for a secret.
    ///
    /// # Errors
    /// A header that letterhead sets itself or that carries a credential, and a name or a value that can't be
    /// sent.
    pub fn insert_header(
        &mut self,
        name: impl AsRef<str>,
        value: impl AsRef<str>,
    ) -> Result<(), Error> {
        let (name, value) = (name.as_ref(), value.as_ref());
        let (name, sendable) = extra_header::parse(self.vendor, &self.slots, name, value)
            .map_err(|fault| Error::new(ErrorKind::InvalidRequest, fault))?;
        self.headers.insert(name, sendable);
        self.secrets.extend(extra_header::likely_secrets(value));
        Ok(())
    }

    /// What hooks keep from `on_request` to `on_response` of the same attempt.
    #[must_use]
    pub fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    /// The same, to put something in.
    pub fn extensions_mut(&mut self) -> &mut Extensions {
        &mut self.extensions
    }

    /// The request in the `http` crate's type, for a signer, a [`reqwest::Request`] or a `tower::Service`.
    /// `Debug` of its body shows the body.
    ///
    /// # Errors
    /// A URL that isn't one to the `http` crate.
    pub fn to_http_request(&self) -> Result<http::Request<Bytes>, Error> {
        let builder = http::Request::builder().method(&self.method).uri(self.url.as_str());
        let mut request = builder.body(self.body.clone()).map_err(|error| {
            let reason = "the URL can't be written as an `http::Uri`";
            Error::new(ErrorKind::InvalidRequest, reason).with_source(error)
        })?;
        *request.headers_mut() = self.headers.clone();
        Ok(request)
    }
}

impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt")
            .field("vendor", &self.vendor.name)
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("url_template", &self.template)
            .field("number", &self.number)
            .field("request_id", &self.request_id)
            .field("correlation_id", &self.correlation_id)
            .field("headers", &names(&self.headers))
            .field("body_length", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// What became of an attempt, as a [`Hook`] sees it. `Debug` shows neither a value of a header nor the body.
pub struct Outcome {
    pub(super) response: Option<Response<Bytes>>,
    pub(super) error: Option<Error>,
    pub(super) duration: Duration,
    pub(super) is_from_hook: bool,
}

impl Outcome {
    /// The status, where a response came.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        let response = self.response.as_ref().map(Response::status);
        response.or_else(|| self.error.as_ref()?.status())
    }

    /// The response's headers, where one came. Values that are secret, or may be, are
    /// [sensitive](http::HeaderValue::is_sensitive).
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        let response = self.response.as_ref().map(Response::headers);
        response.or_else(|| self.error.as_ref()?.headers())
    }

    /// The body of a response that came whole, as it came: with what the vendor may have sent back of a
    /// secret.
    #[must_use]
    pub fn body(&self) -> Option<&Bytes> {
        self.response.as_ref().map(Response::body)
    }

    /// Why the attempt failed: a failure that the vendor reported, a body that can't be decoded, or no response.
    /// None where it succeeded. The call may go on with a retry.
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        self.error.as_ref()
    }

    /// The time from the start of the attempt, `on_request` of all hooks included.
    #[must_use]
    pub fn duration(&self) -> Duration {
        self.duration
    }

    /// Whether a hook ended the attempt, with a response or with an error, so that letterhead sent nothing.
    #[must_use]
    pub fn is_from_hook(&self) -> bool {
        self.is_from_hook
    }
}

impl fmt::Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outcome")
            .field("status", &self.status())
            .field("headers", &self.headers().map(names))
            .field("body_length", &self.body().map(Bytes::len))
            .field("error", &self.error)
            .field("duration", &self.duration)
            .field("is_from_hook", &self.is_from_hook)
            .finish_non_exhaustive()
    }
}

fn names(headers: &HeaderMap) -> Vec<&str> {
    headers.keys().map(http::HeaderName::as_str).collect()
}
