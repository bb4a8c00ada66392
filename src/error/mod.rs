mod builder;
mod decode_error;
mod effect;
mod error_body;
mod kind;
mod one_line;
mod show;

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

pub use builder::ErrorBuilder;
pub(crate) use decode_error::{DecodeError, end_of, ends_early};
pub(crate) use effect::Effect;
pub(crate) use error_body::{Category, ErrorBody};
pub use kind::ErrorKind;
use one_line::SHOWN_MESSAGE;
pub(crate) use one_line::one_line;

use crate::head::Head;
use crate::paging::{Position, UndecodedItem};
use crate::retry::RetryReason;
use crate::{CorrelationId, RequestId};

/// The most of a failure's body that an error keeps, in bytes.
pub(crate) const KEPT_BODY: usize = 64 * 1024;

/// The most of a reason, which may hold what came from outside, in characters.
const SHOWN_REASON: usize = 2000;

/// The most of a vendor's code that is kept, in characters, and of how many codes.
const SHOWN_CODE: usize = 60;
pub(crate) const KEPT_CODES: usize = 16;

/// Why a call failed, with everything that came back and the ids to trace it by.
///
/// Ask its predicates rather than a vendor's codes: they know that a stale `ETag` is a conflict at
/// Partner Center though the status is 400, and that Campaign Standard's 500 means the request is wrong.
///
/// ```
/// # fn handle(error: letterhead::Error) {
/// if error.is_throttled() {
///     println!("come back in {:?}", error.retry_after());
/// } else if error.is_conflict() {
///     println!("someone else wrote first: read again");
/// } else if error.has_code("60012") {
///     println!("Partner Center has no seat left: buy one first");
/// } else {
///     println!("{error}"); // one line: what failed, status, codes, message, ids
/// }
/// # }
/// ```
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    operation: Option<&'static str>,
    reason: String,
    hint: Option<String>,
    ids: Option<(RequestId, CorrelationId)>,
    response: Option<ErrorResponse>,
    retry_after: Option<Duration>,
    effect: Effect,
    /// What is known of the attempts before the last one.
    earlier: Effect,
    attempts: u32,
    needs_consent: bool,
    item: Option<Box<UndecodedItem>>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

#[derive(Clone)]
struct ErrorResponse {
    head: Head,
    codes: Vec<String>,
    message: Option<String>,
    category: Category,
    body: Bytes,
}

