//! What came back: a value, or an error that repeats no secret.

use std::sync::Arc;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use serde::de::{DeserializeOwned, IgnoredAny};

use super::Vendor;
use crate::body::{Broken, without_bom};
use crate::credential::Headers;
use crate::error::{Category, ErrorKind, Failure, KEPT_BODY, Undecodable};
use crate::layer::attempt::LARGEST_BODY;
use crate::redact::{Redactor, Spellings};
use crate::reply::{Head, Meta};
use crate::wait::{clock_skew, retry_after};
use crate::{Clock, CorrelationId, Error, Reply, RequestId, Secret};

/// The most of a content type that is repeated, in bytes; it is ASCII.
const SHOWN_TYPE: usize = 100;

/// What an error about a call says about it, and what it must not say.
pub(super) struct Sent<'a> {
    pub(super) operation: &'static str,
    pub(super) request_id: RequestId,
    pub(super) correlation_id: CorrelationId,
    pub(super) vendor: &'static Vendor,
    pub(super) clock: &'a dyn Clock,
    pub(super) secrets: &'a [Secret],
    pub(super) credential: &'a Headers,
}

impl Sent<'_> {
    pub(super) fn fault(&self, error: Error) -> Error {
        error.in_call(self.operation, self.request_id, self.correlation_id)
    }

    /// The error for an answer that is a failure, as far as it came.
    pub(super) fn refusal(&self, head: Head, body: &[u8], broken: Option<Broken>) -> Error {
        let status = head.status;
        let mut failure = (self.vendor.failure)(status, &head.headers, without_bom(body));
        // What a 400 means stands in its body: a conflict, for one.
        if status == StatusCode::BAD_REQUEST && is_garbled(&head, body, broken.as_ref()) {
            failure.category = Category::Garbled;
        }
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
        let now = self.clock.system_time();
        let wait = retry_after(&head.headers, Some(now)).or_else(|| {
            let is_throttled = failure.category == Category::Throttled;
            self.vendor.throttled_for.filter(|_| is_throttled)
        });
        let skew = (failure.category == Category::Unauthorized)
            .then(|| clock_skew(&head.headers, now))
            .flatten();
        let error = self
            .with_answer(error, head, failure, body)
            .with_retry_after(wait);
        match skew {
            Some(skew) => error.with_hint(format!(
                "this machine's clock is {} minutes off the vendor's",
                skew.as_secs() / 60
            )),
            None => error,
        }
    }

    /// The error for an answer of success that broke off.
    pub(super) fn broken(&self, head: Head, body: &[u8], broken: Broken) -> Error {
        let (name, status) = (self.vendor.name, head.status);
        let error = match broken {
            Broken::TooLarge => Error::new(
                ErrorKind::Decode,
                format!("{name} answered {status} with more than {LARGEST_BODY} bytes"),
            ),
            Broken::Cut(error) => {
                let kind = if error.is_timeout() {
                    ErrorKind::Timeout
                } else {
                    ErrorKind::Transport
                };
                let reason = format!("{name} answered {status}, and the body broke off");
                Error::new(kind, reason).with_source(error)
            }
        };
        self.with_answer(error, head, Failure::unread(status), body)
    }

    /// Adds what came back to an error, without the secrets that the vendor may have repeated.
    fn with_answer(&self, error: Error, mut head: Head, failure: Failure, body: &[u8]) -> Error {
        let redactor = self.redactor();
        redactor.headers(&mut head.headers);
        head.trace_id = head.headers.get(&self.vendor.trace_id).cloned();
        let failure = redactor.failure(failure);
        let body = redactor.body(body, KEPT_BODY);
        self.fault(error).with_answer(head, failure, body)
    }

    /// The vendor's own id of a call that succeeded, which goes into logs: without the secrets that the
    /// vendor may have repeated.
    pub(super) fn clean_id(&self, id: &HeaderValue) -> HeaderValue {
        // Spelling a secret takes its length at least, and few ids have that.
        let mut secrets = self.credential.secrets().iter().chain(self.secrets);
        let is_long = secrets.any(|secret| secret.expose().len() <= id.len());
        let clean = is_long.then(|| self.redactor().header(id)).flatten();
        clean.unwrap_or_else(|| id.clone())
    }

    pub(super) fn redactor(&self) -> Redactor {
        let mut all = vec![self.credential.spellings()];
        if !self.secrets.is_empty() {
            let secrets = self.secrets.iter().map(Secret::expose);
            all.push(Arc::new(Spellings::of(secrets)));
        }
        Redactor(all)
    }
}

/// Whether a body broke off on its way, or is declared as JSON and isn't.
fn is_garbled(head: &Head, body: &[u8], broken: Option<&Broken>) -> bool {
    if let Some(broken) = broken {
        return matches!(broken, Broken::Cut(_));
    }
    let content_type = head.headers.get(CONTENT_TYPE);
    let is_json = content_type.is_some_and(|it| it.as_bytes().starts_with(b"application/json"));
    let body = without_bom(body);
    is_json && !body.is_empty() && serde_json::from_slice::<IgnoredAny>(body).is_err()
}

/// An answer of success whose body isn't decoded yet.
pub(super) struct Answer<'a> {
    pub(super) head: Head,
    pub(super) body: Bytes,
    pub(super) sent: Sent<'a>,
}

impl Answer<'_> {
    pub(super) fn decode<T: DeserializeOwned>(self) -> Result<Reply<T>, Error> {
        // No body is what null is for a value that may be absent.
        let json = match without_bom(&self.body) {
            b"" => b"null",
            json => json,
        };
        match serde_json::from_slice(json) {
            Ok(value) => Ok(Reply::new(value, self.into_meta())),
            Err(_) => Err(self.undecodable::<T>()),
        }
    }

    /// For an answer that promises no body: what comes all the same has to be JSON, or somebody else
    /// has answered.
    pub(super) fn without_value(self) -> Result<Reply<()>, Error> {
        let json = without_bom(&self.body);
        if json.is_empty() || serde_json::from_slice::<IgnoredAny>(json).is_ok() {
            Ok(Reply::new((), self.into_meta()))
        } else {
            Err(self.undecodable::<IgnoredAny>())
        }
    }

    fn into_meta(self) -> Meta {
        Meta {
            head: self.head,
            operation: self.sent.operation,
            request_id: self.sent.request_id,
            correlation_id: self.sent.correlation_id,
        }
    }

    /// Decodes once more, this time slowly and keeping the way to the fault.
    fn undecodable<T: DeserializeOwned>(self) -> Error {
        let json = without_bom(&self.body);
        let (vendor, status) = (self.sent.vendor.name, self.head.status);
        let redactor = self.sent.redactor();
        let fault = Undecodable::of::<T>(json, |path| redactor.text(path));
        let reason = if json.is_empty() {
            format!("{vendor} answered {status} without the body that the document promises")
        } else {
            let content_type = self
                .head
                .headers
                .get(CONTENT_TYPE)
                .and_then(|value| value.to_str().ok())
                .unwrap_or("unknown");
            let content_type = redactor.text(content_type.to_owned());
            let content_type = content_type.get(..SHOWN_TYPE).unwrap_or(&content_type);
            format!(
                "{vendor} answered {status} with a body that isn't what the document promises: {fault} \
                 (its content type is `{content_type}`)"
            )
        };
        let error = Error::new(ErrorKind::Decode, reason).with_source(fault);
        let failure = Failure::unread(status);
        self.sent.with_answer(error, self.head, failure, &self.body)
    }
}
