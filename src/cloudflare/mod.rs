//! Cloudflare: organizations and what belongs to them.
//!
//! Source: <https://developers.cloudflare.com/api/resources/organizations/>.
//!
//! ```no_run
//! use letterhead::cloudflare::{Client, Credential};
//!
//! # async fn run(email: &str, key: &str, id: &str) -> Result<(), letterhead::Error> {
//! let cloudflare = Client::builder().credential(Credential::api_key(email, key)?).build()?;
//! let mut below = cloudflare.list_organizations().parent_id(id).items();
//! while let Some(organization) = below.next().await {
//!     let id = organization?.id.unwrap_or_default();
//!     let profile = cloudflare.organization_profile(id);
//!     profile.update(|profile| profile.business_phone = Some("+1 425 555 0100".into())).await?;
//! }
//! # Ok(()) }
//! ```

mod lists;
mod profiles;
mod sign_in;
mod text;

use std::num::NonZeroU32;
use std::time::Duration;

use http::{HeaderMap, Method, StatusCode};
use serde::Deserialize;
use serde_json::Value;

use crate::credential::Source;
use crate::environment::{Environment, process};
use crate::error::{Category, ErrorBody};
use crate::layer::{Behaviour, ClientBuilder, Layer, Vendor};
use crate::{Error, RateLimit, layer};

#[allow(dead_code, missing_docs, clippy::pedantic)]
mod generated {
    use super::Client;

    include!(concat!(env!("OUT_DIR"), "/cloudflare.rs"));
}
pub use generated::{builder, types};
pub use profiles::{AccountProfile, OrganizationProfile};

/// The base URL of Cloudflare's API.
pub const BASE_URL: &str = letterhead_spec::CLOUDFLARE.clouds[0].base_url;

/// Cloudflare's published quota for [`ClientBuilder::rate_limit`]: 1200 requests in five minutes for
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

static VENDOR: Vendor = Vendor::new(
    &letterhead_spec::CLOUDFLARE,
    Behaviour {
        root: "/organizations",
        error_body,
        is_error,
        // Whoever exceeds the quota is refused for the next five minutes; the edge says so in HTML.
        throttled_for: Some(Duration::from_secs(300)),
        lists: lists::JSON,
    },
);

/// The Cloudflare client: a method per operation.
///
/// Cloning is cheap: clones share connections, retry budget, rate limit and access tokens. A call has a
/// clone of its own, so that it can be spawned.
#[derive(Clone, Debug)]
pub struct Client(Layer);

/// What Cloudflare is shown: an API token, or an e-mail address and the account's global key.
///
/// Never both: which of them the server would then take is not documented.
#[derive(Clone, Debug)]
pub struct Credential(Source);

impl Client {
    /// Sets up a client with what the environment holds: the [credential](Credential::from_env), and the base
    /// URL in `CLOUDFLARE_BASE_URL` where that is set.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), letterhead::Error> {
    /// let cloudflare = letterhead::cloudflare::Client::builder_from_env()?.build()?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// A variable that is missing or can't be right.
    pub fn builder_from_env() -> Result<ClientBuilder<Self>, Error> {
        let environment = Environment::new(&process);
        let builder = Self::builder().at_variable(&environment)?;
        Ok(builder.credential(Credential::from_environment(&environment)?))
    }

    /// Sets up a client.
    pub fn builder() -> ClientBuilder<Self> {
        ClientBuilder::new(&VENDOR, BASE_URL)
    }
}

layer::client!();

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
fn error_body(status: StatusCode, _: &HeaderMap, body: &[u8]) -> ErrorBody {
    let Some(body) = layer::json_object(body) else {
        return ErrorBody::unread(status);
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
    let is_throttled = codes.iter().any(|code| ["971", "10429"].contains(&code.as_str()));
    let category = match (status.as_u16(), outermost) {
        // Too many requests, whatever the status is.
        _ if is_throttled => Category::Throttled,
        // No credential, an unknown one, one that can't be read: sent as a bad request.
        (200 | 400 | 403, Some("6003" | "9103" | "9106")) | (200 | 400, Some("10000")) => {
            Category::Unauthorized
        }
        // A token of a kind that the endpoint doesn't take.
        (400, Some("1001")) => Category::Forbidden,
        (200 | 400, Some("7000" | "7003")) => Category::NotFound,
        (200, _) if body.get("success") == Some(&Value::Bool(false)) => Category::InvalidRequest,
        _ => status.into(),
    };
    ErrorBody {
        codes,
        message: (!messages.is_empty()).then(|| messages.join("; ")),
        category,
        hint: None,
    }
}

/// Whether a 200 carries `success: false`, or is an error to a write without saying so there.
fn is_error(method: &Method, body: &[u8]) -> bool {
    match success_of(body) {
        Some(success) => !success,
        None if method.is_safe() => false,
        None => layer::json_object(body).is_some_and(|body| {
            let is_empty = |value: &Value| value.as_array().map_or(value.is_null(), Vec::is_empty);
            let holds = |name: &str| body.get(name).is_some_and(|value| !is_empty(value));
            holds("error") || holds("errors")
        }),
    }
}

/// What an envelope says of its call.
fn success_of(body: &[u8]) -> Option<bool> {
    #[derive(Deserialize)]
    struct Envelope {
        success: Option<bool>,
    }
    if body.is_empty() {
        return None;
    }
    serde_json::from_slice::<Envelope>(body).ok()?.success
}
