//! A person's refresh token: redeemed by one at a time, and its replacement never lost.

use std::fmt;
use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::time::timeout;
use tracing::Instrument as _;

use super::grant::counted;
use super::{Granted, RefreshTokenStore};
use crate::error::ErrorKind;
use crate::propagation::carried;
use crate::{AccessToken, Error, Secret};

/// How long a store may take.
const LOCK_LIMIT: Duration = Duration::from_secs(20);
const LOAD_LIMIT: Duration = Duration::from_secs(10);
const SAVE_LIMIT: Duration = Duration::from_secs(15);
/// How long an access token waits for the replacement to be saved: a program that ends after a call
/// ends with the replacement in the store, unless the store is slow.
const SAVE_PATIENCE: Duration = Duration::from_secs(1);

/// The way out where there is no token.
pub(crate) const CONSENT_HINT: &str = "a person must consent again: sign in with multi-factor authentication, and \
                                       store the new refresh token";

/// The refresh token in a store.
pub(crate) struct RefreshToken {
    store: Box<dyn RefreshTokenStore>,
    kept: Arc<Mutex<Kept>>,
}

#[derive(Default)]
struct Kept {
    /// A replacement that isn't in the store.
    unsaved: Option<Secret>,
    /// What the store held at last.
    stored: Option<Secret>,
}

impl RefreshToken {
    pub(crate) fn new(store: impl RefreshTokenStore) -> Arc<Self> {
        Arc::new(Self { store: Box::new(store), kept: Arc::default() })
    }

    /// Redeems the token with `grant`, in a task of its own: who gives up waiting loses no replacement.
    ///
    /// # Errors
    /// The store's, or the last grant's.
    pub(crate) async fn redeem<F>(
        self: &Arc<Self>,
        grant: impl Fn(Secret) -> F + Send + Sync + 'static,
    ) -> Result<AccessToken, Error>
    where
        F: Future<Output = Result<Granted, Error>> + Send + 'static,
    {
        let redemption = counted(Arc::clone(self).redeem_alone(grant)).in_current_span();
        match tokio::spawn(carried(redemption)).await {
            Ok(redeemed) => redeemed,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(error) => Err(failed().with_source(error)),
            },
        }
    }

    /// Whether the store holds another token than at last.
    pub(crate) async fn has_changed(&self) -> bool {
        let stored = self.kept.lock().await.stored.clone();
        let found = timeout(LOAD_LIMIT, self.store.load()).await;
        matches!(found, Ok(Ok(token)) if Some(&token) != stored.as_ref())
    }

    async fn redeem_alone<F>(
        self: Arc<Self>,
        grant: impl Fn(Secret) -> F,
    ) -> Result<AccessToken, Error>
    where
        F: Future<Output = Result<Granted, Error>> + Send,
    {
        let mut kept = Arc::clone(&self.kept).lock_owned().await;
        let locked = within(LOCK_LIMIT, "locked", self.store.lock()).await?;
        let known = kept.stored.clone();
        let first = match kept.unsaved.clone() {
            // Unless somebody has stored another one since.
            Some(token) => match self.load(&mut kept).await {
                Ok(stored) if Some(&stored) != known.as_ref() => stored,
                // The person has signed out, and a replacement would undo that.
                Err(error) if error.needs_consent() => {
                    kept.unsaved = None;
                    return Err(error);
                }
                _ => {
                    kept.stored.clone_from(&known);
                    token
                }
            },
            None => self.load(&mut kept).await?,
        };
        let known = kept.stored.clone();
        let (redeemed, granted) = match grant(first.clone()).await {
            Ok(granted) => (first, granted),
            Err(error) if error.needs_consent() => {
                // Another process may have redeemed it first, or a person have stored another one. One
                // that was there before is redeemed already.
                match self.load(&mut kept).await {
                    Ok(other) if other != first && Some(&other) != known.as_ref() => {
                        let granted = grant(other.clone()).await?;
                        (other, granted)
                    }
                    _ => return Err(error),
                }
            }
            Err(error) => return Err(error),
        };
        let replacement = granted.refresh.unwrap_or(redeemed);
        kept.unsaved = None;
        if kept.stored.as_ref() != Some(&replacement) {
            kept.unsaved = Some(replacement.clone());
            let saved = async move {
                self.save(kept, replacement).await;
                drop(locked);
            };
            // Started before the token is handed out, and never cancelled.
            let _ = timeout(SAVE_PATIENCE, tokio::spawn(saved.in_current_span())).await;
        }
        Ok(granted.access)
    }

    async fn load(&self, kept: &mut Kept) -> Result<Secret, Error> {
        kept.stored = None;
        let token = within(LOAD_LIMIT, "read", self.store.load()).await?;
        kept.stored = Some(token.clone());
        Ok(token)
    }

    async fn save(&self, mut kept: OwnedMutexGuard<Kept>, token: Secret) {
        let saved = within(SAVE_LIMIT, "written", self.store.save(token.clone())).await;
        match saved {
            Ok(()) => *kept = Kept { unsaved: None, stored: Some(token) },
            Err(error) => {
                let error = std::error::Error::source(&error).map(ToString::to_string);
                tracing::error!(error, "the replacement of a refresh token is kept in memory only");
            }
        }
    }
}

/// What the store does, if it does so in time.
async fn within<T>(
    limit: Duration,
    what: &str,
    future: impl Future<Output = Result<T, Box<dyn std::error::Error + Send + Sync>>>,
) -> Result<T, Error> {
    let Ok(outcome) = timeout(limit, future).await else {
        let late = format!("the store couldn't be {what} in {} seconds", limit.as_secs());
        return Err(failed().with_source(late));
    };
    outcome.map_err(|error| {
        let is_missing = error
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::NotFound);
        let failed = failed().with_source(error);
        if is_missing { failed.for_consent().with_hint(CONSENT_HINT) } else { failed }
    })
}

fn failed() -> Error {
    Error::new(ErrorKind::SignIn, "no refresh token to redeem")
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RefreshToken").field(&self.store).finish()
    }
}
