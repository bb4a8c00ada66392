//! What carries a credential in a request, whatever the scheme: headers, and pairs of the query.

use std::borrow::Cow;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use http::header::COOKIE;
use http::{HeaderName, HeaderValue};
use percent_encoding::{percent_decode_str, utf8_percent_encode};
use reqwest::Url;

use crate::Error;
use crate::bad_character::bad_character;
use crate::layer::QUERY;
use crate::redact::Spellings;
use crate::slot::Slot;

/// The headers of one credential, and what of it is sent in the query.
#[derive(Clone)]
pub struct Headers(Arc<Inner>);

struct Inner {
    headers: Vec<(HeaderName, HeaderValue)>,
    /// For each header its slot, and where in its value it has its secret, if it has one: a thousand clients hold no
    /// token twice.
    slots: Vec<(Slot, Option<usize>)>,
    queries: Vec<(&'static str, Box<str>)>,
    /// Whether the vendor has accepted each of the credentials that it was made of. It also says which these are.
    accepted: Vec<Arc<AtomicBool>>,
    /// Made when a response first has to be searched: most never are.
    spellings: OnceLock<Arc<Spellings>>,
    /// What some operations take of it.
    chosen: Mutex<Vec<(&'static [Slot], Headers)>>,
}

/// A part of a credential before it is checked.
pub(crate) struct Part<'a> {
    pub(crate) slot: Slot,
    pub(crate) value: &'a str,
    pub(crate) is_secret: bool,
}

impl<'a> Part<'a> {
    /// `Authorization: Bearer {token}`.
    pub(crate) fn bearer(token: &'a str) -> Self {
        Self::secret(Slot::Scheme("bearer"), token)
    }

    pub(crate) fn secret(slot: Slot, value: &'a str) -> Self {
        Self { slot, value, is_secret: true }
    }

    /// A header of the table that has the value as it is.
    pub(crate) fn of(header: &letterhead_spec::CredentialHeader, value: &'a str) -> Self {
        Self { slot: Slot::Header(header.name), value, is_secret: header.is_secret }
    }

    /// What messages call it.
    fn place(&self) -> String {
        match self.slot {
            Slot::Query(name) => format!("the query `{name}`"),
            slot => format!("the header `{}`", slot.header().unwrap_or_default()),
        }
    }
}

impl Headers {
    /// # Errors
    /// A value that can't be sent; the value itself isn't shown.
    pub(crate) fn new(parts: &[Part<'_>]) -> Result<Self, Error> {
        let mut inner = Inner::of(vec![Arc::default()]);
        for part in parts {
            let place = part.place();
            if part.value.is_empty() {
                return Err(Error::configuration(format!("the credential for {place} is empty")));
            }
            if let Some(what) = bad_character(part.value, |c| c.is_ascii_graphic()) {
                return Err(Error::configuration(format!(
                    "the credential for {place} has {what}, which can't be sent; was \
                     it read from a file with its line end?"
                )));
            }
            let Some(name) = part.slot.header() else {
                if let Slot::Query(name) = part.slot {
                    inner.queries.push((name, part.value.into()));
                }
                continue;
            };
            let name = HeaderName::from_static(name);
            if name == COOKIE && part.value.contains([';', ',', '"', '\\']) {
                return Err(Error::configuration(
                    "the credential has a character that a cookie can't carry: a semicolon, a comma, a quotation \
                     mark or a backslash",
                ));
            }
            let prefix = part.slot.prefix();
            let value = [prefix.as_str(), part.value].concat();
            let mut value = HeaderValue::try_from(value).map_err(|_| {
                Error::configuration(format!("the credential for {place} can't be sent"))
            })?;
            value.set_sensitive(true);
            inner.headers.push((name, value));
            inner.slots.push((part.slot, part.is_secret.then_some(prefix.len())));
        }
        Ok(Self(Arc::new(inner)))
    }

    /// Those of several credentials together. Of two that are one slot, or one header other than cookies, the first
    /// is sent.
    pub(crate) fn joined(all: &[Self]) -> Self {
        let accepted = all.iter().flat_map(|it| it.0.accepted.iter().cloned()).collect();
        let mut inner = Inner::of(accepted);
        for one in all {
            for ((name, value), slot) in one.0.headers.iter().zip(&one.0.slots) {
                let is_new = inner.headers.iter().all(|(known, _)| known != name);
                let is_cookie = name == COOKIE && inner.slots.iter().all(|(it, _)| *it != slot.0);
                if is_new || is_cookie {
                    inner.headers.push((name.clone(), value.clone()));
                    inner.slots.push(*slot);
                }
            }
            for (name, value) in &one.0.queries {
                if inner.queries.iter().all(|(known, _)| known != name) {
                    inner.queries.push((*name, value.clone()));
                }
            }
        }
        Self(Arc::new(inner))
    }

    /// What an operation takes of it that takes no more than `slots`.
    pub(crate) fn only(&self, slots: &'static [Slot]) -> Self {
        if self.slots().all(|slot| slots.contains(&slot)) {
            return self.clone();
        }
        let mut chosen = self.0.chosen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = chosen.iter().find(|(of, _)| *of == slots) {
            return known.clone();
        }
        let mut inner = Inner::of(self.0.accepted.clone());
        let headers = self.0.headers.iter().zip(&self.0.slots);
        for (header, slot) in headers.filter(|(_, (slot, _))| slots.contains(slot)) {
            inner.headers.push(header.clone());
            inner.slots.push(*slot);
        }
        let queries = self.0.queries.iter();
        let queries = queries.filter(|(name, _)| slots.contains(&Slot::Query(name)));
        inner.queries = queries.cloned().collect();
        let made = Self(Arc::new(inner));
        chosen.push((slots, made.clone()));
        made
    }

    /// Whether one has a part of the other: they were made at once.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let is_own = |it: &Arc<AtomicBool>| self.0.accepted.iter().any(|own| Arc::ptr_eq(own, it));
        other.0.accepted.iter().any(is_own)
    }

