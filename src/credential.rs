//! What a client proves itself with.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Instant;

use crate::Error;
use crate::auth_headers::Headers;
use crate::io::Io;
use crate::oauth::TokenCache;
use crate::slot::{Slot, TOKEN};

/// What an operation is shown that takes no credential.
static NOTHING: LazyLock<Headers> = LazyLock::new(|| Headers::joined(&[]));

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
    Several(Arc<Several>),
}

/// Credentials of which operations take one or the other, or several together.
#[derive(Debug)]
struct Several {
    sources: Vec<Source>,
    /// The last ones that were put together, by what they were chosen for.
    joined: Mutex<Vec<Joined>>,
}

#[derive(Debug)]
struct Joined {
    chosen: Option<&'static [Slot]>,
    parts: Vec<Headers>,
    headers: Headers,
}

impl Source {
    /// Tokens of a cache, which are replaced when they end.
    pub(crate) fn tokens(cache: TokenCache, cloud: Option<&'static str>) -> Self {
        Self { kind: Kind::Tokens(Arc::new(cache)), cloud }
    }

    /// This and another one. Where an operation doesn't choose, both are sent.
    #[allow(dead_code, reason = "for documents of other vendors")]
    pub(crate) fn and(self, other: Self) -> Self {
        let cloud = self.cloud.or(other.cloud);
        let sources = [self, other].into_iter().flat_map(|source| match source.kind {
            Kind::Several(several) => several.sources.clone(),
            _ => vec![source],
        });
        let several = Several { sources: sources.collect(), joined: Mutex::default() };
        Self { kind: Kind::Several(Arc::new(several)), cloud }
    }

    /// Where it is sent.
    pub(crate) fn slots(&self) -> Vec<Slot> {
        match &self.kind {
            Kind::Fixed(headers) => headers.slots().collect(),
            Kind::Tokens(cache) => cache.slots(),
            Kind::Several(several) => several.sources.iter().flat_map(Self::slots).collect(),
        }
    }

    /// What of it an operation is shown that takes one of these: the first that it has all of, or nothing where the
    /// operation goes without as well. None where it has nothing that the operation takes.
    pub(crate) fn chosen(&self, takes: &'static [&'static [Slot]]) -> Option<&'static [Slot]> {
        let own = self.slots();
        let has = |slots: &&&[Slot]| !slots.is_empty() && slots.iter().all(|it| own.contains(it));
        let is_optional = takes.iter().any(|slots| slots.is_empty()) || takes.is_empty();
        takes.iter().find(has).copied().or(is_optional.then_some(&[][..]))
    }

    /// The headers of a call that starts now, of a vendor with this name: those that were chosen, or all.
    ///
    /// # Errors
    /// No token could be had.
    pub(crate) async fn headers(
        &self,
        io: &Arc<Io>,
        vendor: &'static str,
        chosen: Option<&'static [Slot]>,
    ) -> Result<Headers, Error> {
        if chosen.is_some_and(<[Slot]>::is_empty) {
            return Ok(NOTHING.clone());
        }
        let Kind::Several(several) = &self.kind else {
            return self.own_headers(io, vendor, chosen).await;
        };
        let mut parts = Vec::with_capacity(several.sources.len());
        for source in several.sources.iter().filter(|source| source.takes_part(chosen)) {
            parts.push(source.own_headers(io, vendor, chosen).await?);
        }
        Ok(several.join(chosen, parts))
    }

    /// Those of one credential.
    async fn own_headers(
        &self,
        io: &Arc<Io>,
        vendor: &'static str,
        chosen: Option<&'static [Slot]>,
    ) -> Result<Headers, Error> {
        let headers = match &self.kind {
            Kind::Fixed(headers) => headers.clone(),
            // Nobody signs in for an operation that takes no token.
            Kind::Tokens(cache) if chosen.is_some_and(|slots| !slots.contains(&TOKEN)) => {
                cache.key_alone()?
            }
            Kind::Tokens(cache) => cache.headers(io, vendor).await?,
            Kind::Several(_) => NOTHING.clone(),
        };
        Ok(chosen.map_or_else(|| headers.clone(), |slots| headers.only(slots)))
    }

    /// The vendor has accepted these headers.
    pub(crate) fn accepted(&self, headers: &Headers, operation: &'static str) {
        for cache in self.shown(headers) {
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
        let mut may_help = false;
        for cache in self.shown(headers) {
            may_help |= cache.refused(headers, operation, error, is_renewed, now);
        }
        may_help
    }

    /// The caches whose tokens are among these headers.
    fn shown(&self, headers: &Headers) -> impl Iterator<Item = &TokenCache> {
        let has_token = headers.slots().any(|slot| slot == TOKEN);
        let sources = match &self.kind {
            Kind::Several(several) => &several.sources,
            _ => std::slice::from_ref(self),
        };
        sources.iter().filter_map(move |source| match &source.kind {
            Kind::Tokens(cache) if has_token => Some(&**cache),
            _ => None,
        })
    }

    fn takes_part(&self, chosen: Option<&[Slot]>) -> bool {
        chosen.is_none_or(|chosen| self.slots().iter().any(|slot| chosen.contains(slot)))
    }
}

impl Several {
    /// The headers together: the same as before where their parts are.
    fn join(&self, chosen: Option<&'static [Slot]>, parts: Vec<Headers>) -> Headers {
        let mut joined = self.joined.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = joined.iter_mut().find(|it| it.chosen == chosen) {
            let is_known = known.parts.len() == parts.len()
                && known.parts.iter().zip(&parts).all(|(known, part)| known.is_one(part));
            if !is_known {
                known.headers = Headers::joined(&parts);
                known.parts = parts;
            }
            return known.headers.clone();
        }
        let headers = Headers::joined(&parts);
        joined.push(Joined { chosen, parts, headers: headers.clone() });
        headers
    }
}

impl From<Headers> for Source {
    fn from(headers: Headers) -> Self {
        Self { kind: Kind::Fixed(headers), cloud: None }
    }
}

#[cfg(test)]
mod tests {
    use letterhead_spec::CredentialHeader;

    use super::*;
    use crate::ClientCredentials;

    #[tokio::test]
    async fn nobody_signs_in_for_an_operation_that_takes_the_key_alone() {
        static KEY: CredentialHeader = CredentialHeader { name: "x-api-key", is_secret: true };
        let application = ClientCredentials::new("https://login.example.com/token", "id", "secret");
        let cache = TokenCache::new(application.unwrap(), Some((&KEY, "a-key".into())));
        let source = Source::tokens(cache, None);
        let http = || -> reqwest::Client { unreachable!("nothing is sent") };
        let io = Arc::new(Io::new(http, Arc::new(crate::clock::TokioClock)));
        let key = Slot::Header(KEY.name);
        let headers =
            source.headers(&io, "Acme", Some(&[Slot::Header("x-api-key")])).await.unwrap();
        assert_eq!(headers.slots().collect::<Vec<_>>(), [key]);
        // Nor does its refusal say anything of a token.
        assert_eq!(source.shown(&headers).count(), 0);
    }
}
