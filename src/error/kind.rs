use std::fmt;

/// At which step a call failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client was set up wrong: a base URL, a credential, TLS.
    Configuration,
    /// The call was refused before anything was sent: an argument is missing or can't be sent, or the
    /// operation isn't offered in the client's cloud.
    InvalidRequest,
    /// Nothing has the name that the call looked for, so the change itself was not sent.
    NotFound,
    /// A [`Hook`](crate::Hook) refused the attempt, which sent nothing.
    Hook,
    /// No access token could be had, so nothing was sent.
    SignIn,
    /// The vendor throttles this client for longer than the call may wait, so nothing was sent. A call
    /// that was sent and throttled is [`Refused`](Self::Refused).
    Throttled,
    /// The client's [`Limiter`](crate::Limiter) failed, so nothing was sent.
    Limiter,
    /// No connection came about, so nothing was sent.
    Connect,
    /// The time limit ran out. The vendor may have acted on the request.
    Timeout,
    /// The connection failed under way. The vendor may have acted on the request.
    Transport,
    /// A response came, and it is a failure.
    Refused,
    /// A response of success came, and its body isn't what the document promises.
    Decode,
}

impl fmt::Display for ErrorKind {
    /// The kind in one word, for logs and metrics.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Configuration => "configuration",
            Self::InvalidRequest => "invalid_request",
            Self::NotFound => "not_found",
            Self::Hook => "hook",
            Self::SignIn => "sign_in",
            Self::Throttled => "throttled",
            Self::Limiter => "limiter",
            Self::Connect => "connect",
            Self::Timeout => "timeout",
            Self::Transport => "transport",
            Self::Refused => "refused",
            Self::Decode => "decode",
        })
    }
}
