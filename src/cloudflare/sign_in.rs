//! What Cloudflare is shown.

use crate::Error;
use crate::auth_headers::{Headers, Part};
use crate::cloudflare::Credential;
use crate::environment::{Environment, process};

impl Credential {
    /// An API token, sent as `Authorization: Bearer`.
    ///
    /// Tokens work for only a part of the organization operations; where one gets a 403, try
    /// [`Credential::api_key`].
    ///
    /// # Errors
    /// A token that a header can't carry.
    pub fn api_token(token: &str) -> Result<Self, Error> {
        if token.starts_with("cfk_") {
            return Err(Error::configuration(
                "that is a global API key and no token; give it to `Credential::api_key`, with the \
                 e-mail address",
            ));
        }
        Ok(Self(Headers::new(&[Part::bearer(token)])?.into()))
    }

    /// An e-mail address and the account's global API key, sent as `X-Auth-Email` and `X-Auth-Key`.
    ///
    /// # Errors
    /// An address or a key that a header can't carry.
    pub fn api_key(email: &str, key: &str) -> Result<Self, Error> {
        if ["cfut_", "cfat_"].iter().any(|prefix| key.starts_with(prefix)) {
            return Err(Error::configuration(
                "that is an API token and no global key; give it to `Credential::api_token`",
            ));
        }
        let [email_header, key_header] = letterhead_spec::CLOUDFLARE.credentials[1].headers else {
            unreachable!("the table has both headers")
        };
        let parts = [Part::of(email_header, email), Part::of(key_header, key)];
        let headers = Headers::new(&parts)?;
        if !email.contains('@') {
            return Err(Error::configuration(
                "the e-mail address has no `@`; the address is the first argument, the key the second",
            ));
        }
        Ok(Self(headers.into()))
    }

    /// The credential that the environment holds, under the names of Cloudflare's own clients: either
    /// `CLOUDFLARE_API_TOKEN`, or `CLOUDFLARE_EMAIL` and `CLOUDFLARE_API_KEY`.
    ///
    /// # Errors
    /// A variable that is missing or can't be right, or both kinds at once.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_environment(&Environment::new(&process))
    }

    pub(super) fn from_environment(environment: &Environment<'_>) -> Result<Self, Error> {
        let token = environment.get("CLOUDFLARE_API_TOKEN");
        match (token, environment.get("CLOUDFLARE_API_KEY")) {
            (Some(_), Some(_)) => Err(Error::configuration(
                "the environment has both `CLOUDFLARE_API_TOKEN` and `CLOUDFLARE_API_KEY`, and which of \
                 them the server would take isn't documented; unset one of them",
            )),
            (Some(token), None) => Self::api_token(&token),
            (None, Some(key)) => Self::api_key(&environment.require("CLOUDFLARE_EMAIL")?, &key),
            (None, None) => Err(Error::configuration(
                "neither `CLOUDFLARE_API_TOKEN` nor `CLOUDFLARE_API_KEY` is set in the environment",
            )),
        }
    }
}
