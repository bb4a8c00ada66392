use std::error::Error as StdError;
use std::fmt;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::RETRY_AFTER;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use crate::reply::Meta;
use crate::{CorrelationId, RequestId};

/// The most of a failure's body that an error keeps, in bytes.
pub(crate) const KEPT_BODY: usize = 64 * 1024;

/// The most of a vendor's message that is repeated in one line, in characters.
const SHOWN_MESSAGE: usize = 500;

/// The most of a vendor's code that is kept, in characters, and of how many codes.
const SHOWN_CODE: usize = 60;
const KEPT_CODES: usize = 16;

/// Why a call failed, with everything that came back and the ids to trace it by.
///
/// Ask its predicates rather than a vendor's codes: they know that a stale `ETag` is a conflict at
/// Partner Center though it answers 400, and that Campaign Standard's 500 means the request is wrong.
///
/// ```
/// # fn handle(error: letterhead::Error) {
/// if error.is_throttled() {
///     println!("come back in {:?}", error.retry_after());
/// } else if error.is_conflict() {
///     println!("someone else wrote first: read again");
/// } else {
///     println!("{error}"); // one line: what failed, status, codes, message, ids
/// }
/// # }
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    operation: Option<&'static str>,
    reason: String,
    ids: Option<(RequestId, CorrelationId)>,
    answer: Option<Answer>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

struct Answer {
    meta: Meta,
    codes: Vec<String>,
    message: Option<String>,
    category: Category,
    body: Bytes,
}

/// At which step a call failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client was set up wrong: a base URL, a credential, TLS.
    Configuration,
    /// The call was refused before anything was sent: an argument is missing or can't be sent.
    InvalidRequest,
    /// No connection came about, so nothing was sent.
    Connect,
    /// The time limit ran out. The vendor may have acted on the request.
    Timeout,
    /// The connection failed under way. The vendor may have acted on the request.
    Transport,
    /// The vendor answered, and the answer is a failure.
    Refused,
    /// The vendor answered with success, and the body isn't what the document promises.
    Decode,
}

impl fmt::Display for ErrorKind {
    /// The kind in one word, for logs and metrics.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Configuration => "configuration",
            Self::InvalidRequest => "invalid_request",
            Self::Connect => "connect",
            Self::Timeout => "timeout",
            Self::Transport => "transport",
            Self::Refused => "refused",
            Self::Decode => "decode",
        })
    }
}

/// What a vendor's refusal means, whatever the status and codes it says so with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Category {
    InvalidRequest,
    Unauthorized,
    Forbidden,
    NotFound,
    Conflict,
    Throttled,
    Timeout,
    Server,
    Other,
}

impl From<StatusCode> for Category {
    fn from(status: StatusCode) -> Self {
        match status.as_u16() {
            400 | 405 | 406 | 413..=415 | 422 => Self::InvalidRequest,
            401 => Self::Unauthorized,
            403 => Self::Forbidden,
            404 | 410 => Self::NotFound,
            409 | 412 => Self::Conflict,
            408 => Self::Timeout,
            429 => Self::Throttled,
            501 | 505.. => Self::Other,
            500..=504 => Self::Server,
            _ => Self::Other,
        }
    }
}

/// What a vendor's error body says.
pub(crate) struct Failure {
    pub(crate) codes: Vec<String>,
    pub(crate) message: Option<String>,
    pub(crate) category: Category,
}

impl Failure {
    /// A failure with nothing in its body that could be read.
    pub(crate) fn unread(status: StatusCode) -> Self {
        Self {
            codes: Vec::new(),
            message: None,
            category: status.into(),
        }
    }
}

