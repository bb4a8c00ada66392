//! What Microsoft Entra is asked, and what its errors mean.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use reqwest::Url;
use uuid::Uuid;

use crate::error::{Category, ErrorBody};
use crate::oauth::{CONSENT_HINT, Grant, Granted, RefreshToken, TokenError, granted};
use crate::{AccessToken, BoxFuture, Error, JsonObject, Secret, TokenSource};

/// What is shorter is no secret of Entra's, in bytes.
const LEAST_SECRET: usize = 8;

/// Gets tokens from Entra's v2 endpoint.
pub(super) struct Entra {
    app: Arc<App>,
    flow: Flow,
}

/// What asks for tokens.
///
/// Source: <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow>.
pub(super) struct App {
    pub(super) token_url: Url,
    pub(super) client_id: String,
    pub(super) client_secret: Secret,
    pub(super) scope: String,
}

/// As whom it signs in.
pub(super) enum Flow {
    AppOnly,
    AppAndUser(Arc<RefreshToken>),
}

impl Entra {
    pub(super) fn new(app: App, flow: Flow) -> Self {
        let app = Arc::new(app);
        Self { app, flow }
    }
}

impl App {
    /// Asks the token endpoint for what `wanted` says, with what is secret in it.
    pub(super) async fn grant(
        &self,
        http: &reqwest::Client,
        wanted: &[(&'static str, &str)],
        secret: Option<&Secret>,
    ) -> Result<Granted, Error> {
        let own = [
            ("client_id", self.client_id.as_str()),
            ("client_secret", self.client_secret.expose()),
            ("scope", self.scope.as_str()),
        ];
        let form = [own.as_slice(), wanted].concat();
        let template = "/{tenant}/oauth2/v2.0/token";
        self.post(http, &self.token_url, template, &form, secret, granted).await
    }

    /// Asks for a code that a person enters, which `read` reads.
    pub(super) async fn device_code<T>(
        &self,
        http: &reqwest::Client,
        read: fn(Option<&JsonObject>) -> Result<T, &'static str>,
    ) -> Result<T, Error> {
        let form = [("client_id", self.client_id.as_str()), ("scope", self.scope.as_str())];
        let template = "/{tenant}/oauth2/v2.0/devicecode";
        self.post(http, &self.beside_token_url("devicecode"), template, &form, None, read).await
    }

    /// Another address of the tenant's.
    pub(super) fn beside_token_url(&self, name: &str) -> Url {
        let mut url = self.token_url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop().push(name);
        }
        url
    }

    async fn post<T>(
        &self,
        http: &reqwest::Client,
        url: &Url,
        template: &'static str,
        form: &[(&'static str, &str)],
        secret: Option<&Secret>,
        read: fn(Option<&JsonObject>) -> Result<T, &'static str>,
    ) -> Result<T, Error> {
        let mut secrets = vec![&self.client_secret];
        // Entra shows the client id, and one that is none may be the secret in the wrong place.
        let is_id = Uuid::try_parse(&self.client_id).is_ok();
        let client_id = Secret::from(self.client_id.as_str());
        if !is_id && self.client_id.len() >= LEAST_SECRET {
            secrets.push(&client_id);
        }
        secrets.extend(secret);
        let provider = "Microsoft Entra";
        Grant { provider, url, template, form, secrets, basic: None, explain }
            .request(http, read)
            .await
    }
}

/// How long a redemption may take: the lock, the store, and two grants.
const REDEMPTION: Duration = Duration::from_secs(110);

impl TokenSource for Entra {
    fn timeout(&self) -> Duration {
        match self.flow {
            Flow::AppOnly => Duration::from_secs(60),
            Flow::AppAndUser(_) => REDEMPTION,
        }
    }

    fn fetch<'a>(
        &'a self,
        http: &'a reqwest::Client,
    ) -> BoxFuture<'a, Result<AccessToken, Box<dyn StdError + Send + Sync>>> {
        Box::pin(async move {
            Ok(match &self.flow {
                Flow::AppOnly => {
                    self.app
                        .grant(http, &[("grant_type", "client_credentials")], None)
                        .await?
                        .access
                }
                Flow::AppAndUser(token) => {
                    let (app, http) = (Arc::clone(&self.app), http.clone());
                    let grant = move |token: Secret| {
                        let (app, http) = (Arc::clone(&app), http.clone());
                        async move {
                            let wanted = [
                                ("grant_type", "refresh_token"),
                                ("refresh_token", token.expose()),
                            ];
                            app.grant(&http, &wanted, Some(&token)).await
                        }
                    };
                    token.redeem(grant).await?
                }
            })
        })
    }

    fn has_changed(&self) -> BoxFuture<'_, bool> {
        match &self.flow {
            Flow::AppOnly => Box::pin(std::future::ready(false)),
            Flow::AppAndUser(token) => Box::pin(token.has_changed()),
        }
    }
}

impl fmt::Debug for Entra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the client id: somebody may have swapped it with the secret. The tenant in the URL is
        // an id or a domain.
        f.debug_struct("Entra")
            .field("token_url", &self.app.token_url.as_str())
            .field("scope", &self.app.scope)
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

fn explain(error: &TokenError) -> ErrorBody {
    let (category, hint) = if error.has(&["90002", "900021", "50059"]) {
        (
            Category::InvalidRequest,
            Some("look at the tenant, which is the partner's own, and at the cloud"),
        )
    } else if error.has(&["700016"]) {
        (
            Category::Unauthorized,
            Some("look at the client id; the application has to be registered in this tenant"),
        )
    } else if error.has(&["7000215"]) {
        (Category::Unauthorized, Some("look at the client secret: its value is wanted, not its id"))
    } else if error.has(&["7000222"]) {
        (
            Category::Unauthorized,
            Some("the client secret has expired; add a new one to the application's registration"),
        )
    } else if error.has(&["500011", "70011", "1002012"]) {
        (
            Category::InvalidRequest,
            Some(
                "look at the audience; each cloud's Partner Center has its own, and the tenant has to \
                 know it",
            ),
        )
    } else if error.has(&["authorization_declined"]) {
        (Category::Consent, Some("the person declined; sign in again, and accept"))
    } else if error.has(&["expired_token", "bad_verification_code"]) {
        (Category::Consent, Some("the code has ended before it was entered; sign in again"))
    } else if error.has(&CONSENT) {
        (Category::Consent, Some(CONSENT_HINT))
    } else if error.has(&["invalid_client", "unauthorized_client"]) {
        (Category::Unauthorized, None)
    } else if error.has(&["temporarily_unavailable"]) {
        (StatusCode::SERVICE_UNAVAILABLE.into(), None)
    } else {
        (error.status.into(), None)
    };
    ErrorBody { codes: error.codes.clone(), message: error.message.clone(), category, hint }
}
