//! What a vendor's answer says about a failure, whichever vendor it is.

use http::StatusCode;

/// What a vendor's refusal means, whatever the status and codes it says so with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Category {
    InvalidRequest,
    Unauthorized,
    /// Only a person can mend it, by signing in.
    Consent,
    Forbidden,
    NotFound,
    Conflict,
    Throttled,
    Timeout,
    Server,
    /// What it means was lost on the way.
    Garbled,
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
            501 | 505 => Self::Other,
            // Also a proxy's own, such as Cloudflare's 520 to 530, where the vendor may have acted.
            500..=599 => Self::Server,
            _ => Self::Other,
        }
    }
}

/// What a vendor's error body says.
pub(crate) struct Failure {
    pub(crate) codes: Vec<String>,
    pub(crate) message: Option<String>,
    pub(crate) category: Category,
    /// The way out, where there is one that the vendor doesn't tell.
    pub(crate) hint: Option<&'static str>,
}

impl Failure {
    /// A failure with nothing in its body that could be read.
    pub(crate) fn unread(status: StatusCode) -> Self {
        Self {
            codes: Vec::new(),
            message: None,
            category: status.into(),
            hint: None,
        }
    }
}