impl Error {
    pub(crate) fn configuration(reason: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration, reason)
    }

    pub(crate) fn new(kind: ErrorKind, reason: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            operation: None,
            reason: one_line(&reason.into(), SHOWN_REASON),
            hint: None,
            ids: None,
            response: None,
            retry_after: None,
            effect: match kind {
                ErrorKind::Timeout | ErrorKind::Transport | ErrorKind::Decode => Effect::UNCERTAIN,
                ErrorKind::Refused => Effect::WITHOUT_EFFECT,
                _ => Effect::UNSENT,
            },
            earlier: Effect::UNSENT,
            attempts: 1,
            needs_consent: false,
            item: None,
            source: None,
        }))
    }

    /// What is wrong was read from this environment variable.
    pub(crate) fn of_variable(mut self, name: &str) -> Self {
        self.0.reason = format!("the environment variable `{name}`: {}", self.0.reason);
        self
    }

    /// A failure to get a token, whatever it was at the identity provider.
    pub(crate) fn into_sign_in(mut self) -> Self {
        self.0.kind = ErrorKind::SignIn;
        self.0.effect = Effect::UNSENT;
        self
    }

    /// Nothing was sent, though the kind alone doesn't say so.
    pub(crate) fn unsent(mut self) -> Self {
        self.0.effect = Effect::UNSENT;
        self
    }

    /// It was a read, which leaves nothing behind whatever became of it.
    pub(crate) fn without_effect(mut self) -> Self {
        self.0.effect.may_have_taken_effect = false;
        self
    }

    /// Something was sent and nobody knows what became of it, though the kind alone doesn't say so.
    pub(crate) fn uncertain(mut self) -> Self {
        self.0.effect = Effect::UNCERTAIN;
        self
    }

    /// The call failed for good, after so many attempts, of whose earlier ones so much is known.
    pub(crate) fn after(mut self, attempts: u32, earlier: Effect) -> Self {
        self.0.attempts = attempts;
        self.0.earlier = earlier;
        self
    }

    /// Other calls with the same aim came before, with so many attempts, of which so much is known.
    pub(crate) fn following(mut self, attempts: u32, earlier: Effect) -> Self {
        self.0.attempts += attempts;
        self.0.earlier = self.0.earlier.and(earlier);
        self
    }

    pub(crate) fn effect(&self) -> Effect {
        self.0.effect.and(self.0.earlier)
    }

    /// Whether the vendor knew who asked, and refused what was asked.
    pub(crate) fn is_of_accepted_credential(&self) -> bool {
        let categories =
            [Category::InvalidRequest, Category::Forbidden, Category::NotFound, Category::Conflict];
        categories.into_iter().any(|category| self.is(category))
    }

    /// OpenTelemetry's `error.type`: the status where that is what went wrong, else one word.
    pub(crate) fn type_name(&self) -> String {
        let is_refused = self.0.kind == ErrorKind::Refused;
        match self.status().filter(|status| is_refused && !status.is_success()) {
            Some(status) => status.as_str().to_owned(),
            None => self.0.kind.to_string(),
        }
    }

    /// Why there may be a retry; none where it can't help.
    pub(crate) fn retry_reason(&self) -> Option<RetryReason> {
        match self.0.kind {
            ErrorKind::Connect => Some(RetryReason::Connect),
            ErrorKind::Timeout | ErrorKind::Transport
                if self.0.effect.may_be_sent && !self.has_long_head() =>
            {
                Some(RetryReason::NoResponse)
            }
            // A complete response ends the request's life, whatever it says. One that stops in the middle
            // isn't complete.
            ErrorKind::Decode if self.is_cut() => Some(RetryReason::NoResponse),
            ErrorKind::Refused => match self.response()?.category {
                Category::Garbled => Some(RetryReason::NoResponse),
                Category::Throttled => Some(RetryReason::Throttled),
                Category::Server | Category::UpstreamTimeout | Category::Timeout => {
                    Some(RetryReason::ServerError)
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn is_cut(&self) -> bool {
        let source = self.0.source.as_deref();
        source
            .and_then(|source| source.downcast_ref::<DecodeError>())
            .is_some_and(|fault| fault.is_cut)
    }

    fn has_long_head(&self) -> bool {
        let source = self.0.source.as_deref();
        source.is_some_and(|source| is_long_head(source))
    }

    /// Only a person can mend it, though no identity provider has said so.
    pub(crate) fn for_consent(mut self) -> Self {
        self.0.needs_consent = true;
        self
    }

    pub(crate) fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        self.0.retry_after = wait;
        self
    }

    /// Adds the way out, unless one is there.
    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint.get_or_insert_with(|| hint.into());
        self
    }

    /// It is about one item of a list, which came as `json`.
    pub(crate) fn with_item(mut self, index: usize, json: String) -> Self {
        self.0.item = Some(Box::new(UndecodedItem::new(index, json)));
        self
    }

    /// The item that it is about is at this place.
    pub(crate) fn at(mut self, position: Position) -> Self {
        if let Some(item) = &mut self.0.item {
            item.set_position(position);
        }
        self
    }

    pub(crate) fn in_call(
        mut self,
        operation: &'static str,
        request_id: RequestId,
        correlation_id: CorrelationId,
    ) -> Self {
        self.0.operation = Some(operation);
        self.0.ids = Some((request_id, correlation_id));
        self
    }

    pub(crate) fn with_source(
        mut self,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        self.0.source = Some(Arc::from(source.into()));
        self
    }

    pub(crate) fn with_response(mut self, head: Head, error_body: ErrorBody, body: Bytes) -> Self {
        if self.0.kind == ErrorKind::Refused && !error_body.is_without_effect(head.status) {
            self.0.effect = Effect::UNCERTAIN;
        }
        self.0.hint = error_body.hint.map(str::to_owned);
        self.0.response = Some(ErrorResponse {
            head,
            codes: error_body
                .codes
                .iter()
                .take(KEPT_CODES)
                .map(|code| one_line(code, SHOWN_CODE))
                .collect(),
            message: error_body.message.map(|text| one_line(&text, SHOWN_MESSAGE)),
            category: error_body.category,
            body,
        });
        self
    }

    /// At which step the call failed.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The operation that failed, as its method is called; none where no call was made.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// The HTTP status, where a response came.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        Some(self.response()?.head.status)
    }

    /// The response's headers, where one came.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        Some(&self.response()?.head.headers)
    }

    /// The vendor's error codes, outermost first, as text: some vendors send numbers, some words.
    #[must_use]
    pub fn codes(&self) -> &[String] {
        self.response().map_or(&[], |response| &response.codes)
    }

    /// Whether `code` is among the vendor's [codes](Self::codes), a number as text: `"60012"`.
    #[must_use]
    pub fn has_code(&self, code: &str) -> bool {
        self.codes().iter().any(|known| known == code)
    }

    /// The vendor's own message, on one line.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.response()?.message.as_deref()
    }

    /// The body that came, at most 64 KiB of it, whatever it is. Secrets that it echoed are redacted.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        Some(&self.response()?.body)
    }

    /// How long the vendor asks to wait, from `Retry-After` in seconds or as a date, or from what is
    /// known of its limits. Only where waiting may help: where the call is throttled, or the vendor failed
    /// or was too slow.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// How often the call was sent, or tried to be.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Whether the request may have left for the vendor, in any of its attempts. If not, it can be made
    /// again without a thought.
    #[must_use]
    pub fn may_have_been_sent(&self) -> bool {
        self.effect().may_be_sent
    }

    /// Whether the vendor may have done what was asked, in any of its attempts: no response came, or one
    /// that doesn't clearly say that nothing was done. Read before making the call again. A read never has.
    ///
    /// Clear are a 4xx, except 408 and codes that nobody has registered, such as nginx's 499; a 200 whose
    /// body has a vendor's error code; and what is [throttled](Self::is_throttled). A redirect and a 5xx are
    /// not, even where Campaign Standard's 500 means that the request is wrong.
    #[must_use]
    pub fn may_have_taken_effect(&self) -> bool {
        self.effect().may_have_taken_effect
    }

    /// The id of the call; none where no call was made.
    #[must_use]
    pub fn request_id(&self) -> Option<RequestId> {
        Some(self.0.ids?.0)
    }

    /// The id of the logical operation that the call belongs to; none where no call was made.
    #[must_use]
    pub fn correlation_id(&self) -> Option<CorrelationId> {
        Some(self.0.ids?.1)
    }

    /// The vendor's own id of the call, which its support asks for; of a sign-in that failed, the
    /// identity provider's.
    #[must_use]
    pub fn trace_id(&self) -> Option<&str> {
        self.response()?.head.trace_id()
    }

    /// Whether the request is refused for what it asks: sent again as it is, it is refused again, until
    /// it or what it is about has changed. Partner Center's *no seats left* (code 60012) is one, and a
    /// seat that was bought helps.
    #[must_use]
    pub fn is_invalid_request(&self) -> bool {
        self.0.kind == ErrorKind::InvalidRequest || self.is(Category::InvalidRequest)
    }

    /// Whether the vendor, or its identity provider, doesn't accept the credential.
    ///
    /// Cloudflare's response to a bad API token is a 403 (code 10000), the same as to one that lacks a
    /// permission: that is [`is_forbidden`](Self::is_forbidden).
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        self.is(Category::Unauthorized) || self.is(Category::Consent)
    }

    /// Whether a person has to sign in and consent again: there is no refresh token, or it has ended, or
    /// multi-factor authentication is missing. No program can mend that.
    #[must_use]
    pub fn needs_consent(&self) -> bool {
        self.0.needs_consent || self.is(Category::Consent)
    }

    /// Whether the credential isn't allowed to do this; at Cloudflare, with code 10000, also whether it
    /// is none.
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        self.is(Category::Forbidden)
    }

    /// Whether what was asked for doesn't exist.
    ///
    /// A deletion whose response was lost is retried and may end so, though it was made: it
    /// [may have taken effect](Self::may_have_taken_effect) then. Take it for done, since what was to go
    /// is gone.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.0.kind == ErrorKind::NotFound || self.is(Category::NotFound)
    }

    /// Whether someone else changed it first, or it is there already: read it again.
    #[must_use]
    #[doc(alias = "etag")]
    pub fn is_conflict(&self) -> bool {
        self.is(Category::Conflict)
    }

    /// Whether the vendor asks to slow down; see [`Error::retry_after`].
    #[must_use]
    #[doc(alias = "429")]
    pub fn is_throttled(&self) -> bool {
        self.0.kind == ErrorKind::Throttled || self.is(Category::Throttled)
    }

    /// Whether the fault is the vendor's own and may pass.
    #[must_use]
    pub fn is_server_error(&self) -> bool {
        self.is(Category::Server) || self.is(Category::UpstreamTimeout)
    }

    /// Whether no connection came about, so that the last attempt sent nothing.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.0.kind == ErrorKind::Connect
    }

    /// Whether the time limit ran out, the caller's own, the vendor's or that of a proxy in between,
    /// which [is a server error](Self::is_server_error) as well (504, Cloudflare's 522 and 524).
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.0.kind == ErrorKind::Timeout
            || self.is(Category::Timeout)
            || self.is(Category::UpstreamTimeout)
    }

    /// Whether a response of success couldn't be decoded.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        self.0.kind == ErrorKind::Decode
    }

    /// The item of a list that couldn't be decoded, where it is about one. It doesn't end the stream
    /// that it came from: the items after it follow.
    #[must_use]
    pub fn item(&self) -> Option<&UndecodedItem> {
        self.0.item.as_deref()
    }

    fn is(&self, category: Category) -> bool {
        matches!(self.0.kind, ErrorKind::Refused | ErrorKind::SignIn)
            && self.response().is_some_and(|response| response.category == category)
    }

    fn response(&self) -> Option<&ErrorResponse> {
        self.0.response.as_ref()
    }
}

/// Whether a response had more headers than are read, or too long ones.
pub(crate) fn is_long_head(error: &(dyn StdError + 'static)) -> bool {
    let cause = error.downcast_ref::<hyper::Error>();
    cause.is_some_and(hyper::Error::is_parse_too_large) || error.source().is_some_and(is_long_head)
}