    /// Whether they are one thing.
    pub(crate) fn is_one(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Whether the vendor has accepted them in a call.
    pub(crate) fn is_accepted(&self) -> bool {
        self.0.accepted.iter().all(|it| it.load(Ordering::Relaxed))
    }

    pub(crate) fn accept(&self) {
        // A store for each success would have the processors take the memory from each other.
        if !self.is_accepted() {
            self.0.accepted.iter().for_each(|it| it.store(true, Ordering::Relaxed));
        }
    }

    pub(crate) fn headers(&self) -> &[(HeaderName, HeaderValue)] {
        &self.0.headers
    }

    /// Where it is sent.
    pub(crate) fn slots(&self) -> impl Iterator<Item = Slot> {
        let queries = self.0.queries.iter().map(|(name, _)| Slot::Query(name));
        self.0.slots.iter().map(|(slot, _)| *slot).chain(queries)
    }

    /// The URL that is sent: with what goes into the query, in place of pairs of its names. Nobody else sees it.
    pub(crate) fn sent_url<'u>(&self, url: &'u Url) -> Cow<'u, Url> {
        if self.0.queries.is_empty() {
            return Cow::Borrowed(url);
        }
        let mut url = self.without_own_queries(url).into_owned();
        let mut query = url.query().unwrap_or_default().to_owned();
        for (name, value) in &self.0.queries {
            let separator = if query.is_empty() { "" } else { "&" };
            query.push_str(separator);
            query.extend(utf8_percent_encode(name, QUERY));
            query.push('=');
            query.extend(utf8_percent_encode(value, QUERY));
        }
        url.set_query(Some(&query));
        Cow::Owned(url)
    }

    /// A URL without the pairs that [`sent_url`](Self::sent_url) adds.
    pub(crate) fn without_own_queries<'u>(&self, url: &'u Url) -> Cow<'u, Url> {
        without_pairs(url, |name| self.0.queries.iter().any(|(own, _)| *own == name))
    }

    /// Its secrets, which are ASCII.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &[u8]> {
        let headers = self.0.headers.iter().zip(&self.0.slots);
        let of_headers =
            headers.filter_map(|((_, value), (_, start))| value.as_bytes().get((*start)?..));
        of_headers.chain(self.0.queries.iter().map(|(_, value)| value.as_bytes()))
    }

    /// What to look for where a vendor may have sent back a secret.
    pub(crate) fn spellings(&self) -> Arc<Spellings> {
        let texts = || self.secrets().filter_map(|secret| str::from_utf8(secret).ok());
        let make = || Arc::new(Spellings::of(texts()));
        Arc::clone(self.0.spellings.get_or_init(make))
    }
}

