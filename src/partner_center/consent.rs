//! The consent that a person gives once: in a browser that comes back, or with a code on any machine.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Url;
use sha2::{Digest as _, Sha256};
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use super::EntraApp;
use super::entra::App;
use crate::error::{ErrorKind, one_line};
use crate::oauth::Granted;
use crate::{Error, JsonObject, Secret, http_client_builder};

/// How long to wait between two looks whether the code was entered, where Entra doesn't say, and how much longer
/// each time that it asks for it.
const INTERVAL: Duration = Duration::from_secs(5);
/// Nobody is asked more often.
const SHORTEST: Duration = Duration::from_secs(1);
/// The longest of Entra's texts that is shown, in characters.
const SHOWN: usize = 500;

impl EntraApp {
    /// Starts the consent of a person in a browser, who signs in at [`Consent::url`] with multi-factor
    /// authentication and comes back to `redirect_uri`: authorization code with PKCE.
    ///
    /// The address has to be registered with the application. `http://localhost` is registered for all ports.
    ///
    /// ```no_run
    /// # async fn run(query: &str) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    /// use letterhead::partner_center::{Cloud, EntraApp};
    /// use letterhead::{FileStore, RefreshTokenStore};
    ///
    /// let consent = EntraApp::from_env(Cloud::Global)?.consent("http://localhost:8400/")?;
    /// println!("Sign in at {}", consent.url());
    /// // Serve that address; the query is what the browser comes back with.
    /// let token = consent.redeem(query).await?;
    /// FileStore::new("/var/lib/service/refresh-token").save(token).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// Source: <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow>.
    ///
    /// # Errors
    /// A tenant, a client id, a secret or an authority that can't be right.
    pub fn consent(&self, redirect_uri: impl Into<String>) -> Result<Consent, Error> {
        let app = self.clone().app(true)?;
        let redirect_uri = redirect_uri.into();
        let (state, verifier) = (random(), random());
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.expose()));
        let mut url = app.beside_token_url("authorize");
        url.query_pairs_mut()
            .append_pair("client_id", &app.client_id)
            .append_pair("response_type", "code")
            .append_pair("response_mode", "query")
            .append_pair("redirect_uri", &redirect_uri)
            .append_pair("scope", &app.scope)
            .append_pair("state", state.expose())
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256")
            .append_pair("prompt", "select_account");
        Ok(Consent { app, redirect_uri, state, verifier, url })
    }

    /// Asks for a code that a person enters in a browser on any machine.
    ///
    /// The application has to allow public client flows, and a tenant may forbid this one.
    ///
    /// Source: <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code>.
    ///
    /// # Errors
    /// Those of [`consent`](Self::consent), and Entra's.
    pub async fn device_code(&self) -> Result<DeviceCode, Error> {
        let app = self.clone().app(true)?;
        let code = app.device_code(&http()?, Code::read).await.map_err(Error::into_sign_in)?;
        Ok(DeviceCode { app, code })
    }
}

/// A person's consent that is under way in a browser; made by [`EntraApp::consent`].
#[must_use]
pub struct Consent {
    app: App,
    redirect_uri: String,
    state: Secret,
    verifier: Secret,
    url: Url,
}

impl Consent {
    /// Where the person signs in.
    #[must_use]
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// Whether a query is what the browser comes back with after this very sign-in. Another page may send the
    /// browser to the same address.
    #[must_use]
    pub fn is_of(&self, query: &str) -> bool {
        member(query, "state").is_some_and(|state| state == self.state.expose())
    }

    /// The refresh token of the person who came back with `query`, to be saved in a
    /// [`RefreshTokenStore`](crate::RefreshTokenStore).
    ///
    /// # Errors
    /// A query of another sign-in, a person who declined, and what Entra refuses.
    pub async fn redeem(&self, query: &str) -> Result<Secret, Error> {
        if !self.is_of(query) {
            return Err(failed("the browser came back from another sign-in: start again"));
        }
        if let Some(code) = member(query, "error") {
            let text = member(query, "error_description").unwrap_or_default();
            let text = text.lines().next().unwrap_or_default();
            return Err(failed(one_line(&format!("no consent: {code}: {text}"), SHOWN)));
        }
        let Some(code) = member(query, "code").filter(|code| !code.is_empty()) else {
            return Err(failed("the browser came back without a code"));
        };
        let code = Secret::from(code);
        let wanted = [
            ("grant_type", "authorization_code"),
            ("code", code.expose()),
            ("redirect_uri", &self.redirect_uri),
            ("code_verifier", self.verifier.expose()),
        ];
        refresh_token(self.app.grant(&http()?, &wanted, Some(&code)).await)
    }
}

