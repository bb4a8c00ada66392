//! What a vendor is shown: headers, whatever the scheme.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use http::{HeaderName, HeaderValue};

use crate::layer::Io;
use crate::misfit::misfit;
use crate::oauth::TokenCache;
use crate::redact::Spellings;
use crate::{Error, Secret};

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
        Self {
            kind: Kind::Tokens(Arc::new(cache)),
            cloud,
        }
    }

    /// The headers of a call that starts now.
    ///
    /// # Errors
    /// No token could be had.
    pub(crate) async fn headers(&self, io: &Arc<Io>) -> Result<Headers, Error> {
        match &self.kind {
            Kind::Fixed(headers) => Ok(headers.clone()),
            Kind::Tokens(cache) => cache.headers(io).await,
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
        Self {
            kind: Kind::Fixed(headers),
            cloud: None,
        }
    }
}

/// The headers of one credential.
#[derive(Clone)]
pub struct Headers(Arc<Inner>);

struct Inner {
    headers: Vec<(HeaderName, HeaderValue)>,
    secrets: Vec<Secret>,
    is_accepted: AtomicBool,
    /// Made when an answer first has to be searched: most never are.
    spellings: OnceLock<Arc<Spellings>>,
}

/// One header of a credential before it is checked.
pub(crate) struct Part<'a> {
    pub(crate) header: &'static str,
    pub(crate) scheme: &'static str,
    pub(crate) value: &'a str,
    pub(crate) is_secret: bool,
}

impl<'a> Part<'a> {
    /// `Authorization: Bearer {token}`.
    pub(crate) fn bearer(token: &'a str) -> Self {
        Self {
            header: "authorization",
            scheme: "Bearer ",
            value: token,
            is_secret: true,
        }
    }

    /// A header of the table that has the value as it is.
    pub(crate) fn of(header: &letterhead_spec::CredentialHeader, value: &'a str) -> Self {
        Self {
            header: header.name,
            scheme: "",
            value,
            is_secret: header.is_secret,
        }
    }
}

impl Headers {
    /// # Errors
    /// A value that a header can't carry; the value itself isn't repeated.
    pub(crate) fn new(parts: &[Part<'_>]) -> Result<Self, Error> {
        let mut headers = Vec::with_capacity(parts.len());
        let mut secrets = Vec::new();
        for part in parts {
            let name = HeaderName::from_static(part.header);
            if part.value.is_empty() {
                return Err(Error::configuration(format!(
                    "the credential for the header `{name}` is empty"
                )));
            }
            if let Some(what) = misfit(part.value, |c| c.is_ascii_graphic()) {
                return Err(Error::configuration(format!(
                    "the credential for the header `{name}` has {what}, which a header can't carry; was \
                     it read from a file with its line end?"
                )));
            }
            let mut value = HeaderValue::from_str(&format!("{}{}", part.scheme, part.value))
                .map_err(|_| {
                    Error::configuration(format!(
                        "the credential for the header `{name}` can't be sent"
                    ))
                })?;
            value.set_sensitive(true);
            headers.push((name, value));
            if part.is_secret {
                secrets.push(part.value.into());
            }
        }
        Ok(Self(Arc::new(Inner {
            headers,
            secrets,
            is_accepted: AtomicBool::new(false),
            spellings: OnceLock::new(),
        })))
    }

    /// Whether both were made at once.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Whether the vendor has accepted them in a call.
    pub(crate) fn is_accepted(&self) -> bool {
        self.0.is_accepted.load(Ordering::Relaxed)
    }

    pub(crate) fn accept(&self) {
        // A store for each success would have the processors take the memory from each other.
        if !self.is_accepted() {
            self.0.is_accepted.store(true, Ordering::Relaxed);
        }
    }

    pub(crate) fn headers(&self) -> &[(HeaderName, HeaderValue)] {
        &self.0.headers
    }

    pub(crate) fn secrets(&self) -> &[Secret] {
        &self.0.secrets
    }

    /// What to look for where a vendor may have repeated a secret.
    pub(crate) fn spellings(&self) -> Arc<Spellings> {
        let make = || Arc::new(Spellings::of(self.secrets().iter().map(Secret::expose)));
        Arc::clone(self.0.spellings.get_or_init(make))
    }
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(self.headers().iter().map(|(name, _)| (name, "[redacted]")))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_header_cannot_carry_is_named_and_not_repeated() {
        for (value, expected) in [
            ("", "is empty"),
            ("tok\nen", "a line break at byte 3 of 6"),
            ("token\r\n", "a line break at byte 5 of 7"),
            ("to ken", "a blank at byte 2"),
            ("tokén", "a character outside ASCII at byte 3"),
        ] {
            let error = Headers::new(&[Part::bearer(value)])
                .unwrap_err()
                .to_string();
            assert!(
                error.contains("`authorization`") && error.contains(expected),
                "{error}"
            );
            assert!(value.is_empty() || !error.contains(value));
        }
    }
}
