//! Signing in to Campaign Standard through Adobe's identity service.

use std::error::Error as StdError;
use std::fmt;

use reqwest::Url;

use super::{API_KEY, Credential};
use crate::credential::Source;
use crate::environment::{Environment, process};
use crate::error::{Category, ErrorBody};
use crate::oauth::{Grant, TokenCache, TokenError, check_authority, granted, token_endpoint};
use crate::{AccessToken, BoxFuture, Error, Secret, TokenSource};

/// Adobe's identity service.
const AUTHORITY: &str = "https://ims-na1.adobelogin.com";

/// The scopes that Campaign Standard needs; the console shows those of a credential.
const SCOPES: [&str; 6] = [
    "openid",
    "AdobeID",
    "campaign_sdk",
    "additional_info.projectedProductContext",
    "campaign_config_server_general",
    "deliverability_service_general",
];

/// An OAuth server-to-server credential of the Adobe Developer Console.
///
/// ```no_run
/// use letterhead::campaign_standard::{Client, ServerToServer};
///
/// # fn main() -> Result<(), letterhead::Error> {
/// # let (id, secret) = ("", "");
/// let credential = ServerToServer::new(id, secret).credential()?;
/// let campaign = Client::builder("acme").credential(credential).build()?;
/// # Ok(()) }
/// ```
///
/// Source: <https://developer.adobe.com/developer-console/docs/guides/authentication/ServerToServerAuthentication/>.
#[derive(Clone)]
#[must_use]
pub struct ServerToServer {
    client_id: String,
    client_secret: Secret,
    scopes: Vec<String>,
    authority: String,
}

impl ServerToServer {
    /// The credential's client id, which is the API key as well, and its secret.
    pub fn new(client_id: impl Into<String>, client_secret: impl Into<Secret>) -> Self {
        Self {
            client_id: client_id.into(),
            client_secret: client_secret.into(),
            scopes: SCOPES.map(str::to_owned).to_vec(),
            authority: AUTHORITY.to_owned(),
        }
    }

    /// Asks for these scopes instead of the least that Campaign Standard needs.
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// Signs in at `url` instead of Adobe's identity service: a proxy, or a sandbox on loopback.
    pub fn authority(mut self, url: impl Into<String>) -> Self {
        self.authority = url.into();
        self
    }

    /// The credential, whose tokens are replaced before they end.
    ///
    /// # Errors
    /// A client id, a secret, a scope or an authority that can't be right.
    pub fn credential(self) -> Result<Credential, Error> {
        let key = (API_KEY, Secret::from(self.client_id.as_str()));
        Ok(Credential(Source::tokens(TokenCache::new(self.ims()?, Some(key)), None)))
    }

    /// What [`credential`](Self::credential) gets its tokens from, to be wrapped: the wrapper goes to
    /// [`Credential::from_tokens`], together with the client id.
    ///
    /// # Errors
    /// As `credential`.
    pub fn source(self) -> Result<impl TokenSource, Error> {
        self.ims()
    }

    fn ims(self) -> Result<Ims, Error> {
        let path = ["ims", "token", "v3"];
        let token_url =
            token_endpoint(&self.client_id, &self.client_secret, &self.authority, &path)?;
        let is_scope = |scope: &String| !scope.is_empty() && !scope.contains([',', ' ']);
        if self.scopes.is_empty() || !self.scopes.iter().all(is_scope) {
            return Err(Error::configuration(
                "the scopes have to be at least one, each a word of its own",
            ));
        }
        Ok(Ims {
            token_url,
            client_id: self.client_id.into(),
            client_secret: self.client_secret,
            scope: self.scopes.join(","),
        })
    }
}

impl fmt::Debug for ServerToServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The authority isn't checked yet, and people put passwords into URLs. The client id is the API
        // key, or the secret where somebody has swapped the two.
        f.debug_struct("ServerToServer").field("scopes", &self.scopes).finish_non_exhaustive()
    }
}

