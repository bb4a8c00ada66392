//! The kinds of faults.

use std::fmt;

/// A way in which a request goes wrong between a client and the services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// The connection is reset before the body of the request is read. Nothing was applied.
    ResetBeforeRead,
    /// The service has responded, but the connection is reset before the client gets the response.
    ResetAfterApplied,
    /// The connection is reset in the middle of the response's body.
    ResetMidBody,
    /// The connection is closed in the middle of a body whose whole length was announced.
    CloseMidBody,
    /// The response's body ends early, and its length says that this is all.
    TruncatedJson,
    /// A byte in the middle of the response's body is one that JSON can't have.
    CorruptedJson,
    /// HTML with status 502 in place of asking the service.
    Html502,
    /// HTML with status 502 in place of the service's response.
    Html502AfterApplied,
    /// A complete response with status 200 to 202 that isn't JSON, or has no body, in place of the
    /// service's success.
    UndecodableSuccess,
    /// A status that says nothing about the request in place of the service's: 303, 499, or one that
    /// isn't registered.
    UnclearStatusAfterApplied,
    /// A resource is read as an error with status 200, or as nothing.
    NotTheResource,
    /// A resource is read without its ETag, or with one that is null or blank.
    EtagMissing,
    /// A page lacks its list, or has null for it, or is an error with status 200.
    PageWithoutList,
    /// A page of a list is the next one as well, under its own cursor or a new one.
    PageTwice,
    /// A page of a list is the next one, and each one after that, always under a new cursor.
    EndlessPages,
    /// Status 429 with `Retry-After` in seconds, in place of asking the service.
    ThrottledForSeconds,
    /// Status 429 with `Retry-After` as a date, in place of asking the service.
    ThrottledUntilDate,
    /// Status 503 with `Retry-After` in seconds, in place of asking the service.
    Unavailable,
    /// Status 503 in place of asking the service, for this request and all that follow on its connection.
    SickConnection,
    /// The response comes late.
    SlowHeaders,
    /// The second half of the response's body comes late.
    SlowBody,
    /// Every access token that was issued so far is revoked before the request is passed on.
    TokensRevoked,
    /// The request is delivered twice; the client gets the second response, unless that is a 401.
    DuplicateDelivery,
    /// A token endpoint has a JSON error with status 500.
    TokenEndpointError,
    /// A token endpoint has HTML with status 200.
    TokenEndpointHtml,
    /// A token endpoint resets the connection.
    TokenEndpointReset,
}

impl Fault {
    /// Every kind of fault.
    pub const ALL: &[Self] = &[
        Self::ResetBeforeRead,
        Self::ResetAfterApplied,
        Self::ResetMidBody,
        Self::CloseMidBody,
        Self::TruncatedJson,
        Self::CorruptedJson,
        Self::Html502,
        Self::Html502AfterApplied,
        Self::UndecodableSuccess,
        Self::UnclearStatusAfterApplied,
        Self::NotTheResource,
        Self::EtagMissing,
        Self::PageWithoutList,
        Self::PageTwice,
        Self::EndlessPages,
        Self::ThrottledForSeconds,
        Self::ThrottledUntilDate,
        Self::Unavailable,
        Self::SickConnection,
        Self::SlowHeaders,
        Self::SlowBody,
        Self::TokensRevoked,
        Self::DuplicateDelivery,
        Self::TokenEndpointError,
        Self::TokenEndpointHtml,
        Self::TokenEndpointReset,
    ];

    /// A name for tables and logs, which stays as it is.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ResetBeforeRead => "reset-before-read",
            Self::ResetAfterApplied => "reset-after-applied",
            Self::ResetMidBody => "reset-mid-body",
            Self::CloseMidBody => "close-mid-body",
            Self::TruncatedJson => "truncated-json",
            Self::CorruptedJson => "corrupted-json",
            Self::Html502 => "html-502",
            Self::Html502AfterApplied => "html-502-after-applied",
            Self::UndecodableSuccess => "undecodable-success",
            Self::UnclearStatusAfterApplied => "unclear-status",
            Self::NotTheResource => "not-the-resource",
            Self::EtagMissing => "etag-missing",
            Self::PageWithoutList => "page-without-list",
            Self::PageTwice => "page-twice",
            Self::EndlessPages => "endless-pages",
            Self::ThrottledForSeconds => "throttled-for-seconds",
            Self::ThrottledUntilDate => "throttled-until-date",
            Self::Unavailable => "unavailable",
            Self::SickConnection => "sick-connection",
            Self::SlowHeaders => "slow-headers",
            Self::SlowBody => "slow-body",
            Self::TokensRevoked => "tokens-revoked",
            Self::DuplicateDelivery => "duplicate-delivery",
            Self::TokenEndpointError => "token-endpoint-error",
            Self::TokenEndpointHtml => "token-endpoint-html",
            Self::TokenEndpointReset => "token-endpoint-reset",
        }
    }

    /// Whether only a token endpoint fails like this.
    pub(super) fn is_of_token_endpoints(self) -> bool {
        matches!(
            self,
            Self::TokenEndpointError | Self::TokenEndpointHtml | Self::TokenEndpointReset
        )
    }

    /// Whether only a read fails like this.
    pub(super) fn is_of_reads(self) -> bool {
        matches!(
            self,
            Self::NotTheResource
                | Self::EtagMissing
                | Self::PageWithoutList
                | Self::PageTwice
                | Self::EndlessPages
        )
    }

    /// Whether it takes a body to fail like this.
    pub(super) fn is_in_body(self) -> bool {
        matches!(
            self,
            Self::ResetMidBody
                | Self::CloseMidBody
                | Self::TruncatedJson
                | Self::CorruptedJson
                | Self::SlowBody
        )
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
