//! What a vendor's response says about a failure, whichever vendor it is.

use http::StatusCode;

/// What a vendor's error means, whatever its status and codes are.
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
    /// As `Server`: whoever stands before the server has waited for it in vain.
    UpstreamTimeout,
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
            // A gateway's, Cloudflare's, and two that proxies have made up.
            504 | 522 | 524 | 598 | 599 => Self::UpstreamTimeout,
            // Also a proxy's own, such as Cloudflare's 520 to 530, where the vendor may have acted.
            500..=599 => Self::Server,
            _ => Self::Other,
        }
    }
}

/// What a vendor's error body says.
pub(crate) struct ErrorBody {
    pub(crate) codes: Vec<String>,
    pub(crate) message: Option<String>,
    pub(crate) category: Category,
    /// The way out, where the vendor doesn't give it.
    pub(crate) hint: Option<&'static str>,
}

impl ErrorBody {
    /// A failure with nothing in its body that could be read.
    pub(crate) fn unread(status: StatusCode) -> Self {
        Self { codes: Vec::new(), message: None, category: status.into(), hint: None }
    }

    /// Whether it clearly says that nothing was done.
    ///
    /// A redirect may lead to what was done. 408, 499 and codes that nobody has registered come from a
    /// proxy or a server that lost sight of the request. A 5xx may come after the deed, with whatever code
    /// in its body.
    pub(crate) fn is_without_effect(&self, status: StatusCode) -> bool {
        match status.as_u16() {
            200..=299 => {
                let is_unclear = matches!(
                    self.category,
                    Category::Other
                        | Category::Server
                        | Category::Timeout
                        | Category::UpstreamTimeout
                );
                !self.codes.is_empty() && !is_unclear
            }
            400..=407 | 409..=417 | 421..=426 | 428 | 429 | 431 | 451 => true,
            _ => self.category == Category::Throttled,
        }
    }
}
