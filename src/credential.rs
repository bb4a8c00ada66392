//! What a client proves itself with.

use std::sync::Arc;
use std::time::Instant;

use crate::Error;
use crate::auth_headers::Headers;
use crate::io::Io;
use crate::oauth::TokenCache;

/// What yields the headers of each call. Each vendor wraps it in a type of its own, so that one
/// vendor's credential can't be given to another.
#[derive(Clone, Debug)]
pub struct Source {
    kind: Kind,
    /// The cloud that it signs in to, where it is bound to one.
    pub(crate) cloud: Option<&'static str>,
}

#[derive(Clone, Debug)]
enum Kind {
    Fixed(Headers),
    Tokens(Arc<TokenCache>),
}

impl Source {
    /// Tokens of a cache, which are replaced when they end.
    pub(crate) fn tokens(cache: TokenCache, cloud: Option<&'static str>) -> Self {
        Self { kind: Kind::Tokens(Arc::new(cache)), cloud }
    }

    /// The headers of a call that starts now, of a vendor with this name.
    ///
    /// # Errors
    /// No token could be had.
    pub(crate) async fn headers(
        &self,
        io: &Arc<Io>,
        vendor: &'static str,
    ) -> Result<Headers, Error> {
        match &self.kind {
            Kind::Fixed(headers) => Ok(headers.clone()),
            Kind::Tokens(cache) => cache.headers(io, vendor).await,
        }
    }

    /// The vendor has accepted these headers.
    pub(crate) fn accepted(&self, headers: &Headers, operation: &'static str) {
        if let Kind::Tokens(cache) = &self.kind {
            cache.accepted(headers, operation);
        }
    }

    /// The vendor has refused these headers; whether the call may be sent once more, with others.
    /// `is_renewed` says that it had others refused before.
    pub(crate) fn refused(
        &self,
        headers: &Headers,
        operation: &'static str,
        error: &Error,
        is_renewed: bool,
        now: Instant,
    ) -> bool {
        match &self.kind {
            Kind::Fixed(_) => false,
            Kind::Tokens(cache) => cache.refused(headers, operation, error, is_renewed, now),
        }
    }
}

impl From<Headers> for Source {
    fn from(headers: Headers) -> Self {
        Self { kind: Kind::Fixed(headers), cloud: None }
    }
}
