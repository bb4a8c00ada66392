//! Signing in to Partner Center through Microsoft Entra.

use std::fmt;

use uuid::Uuid;

use super::entra::{App, Entra, Flow};
use super::{Cloud, Credential};
use crate::bad_character::bad_character;
use crate::credential::Source;
use crate::environment::{Environment, process};
use crate::oauth::{RefreshToken, TokenCache, check_authority, token_endpoint};
use crate::{Error, FileStore, RefreshTokenStore, Secret, TokenSource};

/// The longest name of a domain.
const LONGEST_DOMAIN: usize = 253;

/// An application that is registered with Microsoft Entra, which signs in to Partner Center.
///
/// ```no_run
/// use letterhead::FileStore;
/// use letterhead::partner_center::{Client, EntraApp};
///
/// # fn main() -> Result<(), letterhead::Error> {
/// # let (tenant, id, secret) = ("contoso.example", "", "");
/// let app = EntraApp::new(tenant, id, secret);
/// // As the application itself: customers can be read, and little more.
/// let reader = Client::builder().credential(app.clone().app_only()?).build()?;
/// // As a person who has signed in with multi-factor authentication and consented once.
/// let user = app.app_and_user(FileStore::new("/var/lib/service/refresh-token"))?;
/// let partner = Client::builder().credential(user).build()?;
/// # Ok(()) }
/// ```
///
/// Source: <https://learn.microsoft.com/partner-center/developer/partner-center-authentication>.
#[derive(Clone)]
#[must_use]
pub struct EntraApp {
    tenant: String,
    client_id: String,
    client_secret: Secret,
    cloud: Cloud,
    authority: Option<String>,
    audience: Option<String>,
}

impl EntraApp {
    /// The application `client_id` of the partner's own `tenant`, which is called by its id or by one
    /// of its domains.
    pub fn new(
        tenant: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<Secret>,
    ) -> Self {
        Self {
            tenant: tenant.into(),
            client_id: client_id.into(),
            client_secret: client_secret.into(),
            cloud: Cloud::Global,
            authority: None,
            audience: None,
        }
    }

    /// The cloud to sign in to: the global one unless set here.
    pub fn cloud(mut self, cloud: Cloud) -> Self {
        self.cloud = cloud;
        self
    }

    /// Signs in at `url` instead of the cloud's own authority: a proxy, or a sandbox on loopback.
    pub fn authority(mut self, url: impl Into<String>) -> Self {
        self.authority = Some(url.into());
        self
    }

