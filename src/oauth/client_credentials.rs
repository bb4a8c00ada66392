//! OAuth 2.0 client credentials: an application signs in by itself.

use std::error::Error as StdError;
use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use percent_encoding::utf8_percent_encode;
use reqwest::Url;

use super::grant::{check_application, require_https};
use super::{AccessToken, Grant, TokenError, TokenSource, granted};
use crate::error::{Category, ErrorBody};
use crate::layer::QUERY;
use crate::{BoxFuture, Error, Secret};

/// Access tokens for an application, from the token endpoint of any OAuth 2.0 provider.
///
/// A document names the endpoint as `tokenUrl` of the flow `clientCredentials`. Where a client has other means to sign
/// in (a person, a device), give it a [`TokenSource`] of your own.
///
/// ```
/// use letterhead::ClientCredentials;
///
/// # fn main() -> Result<(), letterhead::Error> {
/// let source = ClientCredentials::new("https://login.example.com/token", "id", "secret")?
///     .scopes(["pets.read"]);
/// # Ok(()) }
/// ```
///
/// Source: <https://www.rfc-editor.org/rfc/rfc6749#section-4.4>.
#[must_use]
pub struct ClientCredentials {
    token_url: Url,
    client_id: Secret,
    client_secret: Secret,
    scope: String,
    /// The id and the secret as the header has them, where they aren't in the form.
    basic: Option<Secret>,
}

impl ClientCredentials {
    /// The application `client_id`, which signs in at `token_url`. The form has its id and its secret.
    ///
    /// # Errors
    /// An id or a secret that is empty, a URL that would show them to the network.
    pub fn new(
        token_url: &str,
        client_id: impl Into<Secret>,
        client_secret: impl Into<Secret>,
    ) -> Result<Self, Error> {
        let (client_id, client_secret) = (client_id.into(), client_secret.into());
        check_application(client_id.expose(), &client_secret)?;
        let token_url = require_https("token URL", token_url)?;
        Ok(Self { token_url, client_id, client_secret, scope: String::new(), basic: None })
    }

    /// Asks for these scopes. Without them the provider chooses.
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let scopes: Vec<String> = scopes.into_iter().map(Into::into).collect();
        self.scope = scopes.join(" ");
        self
    }

    /// Sends the id and the secret as `Authorization: Basic` instead of in the form.
    pub fn in_header(mut self) -> Self {
        let form = |secret: &Secret| utf8_percent_encode(secret.expose(), QUERY).to_string();
        let pair = [form(&self.client_id), form(&self.client_secret)].join(":");
        self.basic = Some(Secret::from(BASE64_STANDARD.encode(pair)));
        self
    }
}

impl fmt::Debug for ClientCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The client id may be the secret, where somebody has swapped the two.
        f.debug_struct("ClientCredentials")
            .field("token_url", &self.token_url.as_str())
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

impl TokenSource for ClientCredentials {
    fn fetch<'a>(
        &'a self,
        http: &'a reqwest::Client,
    ) -> BoxFuture<'a, Result<AccessToken, Box<dyn StdError + Send + Sync>>> {
        Box::pin(async move {
            let mut form = vec![("grant_type", "client_credentials")];
            if self.basic.is_none() {
                form.push(("client_id", self.client_id.expose()));
                form.push(("client_secret", self.client_secret.expose()));
            }
            if !self.scope.is_empty() {
                form.push(("scope", &self.scope));
            }
            let secrets = [&self.client_id, &self.client_secret].into_iter().chain(&self.basic);
            let grant = Grant {
                provider: "OAuth",
                url: &self.token_url,
                // The URL is another one for each of them.
                template: "/token",
                form: &form,
                secrets: secrets.collect(),
                basic: self.basic.as_ref(),
                explain,
            };
            Ok(grant.request(http, granted).await?.access)
        })
    }
}

fn explain(error: &TokenError) -> ErrorBody {
    let (category, hint) = if error.has(&["invalid_client", "unauthorized_client"]) {
        (
            Category::Unauthorized,
            Some("look at the client id and the secret, and at where they are sent"),
        )
    } else if error.has(&["invalid_scope"]) {
        (Category::InvalidRequest, Some("look at the scopes that the application may ask for"))
    } else {
        (error.status.into(), None)
    };
    ErrorBody { codes: error.codes.clone(), message: error.message.clone(), category, hint }
}
