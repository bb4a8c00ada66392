//! Cloudflare: organizations, their profiles, accounts and members.
//!
//! Source: <https://developers.cloudflare.com/api/resources/organizations/>.
//!
//! ```no_run
//! use letterhead::cloudflare::{Client, Credential};
//!
//! # async fn run(email: &str, key: &str, id: &str) -> Result<(), letterhead::Error> {
//! let cloudflare = Client::builder().credential(Credential::api_key(email, key)?).build()?;
//! let reply = cloudflare.get_organization_profile().organization_id(id).send().await?;
//! let mut profile = reply.into_inner().result.unwrap_or_default();
//! profile.business_phone = Some("+1 425 555 0100".into());
//! cloudflare.modify_organization_profile().organization_id(id).body(profile).send().await?;
//! # Ok(()) }
//! ```

use std::num::NonZeroU32;
use std::time::Duration;

use http::{HeaderMap, HeaderName, StatusCode};
use serde::Deserialize;
use serde_json::Value;

use crate::credential::{Headers, Part, Source};
use crate::environment::{Environment, process};
use crate::error::{Category, Failure};
use crate::layer::{ClientBuilder, Io, Layer, Options, Vendor};
use crate::paging::listing;
use crate::{Error, RateLimit, Replaced, Reply, Resource, layer};

#[allow(
    dead_code,
    missing_docs,
    clippy::pedantic,
    rustdoc::broken_intra_doc_links
)]
mod generated {
    use super::Client;

    include!(concat!(env!("OUT_DIR"), "/cloudflare.rs"));
}
pub use generated::{builder, types};

/// The base URL of Cloudflare's API.
pub const BASE_URL: &str = "https://api.cloudflare.com/client/v4";

/// Cloudflare's published quota for [`ClientBuilder::rate_limit`]: 1200 exchanges in five minutes for
/// each user or account token, of which 200 may start at once.
///
/// The quota is shared with the dashboard and other programs of the same user; the client heeds what
/// `Ratelimit` says is left.
///
/// Source: <https://developers.cloudflare.com/fundamentals/api/reference/limits/>.
pub const QUOTA: RateLimit = match (NonZeroU32::new(1000), NonZeroU32::new(200)) {
    (Some(even), Some(burst)) => RateLimit::new(even, Duration::from_secs(300)).burst(burst),
    _ => unreachable!(),
};

static VENDOR: Vendor = Vendor {
    name: "Cloudflare",
    root: "/organizations",
    request_id: None,
    correlation_id: None,
    trace_id: HeaderName::from_static("cf-ray"),
    failure,
    refused,
    // Whoever exceeds the quota is shut out for the next five minutes; the edge says so in HTML.
    throttled_for: Some(Duration::from_secs(300)),
};

/// The Cloudflare client: a method per operation.
#[derive(Clone, Debug)]
pub struct Client(Layer);

/// What Cloudflare is shown: an API token, or an e-mail address and the account's global key.
///
/// Never both: which of them the server would then take is not documented.
#[derive(Clone, Debug)]
pub struct Credential(Source);

impl Client {
    /// Sets up a client.
    pub fn builder() -> ClientBuilder<Self> {
        ClientBuilder::new(&VENDOR, BASE_URL)
    }

    /// An organization's profile, to read it or to change it with everything else that it holds.
    ///
    /// It has no ETag: what someone else writes between the read and the write is overwritten, and
    /// nobody is told. An organization without a profile is answered with 404.
    pub fn organization_profile(
        &self,
        organization_id: impl Into<String>,
    ) -> Resource<OrganizationProfile<'_>> {
        Resource::new(OrganizationProfile {
            client: self,
            organization_id: organization_id.into(),
        })
    }
}

/// See [`Client::organization_profile`].
#[derive(Clone, Debug)]
pub struct OrganizationProfile<'a> {
    client: &'a Client,
    organization_id: String,
}

