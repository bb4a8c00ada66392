//! The headers that carry a credential, whatever the scheme.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use http::header::COOKIE;
use http::{HeaderName, HeaderValue};

use crate::Error;
use crate::bad_character::bad_character;
use crate::redact::Spellings;

/// The headers of one credential.
#[derive(Clone)]
pub struct Headers(Arc<Inner>);

struct Inner {
    headers: Vec<(HeaderName, HeaderValue)>,
    /// Where in its value each header has its secret, if it has one: a thousand clients hold no token twice.
    secrets: Vec<Option<usize>>,
    is_accepted: AtomicBool,
    /// Made when a response first has to be searched: most never are.
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
        Self { header: "authorization", scheme: "Bearer ", value: token, is_secret: true }
    }

    /// A header of the table that has the value as it is.
    pub(crate) fn of(header: &letterhead_spec::CredentialHeader, value: &'a str) -> Self {
        Self { header: header.name, scheme: "", value, is_secret: header.is_secret }
    }
}

impl Headers {
    /// # Errors
    /// A value that a header can't carry; the value itself isn't shown.
    pub(crate) fn new(parts: &[Part<'_>]) -> Result<Self, Error> {
        let mut headers = Vec::with_capacity(parts.len());
        let mut secrets = Vec::with_capacity(parts.len());
        for part in parts {
            let name = HeaderName::from_static(part.header);
            if part.value.is_empty() {
                return Err(Error::configuration(format!(
                    "the credential for the header `{name}` is empty"
                )));
            }
            if let Some(what) = bad_character(part.value, |c| c.is_ascii_graphic()) {
                return Err(Error::configuration(format!(
                    "the credential for the header `{name}` has {what}, which a header can't carry; was \
                     it read from a file with its line end?"
                )));
            }
            if name == COOKIE && part.value.contains([';', ',', '"', '\\']) {
                return Err(Error::configuration(
                    "the credential has a character that a cookie can't carry: a semicolon, a comma, a quotation \
                     mark or a backslash",
                ));
            }
            let value = [part.scheme, part.value].concat();
            let mut value = HeaderValue::try_from(value).map_err(|_| {
                Error::configuration(format!(
                    "the credential for the header `{name}` can't be sent"
                ))
            })?;
            value.set_sensitive(true);
            headers.push((name, value));
            secrets.push(part.is_secret.then_some(part.scheme.len()));
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

    /// Its secrets, which are ASCII.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &[u8]> {
        let parts = self.0.headers.iter().zip(&self.0.secrets);
        parts.filter_map(|((_, value), start)| value.as_bytes().get((*start)?..))
    }

    /// What to look for where a vendor may have sent back a secret.
    pub(crate) fn spellings(&self) -> Arc<Spellings> {
        let texts = || self.secrets().filter_map(|secret| str::from_utf8(secret).ok());
        let make = || Arc::new(Spellings::of(texts()));
        Arc::clone(self.0.spellings.get_or_init(make))
    }
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.headers().iter().map(|(name, _)| (name, "[redacted]"))).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_header_cannot_carry_is_named_and_not_shown() {
        for (value, expected) in [
            ("", "is empty"),
            ("tok\nen", "a line break at byte 3 of 6"),
            ("token\r\n", "a line break at byte 5 of 7"),
            ("to ken", "a blank at byte 2"),
            ("tokén", "a character outside ASCII at byte 3"),
        ] {
            let error = Headers::new(&[Part::bearer(value)]).unwrap_err().to_string();
            assert!(error.contains("`authorization`") && error.contains(expected), "{error}");
            assert!(value.is_empty() || !error.contains(value));
        }
        for value in ["a;b", "a,b", "a\"b", "a\\b"] {
            let part = Part { header: "cookie", scheme: "sid=", value, is_secret: true };
            let error = Headers::new(&[part]).unwrap_err().to_string();
            assert!(error.contains("a cookie can't carry") && !error.contains(value), "{error}");
        }
    }
}