impl Credential {
    /// The credential that the environment holds, under the names of Adobe's own tools: either
    /// `IMS_OAUTH_S2S_CLIENT_ID` and `IMS_OAUTH_S2S_CLIENT_SECRET`, with `IMS_OAUTH_S2S_SCOPES` (a JSON
    /// array, or a list with commas) and `IMS_OAUTH_S2S_AUTHORITY` (a URL to sign in at) where they are set; or `CAMPAIGN_STANDARD_ACCESS_TOKEN` and
    /// `CAMPAIGN_STANDARD_API_KEY`.
    ///
    /// # Errors
    /// A variable that is missing or can't be right, or both kinds at once.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_environment(&Environment::new(&process))
    }

    pub(super) fn from_environment(environment: &Environment<'_>) -> Result<Self, Error> {
        let token = environment.get("CAMPAIGN_STANDARD_ACCESS_TOKEN");
        match (token, environment.get("IMS_OAUTH_S2S_CLIENT_ID")) {
            (Some(_), Some(_)) => Err(Error::configuration(
                "the environment has both `CAMPAIGN_STANDARD_ACCESS_TOKEN` and \
                 `IMS_OAUTH_S2S_CLIENT_ID`; unset one of them",
            )),
            (Some(token), None) => {
                Self::new(&token, &environment.require("CAMPAIGN_STANDARD_API_KEY")?)
            }
            (None, None) => Err(Error::configuration(
                "neither `IMS_OAUTH_S2S_CLIENT_ID` nor `CAMPAIGN_STANDARD_ACCESS_TOKEN` is set in the \
                 environment",
            )),
            (None, Some(id)) => {
                let secret = environment.require("IMS_OAUTH_S2S_CLIENT_SECRET")?;
                let mut app = ServerToServer::new(id, secret);
                if let Some(text) = environment.get("IMS_OAUTH_S2S_SCOPES") {
                    let listed = || text.split(',').map(|scope| scope.trim().to_owned()).collect();
                    app.scopes = serde_json::from_str(&text).unwrap_or_else(|_| listed());
                }
                let name = "IMS_OAUTH_S2S_AUTHORITY";
                if let Some(url) = environment.checked(name, check_authority)? {
                    app.authority = url;
                }
                app.credential()
            }
        }
    }
}

/// Gets tokens from Adobe's identity service.
struct Ims {
    token_url: Url,
    /// The API key.
    client_id: Secret,
    client_secret: Secret,
    scope: String,
}

impl fmt::Debug for Ims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ims")
            .field("token_url", &self.token_url.as_str())
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

impl TokenSource for Ims {
    fn fetch<'a>(
        &'a self,
        http: &'a reqwest::Client,
    ) -> BoxFuture<'a, Result<AccessToken, Box<dyn StdError + Send + Sync>>> {
        Box::pin(async move {
            let grant = Grant {
                provider: "Adobe IMS",
                url: &self.token_url,
                template: "/ims/token/v3",
                form: &[
                    ("grant_type", "client_credentials"),
                    ("client_id", self.client_id.expose()),
                    ("client_secret", self.client_secret.expose()),
                    ("scope", &self.scope),
                ],
                secrets: vec![&self.client_id, &self.client_secret],
                basic: None,
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
            Some("look at the client id and the secret in the Adobe Developer Console"),
        )
    } else if error.has(&["invalid_scope"]) {
        (
            Category::InvalidRequest,
            Some("look at the scopes; the Adobe Developer Console shows those of the credential"),
        )
    } else {
        (error.status.into(), None)
    };
    ErrorBody { codes: error.codes.clone(), message: error.message.clone(), category, hint }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(variables: &[(&str, &str)]) -> Result<String, String> {
        let read = |name: &str| {
            let found = variables.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Credential::from_environment(&Environment::new(&read))
            .map(|credential| format!("{credential:?}"))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn the_environment_holds_one_kind() {
        let id = ("IMS_OAUTH_S2S_CLIENT_ID", "id");
        let secret = ("IMS_OAUTH_S2S_CLIENT_SECRET", "hush");
        let token = ("CAMPAIGN_STANDARD_ACCESS_TOKEN", "hush");
        let key = ("CAMPAIGN_STANDARD_API_KEY", "key");
        assert!(from(&[id, secret]).unwrap().contains("campaign_sdk"));
        for scopes in [r#"["a","b"]"#, "a, b"] {
            let found = from(&[id, secret, ("IMS_OAUTH_S2S_SCOPES", scopes)]).unwrap();
            assert!(found.contains(r#"scope: "a,b""#), "{found}");
            assert!(!found.contains("hush"), "{found}");
        }
        assert!(from(&[token, key]).unwrap().contains("[redacted]"));
        for (variables, expected) in [
            (vec![], "neither `IMS_OAUTH_S2S_CLIENT_ID`"),
            (vec![id], "`IMS_OAUTH_S2S_CLIENT_SECRET` is not set"),
            (vec![token], "`CAMPAIGN_STANDARD_API_KEY` is not set"),
            (vec![id, secret, token], "unset one of them"),
            (vec![id, secret, ("IMS_OAUTH_S2S_SCOPES", "a b")], "each a word of its own"),
            (
                vec![id, secret, ("IMS_OAUTH_S2S_AUTHORITY", "ims")],
                "variable `IMS_OAUTH_S2S_AUTHORITY`: the authority isn't a URL",
            ),
        ] {
            let error = from(&variables).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }
}