impl Replaced for OrganizationProfile<'_> {
    type Value = types::OrganizationProfile;

    fn io(&self) -> &Io {
        self.client.0.io()
    }

    async fn read(&self, options: Options) -> Result<Reply<Self::Value>, Error> {
        let call = self.client.get_organization_profile();
        let reply = call
            .organization_id(&self.organization_id)
            .options(options)
            .send()
            .await?;
        Ok(reply.map(|envelope| envelope.result.unwrap_or_default()))
    }

    async fn write(
        &self,
        value: Self::Value,
        options: Options,
    ) -> Result<Reply<Self::Value>, Error> {
        let call = self
            .client
            .modify_organization_profile()
            .organization_id(&self.organization_id);
        let reply = call.body(value.clone()).options(options).send().await?;
        Ok(reply.map(|()| value))
    }
}

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
        let email = Part {
            is_secret: false,
            ..Part::key("x-auth-email", email)
        };
        if ["cfut_", "cfat_"]
            .iter()
            .any(|prefix| key.starts_with(prefix))
        {
            return Err(Error::configuration(
                "that is an API token and no global key; give it to `Credential::api_token`",
            ));
        }
        Ok(Self(
            Headers::new(&[email, Part::key("x-auth-key", key)])?.into(),
        ))
    }

    /// The credential that the environment holds, under the names of Cloudflare's own clients: either
    /// `CLOUDFLARE_API_TOKEN`, or `CLOUDFLARE_EMAIL` and `CLOUDFLARE_API_KEY`.
    ///
    /// # Errors
    /// A variable that is missing or can't be right, or both kinds at once.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_environment(&Environment::new(&process))
    }

    fn from_environment(environment: &Environment<'_>) -> Result<Self, Error> {
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

layer::service!();

/// Pages that name the token of the next one. What they say of the total isn't relied on: the tokens end
/// by themselves.
macro_rules! by_token {
    ($list:ident, $page:ident { result: $item:ident }) => {
        listing!(
            $list,
            $page { result: $item },
            |call, token| call.page_token(token).send(),
            |page| {
                let info = page.result_info.as_ref();
                let token = info.and_then(|info| info.next_page_token.clone());
                token.filter(|token| !token.is_empty())
            }
        );
    };
}

by_token!(
    ListOrganizations,
    OrganizationPage {
        result: Organization
    }
);
by_token!(ListOrganizationAccounts, AccountPage { result: Account });
by_token!(ListOrganizationMembers, MemberPage { result: Member });

impl types::AccountMoves {
    /// What became of each account, be it a list or one object.
    #[must_use]
    pub fn each(&self) -> &[types::AccountMoveStatus] {
        match &self.statuses {
            Some(types::AccountMovesStatuses::Array(all)) => all,
            Some(types::AccountMovesStatuses::AccountMoveStatus(only)) => {
                std::slice::from_ref(only)
            }
            None => &[],
        }
    }
}

/// Reads the envelope's `errors`, each with the chain of its causes.
///
/// Source: <https://developers.cloudflare.com/fundamentals/api/troubleshooting/>.
fn failure(status: StatusCode, _: &HeaderMap, body: &[u8]) -> Failure {
    let Some(body) = layer::json_object(body) else {
        return Failure::unread(status);
    };
    let (mut codes, mut messages) = (Vec::new(), Vec::new());
    let errors = body.get("errors").and_then(Value::as_array);
    for error in errors.into_iter().flatten() {
        let chain = error.get("error_chain").and_then(Value::as_array);
        for entry in std::iter::once(error).chain(chain.into_iter().flatten()) {
            codes.extend(entry.get("code").and_then(layer::text_of));
            messages.extend(entry.get("message").and_then(layer::text_of));
        }
    }
    let outermost = codes.first().map(String::as_str);
    let category = match (status.as_u16(), outermost) {
        // No credential, an unknown one, one that can't be read: sent as a bad request.
        (200 | 400 | 403, Some("6003" | "9103" | "9106")) | (200 | 400, Some("10000")) => {
            Category::Unauthorized
        }
        // A token of a kind that the endpoint doesn't take.
        (400, Some("1001")) => Category::Forbidden,
        (200 | 400, Some("7000" | "7003")) => Category::NotFound,
        (200, _) => Category::InvalidRequest,
        _ => status.into(),
    };
    Failure {
        codes,
        message: (!messages.is_empty()).then(|| messages.join("; ")),
        category,
        hint: None,
    }
}

/// Whether a 200 carries `success: false`.
fn refused(body: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Envelope {
        success: Option<bool>,
    }
    !body.is_empty()
        && serde_json::from_slice::<Envelope>(body)
            .is_ok_and(|envelope| envelope.success == Some(false))
}
