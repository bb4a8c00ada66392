//! Adobe Campaign Standard: profiles, the units they are assigned to, the services they subscribe to.
//!
//! Source: <https://experienceleague.adobe.com/docs/campaign-standard/using/working-with-apis/get-started-apis.html>.
//!
//! ```no_run
//! use letterhead::campaign_standard::{Client, Credential};
//!
//! # async fn run(token: &str, key: &str, profile: &str) -> Result<(), Box<dyn std::error::Error>> {
//! let campaign = Client::builder("acme").credential(Credential::new(token, key)?).build()?;
//! let found = campaign.find_organizational_unit("brand4").await?;
//! let unit = found.as_ref().ok_or("no such unit")?;
//! println!("{:?}", unit.label);
//! campaign.assign_profile(profile, "brand4").await?;
//! # Ok(()) }
//! ```
//!
//! Who subscribes to a service, and how many profiles there are. Keys are given as they came: the client
//! percent-encodes them.
//!
//! ```no_run
//! # async fn run(campaign: letterhead::campaign_standard::Client) -> Result<(), letterhead::Error> {
//! let services = campaign.list_services_by_text().text("Contoso").send().await?;
//! for key in services.content.iter().filter_map(|service| service.p_key.as_deref()) {
//!     let mut subscribers = campaign.list_subscribers().service(key).items();
//!     while let Some(profile) = subscribers.next().await {
//!         println!("{:?}", profile?.email);
//!     }
//! }
//!
//! let page = campaign.list_profiles().send().await?;
//! if let Some(all) = campaign.count(&page).await? {
//!     println!("{} profiles", all.count);
//! }
//! # Ok(()) }
//! ```

mod links;
mod metadata;
mod sign_in;
mod time;
mod units;

use http::{HeaderMap, StatusCode};

use crate::auth_headers::{Headers, Part};
use crate::credential::Source;
use crate::environment::{Environment, process};
use crate::error::{Category, ErrorBody};
use crate::layer::{Behaviour, ClientBuilder, Layer, Vendor};
use crate::oauth::{Foreign, TokenCache};
use crate::{Error, TokenSource, layer};

#[allow(dead_code, missing_docs, clippy::pedantic)]
mod generated {
    use super::Client;

    include!(concat!(env!("OUT_DIR"), "/campaign-standard.rs"));
}
pub use generated::{builder, types};
pub use links::{Count, CountEntries, NextPage, Page};
pub use metadata::ListFilters;
pub use sign_in::ServerToServer;
pub use time::{date, timestamp};
pub use units::{AssignProfile, FindOrganizationalUnit};

/// The gateway that every instance is reached through.
pub const BASE_URL: &str = letterhead_spec::CAMPAIGN_STANDARD.clouds[0].base_url;

/// The header of the API key, which goes beside the token.
const API_KEY: &letterhead_spec::CredentialHeader =
    &letterhead_spec::CAMPAIGN_STANDARD.credentials[0].headers[1];

static VENDOR: Vendor = Vendor::new(
    &letterhead_spec::CAMPAIGN_STANDARD,
    Behaviour {
        root: "/campaign",
        error_body,
        is_error: |_, _| false,
        throttled_for: None,
        lists: links::JSON,
    },
);

/// The Campaign Standard client for one instance: a method per operation.
///
/// Cloning is cheap: clones share connections, retry budget, rate limit and access tokens. A call has a
/// clone of its own, so that it can be spawned.
#[derive(Clone, Debug)]
pub struct Client(Layer);

/// What Campaign Standard is shown: an access token and the API key (client id) it was issued for,
/// always both. [`ServerToServer`] makes one whose tokens are replaced before they end.
#[derive(Clone, Debug)]
pub struct Credential(Source);

/// A reference holds nothing but a key.
macro_rules! reference {
    ($reference:ident, $doc:literal) => {
        impl From<String> for types::$reference {
            #[doc = $doc]
            fn from(key: String) -> Self {
                Self { p_key: key, extra: crate::JsonObject::default() }
            }
        }

        impl From<&str> for types::$reference {
            #[doc = $doc]
            fn from(key: &str) -> Self {
                key.to_owned().into()
            }
        }
    };
}

reference!(
    OrganizationalUnitReference,
    "The unit with this key, freshly read from the list: keys change."
);
reference!(ResourceReference, "The resource with this key, freshly read: keys change.");