    /// Asks for tokens for `audience` instead of the cloud's own.
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audience = Some(audience.into());
        self
    }

    /// The application that the environment names, in `cloud`: `AZURE_TENANT_ID`, `AZURE_CLIENT_ID` and
    /// `AZURE_CLIENT_SECRET`, and `AZURE_AUTHORITY_HOST` where it is set. See [`Credential::from_env`].
    ///
    /// # Errors
    /// A variable that is missing or can't be right.
    pub fn from_env(cloud: Cloud) -> Result<Self, Error> {
        Self::from_environment(cloud, &Environment::new(&process))
    }

    fn from_environment(cloud: Cloud, environment: &Environment<'_>) -> Result<Self, Error> {
        let app = Self::new(
            environment.require("AZURE_TENANT_ID")?,
            environment.require("AZURE_CLIENT_ID")?,
            environment.require("AZURE_CLIENT_SECRET")?,
        );
        let authority = environment.checked("AZURE_AUTHORITY_HOST", check_authority)?;
        Ok(Self { cloud, authority, ..app })
    }

    /// Signs in as the application itself.
    ///
    /// Partner Center lets it read customers, and refuses the rest with 403 and the code 900329.
    ///
    /// # Errors
    /// A tenant, a client id, a secret or an authority that can't be right.
    pub fn app_only(self) -> Result<Credential, Error> {
        self.credential(Flow::AppOnly)
    }

    /// Signs in as a person who has consented once, through the refresh token in `store`: the secure
    /// application model.
    ///
    /// Each redemption yields a replacement, which goes back into the store; see [`RefreshTokenStore`].
    /// Where it can't be written, that is logged as an error and the replacement is kept in memory for the
    /// next redemption. A token that is refused is redeemed less and less often, until the store holds
    /// another one.
    ///
    /// # Errors
    /// A tenant, a client id, a secret or an authority that can't be right.
    pub fn app_and_user(self, store: impl RefreshTokenStore) -> Result<Credential, Error> {
        self.credential(Flow::AppAndUser(RefreshToken::new(store)))
    }

    /// What [`app_only`](Self::app_only) gets its tokens from, to be wrapped: the wrapper goes to
    /// [`Credential::from_tokens`], which isn't bound to a cloud.
    ///
    /// # Errors
    /// As `app_only`.
    pub fn app_only_source(self) -> Result<impl TokenSource, Error> {
        self.source(Flow::AppOnly)
    }

    /// What [`app_and_user`](Self::app_and_user) gets its tokens from, to be wrapped: the wrapper goes to
    /// [`Credential::from_tokens`], which isn't bound to a cloud.
    ///
    /// # Errors
    /// As `app_and_user`.
    pub fn app_and_user_source(
        self,
        store: impl RefreshTokenStore,
    ) -> Result<impl TokenSource, Error> {
        self.source(Flow::AppAndUser(RefreshToken::new(store)))
    }

    fn credential(self, flow: Flow) -> Result<Credential, Error> {
        let cloud = self.cloud.name();
        let cache = TokenCache::new(self.source(flow)?, None);
        Ok(Credential(Source::tokens(cache, Some(cloud))))
    }

    fn source(self, flow: Flow) -> Result<Entra, Error> {
        let is_for_person = matches!(flow, Flow::AppAndUser(_));
        Ok(Entra::new(self.app(is_for_person)?, flow))
    }

    /// What asks for tokens, as the application itself or for a person.
    pub(super) fn app(self, is_for_person: bool) -> Result<App, Error> {
        check_tenant(&self.tenant)?;
        let authority = self.authority.as_deref();
        let authority = authority.unwrap_or_else(|| self.cloud.authority());
        let path = [&self.tenant, "oauth2", "v2.0", "token"];
        let token_url = token_endpoint(&self.client_id, &self.client_secret, authority, &path)?;
        let audience = self.audience.as_deref();
        let audience = audience.unwrap_or_else(|| self.cloud.base_url());
        let mut scope = format!("{}/.default", audience.trim_end_matches('/'));
        if is_for_person {
            scope.push_str(" offline_access openid");
        }
        Ok(App { token_url, client_id: self.client_id, client_secret: self.client_secret, scope })
    }
}

/// # Errors
/// What can't be a tenant. It isn't shown: it may be the secret, in the wrong place.
fn check_tenant(tenant: &str) -> Result<(), Error> {
    if ["common", "consumers", "organizations"].contains(&tenant) {
        return Err(Error::configuration(format!(
            "`{tenant}` stands for any tenant; give the partner's own, by its id or one of its domains"
        )));
    }
    let fault = match bad_character(tenant, |c| c.is_ascii_alphanumeric() || "-.".contains(c)) {
        Some(what) => format!("has {what}"),
        None if tenant.is_empty() => "is empty".to_owned(),
        None if tenant.len() > LONGEST_DOMAIN => format!("has {} characters", tenant.len()),
        None if tenant.contains('.') || Uuid::try_parse(tenant).is_ok() => return Ok(()),
        None => "is neither an id nor a domain".to_owned(),
    };
    Err(Error::configuration(format!(
        "the tenant {fault}; give its id or one of its domains, then the client id, then the secret"
    )))
}