impl Error {
    pub(crate) fn configuration(reason: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration, reason)
    }

    pub(crate) fn new(kind: ErrorKind, reason: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            operation: None,
            reason: reason.into(),
            ids: None,
            answer: None,
            source: None,
        }))
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
        self.0.source = Some(source.into());
        self
    }

    pub(crate) fn with_answer(mut self, meta: Meta, failure: Failure, body: Bytes) -> Self {
        self.0.answer = Some(Answer {
            meta,
            codes: failure
                .codes
                .iter()
                .take(KEPT_CODES)
                .map(|code| one_line(code, SHOWN_CODE))
                .collect(),
            message: failure.message.map(|text| one_line(&text, SHOWN_MESSAGE)),
            category: failure.category,
            body,
        });
        self
    }

    /// At which step the call failed.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The operation that failed, as its method is called; none where a client was being set up.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// The HTTP status, where the vendor answered.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        Some(self.answer()?.meta.status)
    }

    /// The answer's headers, where the vendor answered.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        Some(&self.answer()?.meta.headers)
    }

    /// The vendor's error codes, outermost first, as text: some vendors send numbers, some words.
    #[must_use]
    pub fn codes(&self) -> &[String] {
        self.answer().map_or(&[], |answer| &answer.codes)
    }

    /// The vendor's own message, on one line.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.answer()?.message.as_deref()
    }

    /// The body that came, at most 64 KiB of it, whatever it is. Secrets that it echoed are redacted.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        Some(&self.answer()?.body)
    }

    /// How long the vendor asks to wait, from `Retry-After` in seconds or as a date.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        let text = self.headers()?.get(RETRY_AFTER)?.to_str().ok()?.trim();
        if let Ok(seconds) = text.parse() {
            return Some(Duration::from_secs(seconds));
        }
        let date = httpdate::parse_http_date(text).ok()?;
        Some(date.duration_since(SystemTime::now()).unwrap_or_default())
    }

    /// The id of the call; none where a client was being set up.
    #[must_use]
    pub fn request_id(&self) -> Option<RequestId> {
        Some(self.0.ids?.0)
    }

    /// The id of the logical operation that the call belongs to; none where a client was being set up.
    #[must_use]
    pub fn correlation_id(&self) -> Option<CorrelationId> {
        Some(self.0.ids?.1)
    }

    /// The vendor's own id of the call, which its support asks for.
    #[must_use]
    pub fn trace_id(&self) -> Option<&str> {
        self.answer()?.meta.trace_id()
    }

    /// Whether the request itself is wrong: sending it again can't help.
    #[must_use]
    pub fn is_invalid_request(&self) -> bool {
        self.0.kind == ErrorKind::InvalidRequest || self.is(Category::InvalidRequest)
    }

    /// Whether the vendor doesn't accept the credential.
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        self.is(Category::Unauthorized)
    }

    /// Whether the credential isn't allowed to do this.
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        self.is(Category::Forbidden)
    }

    /// Whether what was asked for doesn't exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.is(Category::NotFound)
    }

    /// Whether someone else changed it first, or it is there already: read it again.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.is(Category::Conflict)
    }

    /// Whether the vendor asks to slow down; see [`Error::retry_after`].
    #[must_use]
    pub fn is_throttled(&self) -> bool {
        self.is(Category::Throttled)
    }

    /// Whether the fault is the vendor's own and may pass.
    #[must_use]
    pub fn is_server_error(&self) -> bool {
        self.is(Category::Server)
    }

    /// Whether no connection came about, so that nothing was sent.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.0.kind == ErrorKind::Connect
    }

    /// Whether the time limit ran out, the caller's own or the vendor's.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.0.kind == ErrorKind::Timeout || self.is(Category::Timeout)
    }

    /// Whether a successful answer couldn't be decoded.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        self.0.kind == ErrorKind::Decode
    }

    fn is(&self, category: Category) -> bool {
        self.0.kind == ErrorKind::Refused
            && self
                .answer()
                .is_some_and(|answer| answer.category == category)
    }

    fn answer(&self) -> Option<&Answer> {
        self.0.answer.as_ref()
    }
}

/// Where a body stops being what was promised. It repeats nothing of the body: that is a customer's
/// data.
#[derive(Debug)]
pub(crate) struct Undecodable {
    /// The way to the member, as in `items[0].state`; `.` is the body itself.
    path: String,
    /// serde's words, without the value.
    fault: String,
    line: usize,
    column: usize,
}

impl Undecodable {
    /// Decodes `json` as a `T`, which has failed before, to see where it fails.
    pub(crate) fn of<T: DeserializeOwned>(json: &[u8]) -> Self {
        let mut deserializer = serde_json::Deserializer::from_slice(json);
        let (path, error) = match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
            Ok(_) => (".".to_owned(), deserializer.end().err()),
            Err(error) => (error.path().to_string(), Some(error.into_inner())),
        };
        let (line, column) = error.as_ref().map_or((0, 0), |e| (e.line(), e.column()));
        let said = error.map_or_else(String::new, |error| error.to_string());
        let said = said
            .rsplit_once(" at line ")
            .map_or(said.as_str(), |(said, _)| said);
        let fault = match (said.split_once(": "), said.rsplit_once(", expected ")) {
            (Some((kind, _)), Some((_, expected))) => format!("{kind}, expected {expected}"),
            _ => said.to_owned(),
        };
        Self {
            path: one_line(&path, SHOWN_MESSAGE),
            fault: one_line(&fault, SHOWN_MESSAGE),
            line,
            column,
        }
    }
}

impl fmt::Display for Undecodable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            path,
            fault,
            line,
            column,
        } = self;
        write!(f, "{path}: {fault} at line {line} column {column}")
    }
}

impl StdError for Undecodable {}

/// Without line breaks and control characters, which forge log lines, and not too long.
fn one_line(text: &str, limit: usize) -> String {
    let mut words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let mut line = String::new();
    for word in words.by_ref().filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if let Some((end, _)) = line.char_indices().nth(limit) {
        line.truncate(end);
        line.push('…');
    }
    line
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.0.operation {
            write!(f, "{operation}: ")?;
        }
        f.write_str(&self.0.reason)?;
        if let Some(answer) = self.answer().filter(|_| self.0.kind == ErrorKind::Refused) {
            match answer.codes.as_slice() {
                [] => {}
                [code] => write!(f, ", code {code}")?,
                codes => write!(f, ", codes {}", codes.join(", "))?,
            }
            if let Some(message) = &answer.message {
                write!(f, ": {message}")?;
            }
        }
        if let Some((request_id, correlation_id)) = self.0.ids {
            write!(
                f,
                " (request id {request_id}, correlation id {correlation_id}"
            )?;
            if let Some(trace_id) = self.trace_id() {
                write!(f, ", trace id {trace_id}")?;
            }
            f.write_str(")")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The body and the headers stay out: logs are no place for a customer's data.
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("operation", &self.0.operation)
            .field("reason", &self.0.reason)
            .field("status", &self.status())
            .field("codes", &self.codes())
            .field("message", &self.message())
            .field("body_length", &self.body().map(<[u8]>::len))
            .field("retry_after", &self.retry_after())
            .field("request_id", &self.request_id())
            .field("correlation_id", &self.correlation_id())
            .field("trace_id", &self.trace_id())
            .field("source", &self.0.source)
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vendors_message_is_one_line_and_bounded() {
        assert_eq!(one_line("a\r\n\u{1b}[31m b\t c", 99), "a [31m b c");
        assert_eq!(one_line("ééééé", 3), "ééé…");
    }
}