impl Client {
    /// Sets up a client with what the environment holds: the organization in `CAMPAIGN_STANDARD_ORGANIZATION`, the
    /// [credential](Credential::from_env), and the base URL in `CAMPAIGN_STANDARD_BASE_URL` where that is set.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), letterhead::Error> {
    /// let campaign = letterhead::campaign_standard::Client::builder_from_env()?.build()?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// A variable that is missing or can't be right.
    pub fn builder_from_env() -> Result<ClientBuilder<Self>, Error> {
        let environment = Environment::new(&process);
        let organization = environment.require("CAMPAIGN_STANDARD_ORGANIZATION")?;
        let builder = Self::builder(organization).at_variable(&environment)?;
        Ok(builder.credential(Credential::from_environment(&environment)?))
    }

    /// Sets up a client for `organization`, the tenant id of one instance: `acme`, or
    /// `acme-mkt-stage` for its stage. It is not the `…@AdobeOrg` id.
    ///
    /// The organization becomes part of the path, below [`BASE_URL`] or the base URL that is set.
    pub fn builder(organization: impl Into<String>) -> ClientBuilder<Self> {
        ClientBuilder::new(&VENDOR, BASE_URL).below([organization.into(), "campaign".to_owned()])
    }
}

impl Credential {
    /// An access token of Adobe's identity service, sent as `Authorization: Bearer`, and the API key,
    /// sent as `X-Api-Key`.
    ///
    /// # Errors
    /// A token or a key that a header can't carry.
    pub fn new(access_token: &str, api_key: &str) -> Result<Self, Error> {
        let parts = [Part::bearer(access_token), Part::of(API_KEY, api_key)];
        let headers = Headers::new(&parts)?;
        Ok(Self(headers.into()))
    }

    /// Tokens from a source of the caller's own, and the API key that they are issued for.
    ///
    /// # Errors
    /// A key that a header can't carry.
    pub fn from_tokens(source: impl TokenSource, api_key: &str) -> Result<Self, Error> {
        Headers::new(&[Part::of(API_KEY, api_key)])?;
        let cache = TokenCache::new(Foreign(source), Some((API_KEY, api_key.into())));
        Ok(Self(Source::tokens(cache, None)))
    }
}

layer::client!();

/// Reads the gateway's `{error_code, message}` and `{code, message}`, and the instance's text, in
/// whatever it comes wrapped.
fn error_body(status: StatusCode, _: &HeaderMap, body: &[u8]) -> ErrorBody {
    let text = String::from_utf8_lossy(body);
    let (code, message) = if let Some(body) = layer::json_object(body) {
        let text = |name: &str| body.get(name).and_then(layer::text_of);
        let names = ["message", "detail", "title", "error"];
        let code = text("error_code").or_else(|| text("code"));
        (code, names.into_iter().find_map(text))
    } else if let Ok(text) = serde_json::from_slice::<String>(body) {
        (None, Some(text))
    } else {
        // The instance writes plain text; a page of HTML is a proxy's and says nothing.
        let is_instances = is_instance_error(&text) && !text.contains("<html");
        (None, is_instances.then(|| text.trim().to_owned()))
    };
    let category = match (status.as_u16(), code.as_deref()) {
        // Token or key missing or invalid: 403 to the gateway, whatever is wrong with them.
        (_, Some("401010" | "401013" | "403000" | "403003" | "403010")) => Category::Unauthorized,
        // An unknown instance or URI, whatever the status says.
        (500 | 502, _) if message.as_deref().is_some_and(|said| said.starts_with("Oops.")) => {
            Category::InvalidRequest
        }
        // The instance's database failed, whichever codes of the instance it is wrapped in. A key that is
        // there already is the request's fault.
        (500, _) if has_code(&text, "PGS-") && !text.contains("duplicate key") => Category::Server,
        // The instance says 500 to malformed keys, bad enum values and read-only members.
        (500, _) if is_instance_error(&text) => Category::InvalidRequest,
        _ => status.into(),
    };
    let is_lost = |said: &str| said.starts_with("Oops.");
    let hint = if code.as_deref() == Some("403023") {
        Some("the token isn't for this instance; look at the organization and the product profile")
    } else if message.as_deref().is_some_and(is_lost) {
        Some("look at the organization, which is the tenant id of one instance")
    } else {
        None
    };
    ErrorBody { codes: code.into_iter().collect(), message, category, hint }
}

/// Whether a text has one of the instance's own codes: `RST-360011`, `XTK-170036`, `PGS-220000`.
fn is_instance_error(text: &str) -> bool {
    ["RST-", "XTK-", "PGS-"].iter().any(|prefix| has_code(text, prefix))
}

fn has_code(text: &str, prefix: &str) -> bool {
    text.match_indices(prefix).any(|(at, _)| {
        let number = &text[at + prefix.len()..];
        number.starts_with(|c: char| c.is_ascii_digit())
    })
}