impl fmt::Debug for Consent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Consent").field("redirect_uri", &self.redirect_uri).finish_non_exhaustive()
    }
}

/// A code that a person enters in a browser; made by [`EntraApp::device_code`].
#[must_use]
pub struct DeviceCode {
    app: App,
    code: Code,
}

struct Code {
    device: Secret,
    user: String,
    url: String,
    expires_in: Duration,
    interval: Duration,
}

impl Code {
    fn read(json: Option<&JsonObject>) -> Result<Self, &'static str> {
        let text = |name: &str| json?.get::<String>(name)?.ok().filter(|text| !text.is_empty());
        let seconds = |name: &str| {
            let number: u32 = json?.get_raw(name)?.trim_matches('"').parse().ok()?;
            Some(Duration::from_secs(number.into()))
        };
        let missing = "something else";
        Ok(Self {
            device: text("device_code").ok_or(missing)?.into(),
            user: one_line(&text("user_code").ok_or(missing)?, SHOWN),
            url: one_line(&text("verification_uri").ok_or(missing)?, SHOWN),
            // Entra's own life of a code.
            expires_in: seconds("expires_in").unwrap_or(Duration::from_secs(900)),
            interval: seconds("interval").unwrap_or(INTERVAL),
        })
    }
}

impl DeviceCode {
    /// What the person enters.
    #[must_use]
    pub fn user_code(&self) -> &str {
        &self.code.user
    }

    /// Where the person enters it.
    #[must_use]
    pub fn verification_url(&self) -> &str {
        &self.code.url
    }

    /// How long the code is good for.
    #[must_use]
    pub fn expires_in(&self) -> Duration {
        self.code.expires_in
    }

    /// Waits until the person has signed in, and returns the refresh token, to be saved in a
    /// [`RefreshTokenStore`](crate::RefreshTokenStore).
    ///
    /// # Errors
    /// A person who declined, a code that has expired, and what Entra refuses.
    pub async fn redeem(self) -> Result<Secret, Error> {
        // Entra says so itself, unless something else responds in its place.
        let redeemed = timeout(self.code.expires_in + INTERVAL, self.poll()).await;
        redeemed.unwrap_or_else(|_| Err(failed("the code has ended before it was entered")))
    }

    async fn poll(&self) -> Result<Secret, Error> {
        let http = http()?;
        let mut interval = self.code.interval.max(SHORTEST);
        let wanted = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("device_code", self.code.device.expose()),
        ];
        loop {
            sleep(interval).await;
            match self.app.grant(&http, &wanted, Some(&self.code.device)).await {
                Err(error) if error.has_code("authorization_pending") => {}
                Err(error) if error.has_code("slow_down") => interval += INTERVAL,
                granted => return refresh_token(granted),
            }
        }
    }
}

impl fmt::Debug for DeviceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The user's code is worth a token to whoever has it entered by another person.
        f.debug_struct("DeviceCode").field("url", &self.code.url).finish_non_exhaustive()
    }
}

fn refresh_token(granted: Result<Granted, Error>) -> Result<Secret, Error> {
    let granted = granted.map_err(Error::into_sign_in)?;
    granted.refresh.ok_or_else(|| {
        failed("Microsoft Entra granted no refresh token: the application has to ask for offline_access")
    })
}

fn failed(reason: impl Into<String>) -> Error {
    Error::new(ErrorKind::SignIn, reason)
}

fn http() -> Result<reqwest::Client, Error> {
    http_client_builder()?
        .build()
        .map_err(|error| Error::configuration("the HTTP client can't be set up").with_source(error))
}

/// 64 characters, 244 bits of them random.
fn random() -> Secret {
    let parts = [Uuid::new_v4(), Uuid::new_v4()].map(|uuid| uuid.simple().to_string());
    parts.concat().into()
}

/// A member of a query.
fn member(query: &str, name: &str) -> Option<String> {
    let mut url = Url::parse("http://localhost/").ok()?;
    url.set_query(Some(query));
    let mut pairs = url.query_pairs();
    pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}
