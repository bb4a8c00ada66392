//! Access tokens: where they come from, and how a client keeps them fresh.
//!
//! ```text
//! a call ─▶ TokenCache ─▶ TokenSource ─▶ RefreshToken ─▶ Grant ─▶ identity provider
//!              one refresh in flight,     where a person has consented:
//!              early, with a cool-down    one redemption at a time, the replacement stored
//! ```

mod cache;
mod client_credentials;
mod file_store;
mod grant;
mod refresh;
mod state;
mod store;

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

pub(crate) use cache::TokenCache;
pub use client_credentials::ClientCredentials;
pub use file_store::FileStore;
pub(crate) use grant::{Grant, Granted, TokenError, check_authority, granted, token_endpoint};
pub(crate) use refresh::{CONSENT_HINT, RefreshToken};
pub use store::{MemoryStore, RefreshTokenStore};

use crate::{BoxFuture, Secret};

/// An access token and how long it is good for.
#[derive(Clone, Debug)]
pub struct AccessToken {
    pub(crate) token: Secret,
    pub(crate) expires_in: Option<Duration>,
}

impl AccessToken {
    /// A token that was issued just now; without a life it is asked for anew after five minutes, and with
    /// one of zero it serves the calls that wait for it and no later ones.
    #[must_use]
    pub fn new(token: Secret, expires_in: Option<Duration>) -> Self {
        Self { token, expires_in }
    }

    /// The token itself.
    #[must_use]
    pub fn token(&self) -> &Secret {
        &self.token
    }

    /// How long it is good for, from when its source yielded it. Who hands it out later than that, from a
    /// cache, says so: `AccessToken::new(token.token().clone(), what_is_left)`.
    #[must_use]
    pub fn expires_in(&self) -> Option<Duration> {
        self.expires_in
    }
}

/// Where access tokens come from: a vault, an identity of the machine, a service of your own.
///
/// Its `Debug` isn't asked for by letterhead, since it may show what it holds: a client's shows its type.
///
/// letterhead's own sources are made by the vendors' credentials; those that sign in yield theirs alone as
/// well, for a source that wraps it, such as a cache that several processes share. A client asks once for
/// all calls that wait, and before the token runs out.
///
/// It also asks after the vendor has refused a token, once for each call at most, unless the vendor says
/// that a person has to sign in. A token that was never accepted has to be five seconds old to be replaced,
/// and each further one twice as old, up to five minutes: the next one would fare no better. An operation
/// that refuses the replacement as well ends no accepted token for a minute.
///
/// After a failure it asks again when a second has passed while no token is good. That doubles with each
/// further failure, up to 30 seconds, and up to five minutes where the credential was refused.
///
/// ```
/// use letterhead::{AccessToken, BoxFuture, TokenSource, reqwest};
///
/// #[derive(Debug)]
/// struct Vault;
///
/// impl TokenSource for Vault {
///     fn fetch<'a>(
///         &'a self,
///         _http: &'a reqwest::Client,
///     ) -> BoxFuture<'a, Result<AccessToken, Box<dyn std::error::Error + Send + Sync>>> {
///         Box::pin(async { Ok(AccessToken::new("from the vault".into(), None)) })
///     }
/// }
/// ```
pub trait TokenSource: fmt::Debug + Send + Sync + 'static {
    /// Gets a new token; `http` is the client's own.
    ///
    /// # Errors
    /// Whatever went wrong; it becomes the source of the calls' errors and must not hold secrets.
    fn fetch<'a>(
        &'a self,
        http: &'a reqwest::Client,
    ) -> BoxFuture<'a, Result<AccessToken, Box<dyn StdError + Send + Sync>>>;

    /// How long [`fetch`](Self::fetch) may take before it is dropped and counts as a failure: a minute. It
    /// is real time, whatever the client's clock is.
    fn timeout(&self) -> Duration {
        Duration::from_secs(60)
    }

    /// Whether what the source asks with is another than at its last failure, so that there is no point in
    /// waiting: a person has signed in, a secret was replaced.
    ///
    /// A client asks at most once a second, and only while it waits after a failure or the vendor says that
    /// a person has to sign in.
    fn has_changed(&self) -> BoxFuture<'_, bool> {
        Box::pin(std::future::ready(false))
    }
}

/// A source of the caller's own, of which nothing is shown but its type.
pub(crate) struct Foreign<S>(pub(crate) S);

impl<S: TokenSource> TokenSource for Foreign<S> {
    fn fetch<'a>(
        &'a self,
        http: &'a reqwest::Client,
    ) -> BoxFuture<'a, Result<AccessToken, Box<dyn StdError + Send + Sync>>> {
        self.0.fetch(http)
    }

    fn timeout(&self) -> Duration {
        self.0.timeout()
    }

    fn has_changed(&self) -> BoxFuture<'_, bool> {
        self.0.has_changed()
    }
}

impl<S> fmt::Debug for Foreign<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::any::type_name::<S>())
    }
}
