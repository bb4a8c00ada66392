//! Access tokens: where they come from, and how a client keeps them fresh.
//!
//! ```text
//! a call ─▶ TokenCache ─▶ TokenSource ─▶ identity provider
//!              one refresh in flight, early, with a cool-down
//! ```

mod cache;
mod grant;
mod store;

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

pub(crate) use cache::TokenCache;
pub(crate) use grant::{Grant, Granted, Refused, token_endpoint};
pub use store::{FileStore, MemoryStore, RefreshTokenStore};

use crate::{BoxFuture, Secret};

/// An access token and how long it is good for.
#[derive(Clone, Debug)]
pub struct AccessToken {
    pub(crate) token: Secret,
    pub(crate) expires_in: Option<Duration>,
}

impl AccessToken {
    /// A token that was issued just now; without a life it is asked for anew after five minutes.
    #[must_use]
    pub fn new(token: Secret, expires_in: Option<Duration>) -> Self {
        Self { token, expires_in }
    }
}

/// Where access tokens come from: a vault, an identity of the machine, a service of your own.
///
/// Its `Debug` isn't asked for by letterhead, since it may show what it holds: a client's shows its type.
///
/// letterhead's own sources are made by the vendors' credentials. A client asks once for all calls
/// that wait, before the token runs out, and again after the vendor has refused it.
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
}

impl<S> fmt::Debug for Foreign<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::any::type_name::<S>())
    }
}
