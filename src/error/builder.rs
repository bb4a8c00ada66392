//! An error that is made by hand.

use std::error::Error as StdError;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::{Effect, Error, ErrorBody, ErrorKind};
use crate::head::Head;
use crate::{CorrelationId, RequestId};

/// Makes an [`Error`] for a program's own tests; made by [`Error::builder`].
///
/// What isn't set is as a client would have it: a 503 is a server error that may have taken effect. A value that is
/// set here is shown by `Display` or `Debug` where it would be in an error of a client, and isn't searched for
/// secrets.
#[derive(Clone, Debug)]
#[must_use]
pub struct ErrorBuilder {
    /// With what belongs to no response.
    error: Error,
    reason: Option<String>,
    status: Option<StatusCode>,
    meaning: Option<StatusCode>,
    headers: HeaderMap,
    trace_id: Option<HeaderValue>,
    codes: Vec<String>,
    message: Option<String>,
    body: Hidden,
    request_id: Option<RequestId>,
    correlation_id: Option<CorrelationId>,
    may_be_sent: Option<bool>,
    may_have_taken_effect: Option<bool>,
}

/// A body, which stands in no log.
#[derive(Clone, Default)]
struct Hidden(Bytes);

impl Error {
    /// Makes an error by hand: for the tests of a program that maps errors to its own, and for a
    /// [`Hook`](crate::Hook) that sends by itself.
    ///
    /// ```
    /// use letterhead::http::StatusCode;
    /// use letterhead::{Error, ErrorKind};
    ///
    /// /// What the program under test does with an error.
    /// fn is_worth_a_call(error: &Error) -> bool {
    ///     error.needs_consent() || error.has_code("60012")
    /// }
    ///
    /// let no_seat = Error::builder(ErrorKind::Refused)
    ///     .status(StatusCode::BAD_REQUEST)
    ///     .code("60012")
    ///     .message("The subscription has no seat left.")
    ///     .build();
    /// assert!(is_worth_a_call(&no_seat));
    /// assert!(no_seat.is_invalid_request());
    ///
    /// let lost = Error::builder(ErrorKind::Timeout).attempts(3).build();
    /// assert!(lost.is_timeout() && lost.may_have_taken_effect());
    /// assert!(!is_worth_a_call(&lost));
    /// ```
    pub fn builder(kind: ErrorKind) -> ErrorBuilder {
        ErrorBuilder {
            error: Self::new(kind, ""),
            reason: None,
            status: None,
            meaning: None,
            headers: HeaderMap::new(),
            trace_id: None,
            codes: Vec::new(),
            message: None,
            body: Hidden::default(),
            request_id: None,
            correlation_id: None,
            may_be_sent: None,
            may_have_taken_effect: None,
        }
    }
}

impl ErrorBuilder {
    /// What `Display` begins with, after the operation.
    pub fn reason(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// The operation that failed.
    pub fn operation(mut self, name: &'static str) -> Self {
        self.error.0.operation = Some(name);
        self
    }

    /// The status of the response. Predicates such as [`is_not_found`](Error::is_not_found) follow from it, where
    /// the kind is [`Refused`](ErrorKind::Refused) or [`SignIn`](ErrorKind::SignIn).
    ///
    /// A response without a status has 200 where the kind is [`Decode`](ErrorKind::Decode), and else 500.
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }

    /// The status that predicates follow from instead, where the vendor means another one than it sends: Partner
    /// Center's 400 with the code 2055 means 409.
    pub fn meaning(mut self, status: StatusCode) -> Self {
        self.meaning = Some(status);
        self
    }

    /// Adds a header of the response.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.append(name, value);
        self
    }

    /// The vendor's own id of the call.
    pub fn trace_id(mut self, id: HeaderValue) -> Self {
        self.trace_id = Some(id);
        self
    }

    /// Adds one of the vendor's codes.
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.codes.push(code.into());
        self
    }

    /// The vendor's message.
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// The body of the response.
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = Hidden(body.into());
        self
    }

    /// How long the vendor asks to wait.
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.error = self.error.with_retry_after(Some(wait));
        self
    }

    /// How often the call was sent.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.error.0.attempts = attempts.max(1);
        self
    }

    /// Whether the request may have left.
    pub fn may_have_been_sent(mut self, may_be_sent: bool) -> Self {
        self.may_be_sent = Some(may_be_sent);
        self
    }

    /// Whether the vendor may have done what was asked. It can't have without a request.
    pub fn may_have_taken_effect(mut self, may_have_taken_effect: bool) -> Self {
        self.may_have_taken_effect = Some(may_have_taken_effect);
        self
    }

    /// A person has to sign in and consent again.
    pub fn needs_consent(mut self) -> Self {
        self.error = self.error.for_consent();
        self
    }

    /// The id of the call. With it, or with a correlation id, the error has both.
    pub fn request_id(mut self, id: RequestId) -> Self {
        self.request_id = Some(id);
        self
    }

    /// The id of the logical operation that the call belongs to.
    pub fn correlation_id(mut self, id: CorrelationId) -> Self {
        self.correlation_id = Some(id);
        self
    }

    /// What the error comes from.
    pub fn source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.error = self.error.with_source(source);
        self
    }

    /// The error.
    #[must_use]
    pub fn build(self) -> Error {
        let mut error = self.error;
        let kind = error.0.kind;
        let is_of_response = matches!(kind, ErrorKind::Refused | ErrorKind::Decode)
            || !self.headers.is_empty()
            || self.trace_id.is_some()
            || !self.codes.is_empty()
            || self.message.is_some()
            || !self.body.0.is_empty();
        let unset = match kind {
            ErrorKind::Decode => StatusCode::OK,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let status = self.status.or(is_of_response.then_some(unset));
        let reason = self.reason.unwrap_or_else(|| match status {
            Some(status) => format!("the vendor responded with {status}"),
            None => format!("an error of the kind `{kind}`"),
        });
        error.0.reason = Error::new(kind, reason).0.reason;
        if let Some(status) = status {
            let head = Head { status, headers: self.headers, trace_id: self.trace_id };
            let error_body = ErrorBody {
                codes: self.codes,
                message: self.message,
                category: self.meaning.unwrap_or(status).into(),
                hint: None,
            };
            error = error.with_response(head, error_body, self.body.0);
        }
        let effect = error.0.effect;
        let may_have_taken_effect =
            self.may_have_taken_effect.unwrap_or(effect.may_have_taken_effect)
                && self.may_be_sent != Some(false);
        error.0.effect = Effect {
            may_be_sent: self.may_be_sent.unwrap_or(effect.may_be_sent) || may_have_taken_effect,
            may_have_taken_effect,
        };
        if self.request_id.is_some() || self.correlation_id.is_some() {
            error.0.ids = Some((
                self.request_id.unwrap_or_else(RequestId::new),
                self.correlation_id.unwrap_or_else(CorrelationId::new),
            ));
        }
        error
    }
}

impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}
