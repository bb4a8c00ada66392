//! Where a refresh token is kept: each redemption may replace it, and the replacement must not be
//! lost.

use std::error::Error as StdError;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use crate::{BoxFuture, Secret};

pub(super) type BoxError = Box<dyn StdError + Send + Sync>;

/// Keeps the refresh token of a person's sign-in.
///
/// For each redemption a client locks the store, reads the token, redeems it, and writes the replacement
/// where one came. The access token doesn't wait for a slow write. A replacement that can't be written is
/// kept in memory, redeemed next time, and its own replacement written then; where the store has no token any more by
/// then, the person has signed out, and it is dropped. Where the token is refused,
/// the client reads once more, and redeems what another process or a person has stored meanwhile.
///
/// Reading may take 10 seconds, locking 20 and writing 15; then it counts as failed.
pub trait RefreshTokenStore: fmt::Debug + Send + Sync + 'static {
    /// Reads the token.
    ///
    /// # Errors
    /// The store can't be read, or couldn't be written to: better known before a redemption. A
    /// [`std::io::Error`] of the kind `NotFound` says that there is no token, and calls end with an error
    /// that [needs consent](crate::Error::needs_consent). The error becomes the source of the calls' errors
    /// and must not hold secrets.
    fn load(&self) -> BoxFuture<'_, Result<Secret, BoxError>>;

    /// Replaces the token. Isn't dropped before it is over or out of time.
    ///
    /// # Errors
    /// The store can't be written. It is logged and must not hold secrets.
    fn save(&self, token: Secret) -> BoxFuture<'_, Result<(), BoxError>>;

    /// Keeps everyone else from redeeming until what it returns is dropped: a token may be good for one
    /// redemption only. Where processes share a store that does nothing here, the client still reads again
    /// after it was refused.
    ///
    /// # Errors
    /// The store can't be locked; nothing is redeemed then.
    fn lock(&self) -> BoxFuture<'_, Result<Box<dyn Send>, BoxError>> {
        Box::pin(async { Ok(Box::new(()) as Box<dyn Send>) })
    }
}

/// Keeps the refresh token in memory: for a process that is given a new one at each start.
#[derive(Debug)]
pub struct MemoryStore(Mutex<Secret>);

impl MemoryStore {
    /// A store that starts with `token`.
    pub fn new(token: impl Into<Secret>) -> Self {
        Self(Mutex::new(token.into()))
    }
}

impl RefreshTokenStore for MemoryStore {
    fn load(&self) -> BoxFuture<'_, Result<Secret, BoxError>> {
        let token = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Box::pin(async { Ok(token) })
    }

    fn save(&self, token: Secret) -> BoxFuture<'_, Result<(), BoxError>> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = token;
        Box::pin(async { Ok(()) })
    }
}
