//! What Microsoft Entra is asked, and what its refusals mean.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::StatusCode;
use reqwest::Url;
use tokio::time::timeout;
use tracing::Instrument as _;

use crate::error::{Category, ErrorKind, Failure};
use crate::oauth::{Grant, Granted, Refused};
use crate::{AccessToken, BoxFuture, Error, RefreshTokenStore, Secret, TokenSource};

/// The time limit for writing a refresh token.
const SAVE: Duration = Duration::from_secs(30);
/// How long the access token waits for that.
const PROMPT: Duration = Duration::from_secs(1);

/// Gets tokens from Entra's v2 endpoint.
///
/// Source: <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow>.
pub(super) struct Entra {
    pub(super) token_url: Url,
    pub(super) client_id: String,
    pub(super) client_secret: Secret,
    pub(super) scope: String,
    pub(super) flow: Flow,
}

/// As whom it signs in.
pub(super) enum Flow {
    AppOnly,
    AppAndUser(Arc<Kept>),
}

/// The refresh token, in its store and out of it.
pub(super) struct Kept {
    store: Box<dyn RefreshTokenStore>,
    /// A replacement that isn't written, or not yet.
    unsaved: Mutex<Option<Secret>>,
}

impl Kept {
    pub(super) fn new(store: impl RefreshTokenStore) -> Arc<Self> {
        Arc::new(Self {
            store: Box::new(store),
            unsaved: Mutex::new(None),
        })
    }

    fn unsaved(&self) -> MutexGuard<'_, Option<Secret>> {
        self.unsaved.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn load(&self) -> Result<Secret, Error> {
        self.store.load().await.map_err(|error| {
            let io = error.downcast_ref::<io::Error>();
            let is_missing = io.is_some_and(|error| error.kind() == io::ErrorKind::NotFound);
            let fault = Error::new(ErrorKind::SignIn, "no refresh token to redeem");
            let fault = fault.with_source(error);
            if is_missing {
                fault.for_consent()
            } else {
                fault
            }
        })
    }

    /// Writes the replacement in a task of its own, and waits for it a little: a store that hangs mustn't
    /// keep the access token that came with it from the calls. The lock is kept until it is written.
    async fn save(self: &Arc<Self>, token: Secret, lock: Box<dyn Send>) {
        *self.unsaved() = Some(token.clone());
        let kept = Arc::clone(self);
        let save = async move {
            let saved = timeout(SAVE, kept.store.save(token.clone())).await;
            drop(lock);
            match saved.unwrap_or_else(|_| Err("the store doesn't come to an end".into())) {
                Ok(()) => {
                    kept.unsaved().take_if(|unsaved| *unsaved == token);
                }
                Err(error) => tracing::error!(
                    error,
                    "the replacement of a refresh token is kept in memory only"
                ),
            }
        };
        let save = tokio::spawn(save.in_current_span());
        let _ = timeout(PROMPT, save).await;
    }
}

impl Entra {
    async fn grant(
        &self,
        http: &reqwest::Client,
        refresh_token: Option<&Secret>,
        earlier: Option<&Secret>,
    ) -> Result<Granted, Error> {
        let mut form = vec![
            ("client_id", self.client_id.as_str()),
            ("client_secret", self.client_secret.expose()),
            ("scope", self.scope.as_str()),
        ];
        let mut secrets = vec![&self.client_secret];
        secrets.extend(earlier);
        match refresh_token {
            None => form.push(("grant_type", "client_credentials")),
            Some(token) => {
                form.push(("grant_type", "refresh_token"));
                form.push(("refresh_token", token.expose()));
                secrets.push(token);
            }
        }
        let grant = Grant {
            provider: "Microsoft Entra",
            url: &self.token_url,
            form: &form,
            secrets,
            explain,
        };
        grant.request(http).await
    }

    async fn redeem(&self, http: &reqwest::Client, kept: &Arc<Kept>) -> Result<AccessToken, Error> {
        let lock = kept.store.lock().await.map_err(|error| {
            Error::new(ErrorKind::SignIn, "no refresh token to redeem").with_source(error)
        })?;
        let unsaved = kept.unsaved().clone();
        let mut token = match unsaved {
            Some(token) => token,
            None => kept.load().await?,
        };
        let mut outcome = self.grant(http, Some(&token), None).await;
        if let Err(error) = &outcome
            && error.needs_consent()
        {
            // Another process, or a person who has signed in again, may have written another one.
            kept.unsaved().take_if(|unsaved| *unsaved == token);
            if let Ok(stored) = kept.load().await
                && stored != token
            {
                let dead = std::mem::replace(&mut token, stored);
                outcome = self.grant(http, Some(&token), Some(&dead)).await;
            }
        }
        let granted = outcome?;
        let replacement = granted.refresh.unwrap_or_else(|| token.clone());
        let is_new = replacement != token || kept.unsaved().is_some();
        if is_new {
            kept.save(replacement, lock).await;
        }
        Ok(granted.access)
    }
}

impl TokenSource for Entra {
    fn fetch<'a>(
        &'a self,
        http: &'a reqwest::Client,
    ) -> BoxFuture<'a, Result<AccessToken, Box<dyn StdError + Send + Sync>>> {
        Box::pin(async move {
            Ok(match &self.flow {
                Flow::AppOnly => self.grant(http, None, None).await?.access,
                Flow::AppAndUser(kept) => self.redeem(http, kept).await?,
            })
        })
    }
}

impl fmt::Debug for Entra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entra")
            .field("token_url", &self.token_url.as_str())
            .field("client_id", &self.client_id)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

/// The codes of a refresh token, a session or a consent that has ended, or lacks multi-factor
/// authentication.
///
/// Source: <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>.
const CONSENT: [&str; 18] = [
    "consent_required",
    "interaction_required",
    "invalid_grant",
    "50057",
    "50076",
    "50078",
    "50079",
    "50158",
    "50173",
    "53003",
    "54005",
    "65001",
    "65004",
    "70000",
    "70008",
    "70043",
    "700007",
    "700082",
];

fn explain(refused: &Refused) -> Failure {
    let (category, hint) = if refused.has(&["90002", "900021", "50059"]) {
        (
            Category::InvalidRequest,
            Some("look at the tenant, which is the partner's own, and at the cloud"),
        )
    } else if refused.has(&["700016"]) {
        (
            Category::Unauthorized,
            Some("look at the client id; the application has to be registered in this tenant"),
        )
    } else if refused.has(&["7000215"]) {
        (
            Category::Unauthorized,
            Some("look at the client secret: its value is wanted, not its id"),
        )
    } else if refused.has(&["7000222"]) {
        (
            Category::Unauthorized,
            Some("the client secret has expired; add a new one to the application's registration"),
        )
    } else if refused.has(&["500011", "70011", "1002012"]) {
        (
            Category::InvalidRequest,
            Some(
                "look at the audience; each cloud's Partner Center has its own, and the tenant has to \
                 know it",
            ),
        )
    } else if refused.has(&CONSENT) {
        (
            Category::Consent,
            Some(
                "a person must consent again: sign in with multi-factor authentication, and store the \
                 new refresh token",
            ),
        )
    } else if refused.has(&["invalid_client", "unauthorized_client"]) {
        (Category::Unauthorized, None)
    } else if refused.has(&["temporarily_unavailable"]) {
        (StatusCode::SERVICE_UNAVAILABLE.into(), None)
    } else {
        (refused.status.into(), None)
    };
    Failure {
        codes: refused.codes.clone(),
        message: refused.message.clone(),
        category,
        hint,
    }
}
