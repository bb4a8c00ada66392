//! What Microsoft Entra is asked, and what its refusals mean.

use std::error::Error as StdError;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use http::StatusCode;
use reqwest::Url;
use uuid::Uuid;

use crate::error::{Category, ErrorKind, Failure};
use crate::oauth::{Grant, Granted, Refused};
use crate::{AccessToken, BoxFuture, Error, RefreshTokenStore, Secret, TokenSource};

/// What is shorter is no secret of Entra's, in bytes.
const LEAST_SECRET: usize = 8;

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
    AppAndUser {
        store: Box<dyn RefreshTokenStore>,
        /// A replacement that couldn't be written.
        unsaved: Mutex<Option<Secret>>,
    },
}

impl Entra {
    async fn grant(
        &self,
        http: &reqwest::Client,
        refresh_token: Option<&Secret>,
    ) -> Result<Granted, Error> {
        let mut form = vec![
            ("client_id", self.client_id.as_str()),
            ("client_secret", self.client_secret.expose()),
            ("scope", self.scope.as_str()),
        ];
        let mut secrets = vec![&self.client_secret];
        // Entra repeats the client id, and one that is none may be the secret in the wrong place.
        let is_id = Uuid::try_parse(&self.client_id).is_ok();
        let client_id = Secret::from(self.client_id.as_str());
        if !is_id && self.client_id.len() >= LEAST_SECRET {
            secrets.push(&client_id);
        }
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

    async fn redeem(
        &self,
        http: &reqwest::Client,
        store: &dyn RefreshTokenStore,
        unsaved: &Mutex<Option<Secret>>,
    ) -> Result<AccessToken, Error> {
        let lock = || unsaved.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = lock().clone();
        let token = match kept {
            Some(token) => token,
            None => store.load().await.map_err(|error| {
                Error::new(ErrorKind::SignIn, "no refresh token to redeem").with_source(error)
            })?,
        };
        let granted = match self.grant(http, Some(&token)).await {
            Ok(granted) => granted,
            Err(error) => {
                if error.needs_consent() {
                    // The one that a person puts into the store is looked for from now on.
                    *lock() = None;
                }
                return Err(error);
            }
        };
        let replacement = granted.refresh.unwrap_or_else(|| token.clone());
        let is_new = replacement != token || lock().is_some();
        if is_new {
            *lock() = match store.save(replacement.clone()).await {
                Ok(()) => None,
                Err(error) => {
                    tracing::error!(
                        error,
                        "the replacement of a refresh token is kept in memory only"
                    );
                    Some(replacement)
                }
            };
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
                Flow::AppOnly => self.grant(http, None).await?.access,
                Flow::AppAndUser { store, unsaved } => self.redeem(http, &**store, unsaved).await?,
            })
        })
    }
}

impl fmt::Debug for Entra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the client id: somebody may have exchanged it with the secret. The tenant in the URL is
        // an id or a domain.
        f.debug_struct("Entra")
            .field("token_url", &self.token_url.as_str())
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