impl fmt::Debug for EntraApp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Nothing is checked yet: people put passwords into URLs, and swap arguments.
        f.debug_struct("EntraApp").field("cloud", &self.cloud).finish_non_exhaustive()
    }
}

impl Credential {
    /// Signs in to `cloud` with what the environment holds, under the names of Microsoft's own tools:
    /// `AZURE_TENANT_ID`, `AZURE_CLIENT_ID` and `AZURE_CLIENT_SECRET`, and `AZURE_AUTHORITY_HOST` where
    /// it is set.
    ///
    /// With `PARTNER_CENTER_REFRESH_TOKEN_FILE` it signs in as App+User with the refresh token in that
    /// file, else as the application itself.
    ///
    /// # Errors
    /// A variable that is missing or can't be right.
    pub fn from_env(cloud: Cloud) -> Result<Self, Error> {
        Self::from_environment(cloud, &Environment::new(&process))
    }

    pub(super) fn from_environment(
        cloud: Cloud,
        environment: &Environment<'_>,
    ) -> Result<Self, Error> {
        let app = EntraApp::from_environment(cloud, environment)?;
        match environment.get("PARTNER_CENTER_REFRESH_TOKEN_FILE") {
            Some(path) => app.app_and_user(FileStore::new(path)),
            None => app.app_only(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_right_is_refused_before_anything_is_sent() {
        let app = |tenant: &str, id: &str, secret: &str| EntraApp::new(tenant, id, secret);
        for (app, expected) in [
            (app("a/b", "id", "hush"), "the tenant has a character"),
            (app("", "id", "hush"), "the tenant is empty"),
            (app("hush~Q8", "id", "s"), "can't be there at byte 4 of 7"),
            (app("hush", "id", "s"), "neither an id nor a domain"),
            (app("common", "id", "hush"), "stands for any tenant"),
            (app("contoso.example", "", "hush"), "the client id is empty"),
            (app("contoso.example", "id", " "), "the client secret is empty"),
            (
                app("contoso.example", "id", "hush").authority("http://login.example"),
                "over `https` only",
            ),
            (app("contoso.example", "id", "hush").authority("login"), "isn't a URL"),
        ] {
            let error = app.app_only().unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
            assert!(!error.contains("hush"), "{error}");
        }
    }

    #[test]
    fn the_environment_chooses_the_flow() {
        let all = [
            ("AZURE_TENANT_ID", "contoso.example"),
            ("AZURE_CLIENT_ID", "id"),
            ("AZURE_CLIENT_SECRET", "hush"),
        ];
        let from = |variables: &[(&str, &str)]| {
            let read = |name: &str| {
                let found = variables.iter().find(|(key, _)| *key == name);
                found.map(|(_, value)| (*value).to_owned())
            };
            Credential::from_environment(Cloud::China, &Environment::new(&read))
        };
        let app_only = format!("{:?}", from(&all).unwrap());
        assert!(app_only.contains("partnercenterapi.microsoftonline.cn/.default\""), "{app_only}");
        assert!(app_only.contains("login.partner.microsoftonline.cn"), "{app_only}");
        assert!(!app_only.contains("hush"), "{app_only}");
        let mut with_file = all.to_vec();
        with_file.push(("PARTNER_CENTER_REFRESH_TOKEN_FILE", "/tmp/token"));
        let user = format!("{:?}", from(&with_file).unwrap());
        assert!(user.contains("offline_access"), "{user}");
        let mut elsewhere = all.to_vec();
        elsewhere.push(("AZURE_AUTHORITY_HOST", "http://login.example"));
        let error = from(&elsewhere).unwrap_err().to_string();
        assert!(error.contains("variable `AZURE_AUTHORITY_HOST`: the authority has"), "{error}");
        for missing in 0..all.len() {
            let mut some = all.to_vec();
            let (name, _) = some.remove(missing);
            let error = from(&some).unwrap_err().to_string();
            assert!(error.contains(&format!("`{name}` is not set")), "{error}");
        }
    }
}