impl Inner {
    fn of(accepted: Vec<Arc<AtomicBool>>) -> Self {
        Self {
            headers: Vec::new(),
            slots: Vec::new(),
            queries: Vec::new(),
            accepted,
            spellings: OnceLock::new(),
            chosen: Mutex::default(),
        }
    }
}

/// A URL without the pairs of its query whose names are taken. The others stay as they are written.
pub(crate) fn without_pairs(url: &Url, is_taken: impl Fn(&str) -> bool) -> Cow<'_, Url> {
    let is_kept = |pair: &&str| {
        let name = pair.split('=').next().unwrap_or_default().replace('+', " ");
        !is_taken(&percent_decode_str(&name).decode_utf8_lossy())
    };
    let Some(query) = url.query().filter(|query| !query.split('&').all(|pair| is_kept(&pair)))
    else {
        return Cow::Borrowed(url);
    };
    let kept: Vec<&str> = query.split('&').filter(is_kept).collect();
    let mut url = url.clone();
    url.set_query((!kept.is_empty()).then(|| kept.join("&")).as_deref());
    Cow::Owned(url)
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers = self.headers().iter().map(|(name, _)| name.to_string());
        let queries = self.0.queries.iter().map(|(name, _)| format!("?{name}"));
        f.debug_map().entries(headers.chain(queries).map(|name| (name, "[redacted]"))).finish()
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
            let part = Part::secret(Slot::Cookie("sid"), value);
            let error = Headers::new(&[part]).unwrap_err().to_string();
            assert!(error.contains("a cookie can't carry") && !error.contains(value), "{error}");
        }
    }

    #[test]
    fn a_key_in_the_query_replaces_pairs_of_its_name() {
        let key = Headers::new(&[Part::secret(Slot::Query("api key"), "a/b&c")]).unwrap();
        let sent = |url: &str| key.sent_url(&Url::parse(url).unwrap()).to_string();
        assert_eq!(sent("https://a.example/x"), "https://a.example/x?api%20key=a%2Fb%26c");
        let old = "https://a.example/x?q=1&api+key=old&api%20key&r=%2B";
        assert_eq!(sent(old), "https://a.example/x?q=1&r=%2B&api%20key=a%2Fb%26c");
        let old = Url::parse(old).unwrap();
        let clean = key.without_own_queries(&old).to_string();
        assert_eq!(clean, "https://a.example/x?q=1&r=%2B");
        assert_eq!(key.secrets().collect::<Vec<_>>(), [b"a/b&c"]);
        assert_eq!(format!("{key:?}"), r#"{"?api key": "[redacted]"}"#);
        let url = Url::parse("https://a.example/x?api%20key=a").unwrap();
        assert_eq!(key.without_own_queries(&url).as_str(), "https://a.example/x");
    }

    #[test]
    fn a_part_of_a_credential_is_known_as_one_of_it() {
        const KEY: &[Slot] = &[Slot::Query("key")];
        let token = Headers::new(&[Part::bearer("token")]).unwrap();
        let key = Headers::new(&[Part::secret(Slot::Query("key"), "hush")]).unwrap();
        let both = Headers::joined(&[token.clone(), key.clone()]);
        assert!(both.slots().eq([Slot::Scheme("bearer"), Slot::Query("key")]));
        let part = both.only(KEY);
        assert!(part.slots().eq([Slot::Query("key")]) && part.headers().is_empty());
        assert!(part.is_one(&both.only(KEY)) && !part.is_one(&both));
        assert!(both.is_same(&token) && part.is_same(&key) && !token.is_same(&key));
        both.accept();
        assert!(token.is_accepted() && key.is_accepted() && part.is_accepted());
        let other = Headers::new(&[Part::bearer("other")]).unwrap();
        let both = Headers::joined(&[token.clone(), other.clone()]);
        assert_eq!(both.headers(), token.headers());
        assert!(!both.is_accepted());
    }
}
