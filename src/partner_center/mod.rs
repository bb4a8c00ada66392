//! Microsoft Partner Center: the partner's profiles, its customers, and their users, licences and roles.
//!
//! Source: <https://learn.microsoft.com/partner-center/developer/>.
//!
//! Change the company's phone number, and everything else that it has stays:
//!
//! ```no_run
//! use letterhead::partner_center::{Client, Cloud, Credential};
//!
//! # async fn run() -> Result<(), letterhead::Error> {
//! let credential = Credential::from_env(Cloud::Global)?;
//! let partner = Client::builder().credential(credential).build()?;
//!
//! let profile = partner.organization_profile();
//! let updated = profile
//!     .update(|profile| {
//!         let address = profile.default_address.get_or_insert_default();
//!         address.phone_number = Some("4255550188".into());
//!     })
//!     .await?;
//! println!("{:?}", updated.company_name);
//! # Ok(()) }
//! ```
//!
//! | you want to change | use |
//! |---|---|
//! | your company's name, address, phone number or e-mail | [`Client::organization_profile`] |
//! | the contact that customers see for support | [`Client::support_profile`] |
//! | your company's legal address | [`Client::legal_business_profile`] |
//! | where your invoices go | [`Client::billing_profile`] |
//! | a customer's billing address | [`Client::customer_billing_profile`] |
//! | a user of a customer | [`Client::update_customer_user`] |
//!
//! Read a long list:
//!
//! ```no_run
//! # async fn run(partner: letterhead::partner_center::Client) -> Result<(), letterhead::Error> {
//! let mut customers = partner.list_customers().size(100).items();
//! while let Some(customer) = customers.next().await {
//!     println!("{:?}", customer?.company_profile);
//! }
//! # Ok(()) }
//! ```
//!
//! Find a customer by its domain, and restore its deleted users:
//!
//! ```no_run
//! # async fn run(partner: letterhead::partner_center::Client) -> Result<(), letterhead::Error> {
//! use letterhead::partner_center::types::UserState;
//!
//! let found = partner.find_customer_by_domain("contoso.onmicrosoft.com").await?;
//! let customer = found.into_inner().and_then(|customer| customer.id).unwrap_or_default();
//! let users = partner.list_customer_users().customer_tenant_id(&customer);
//! let mut deleted = users.deleted().items();
//! while let Some(user) = deleted.next().await {
//!     let user = user?;
//!     println!("{:?} was deleted at {:?}", user.display_name, user.deleted_at());
//!     partner
//!         .update_customer_user()
//!         .customer_tenant_id(&customer)
//!         .user_id(user.id.unwrap_or_default())
//!         .body_map(|user| user.state(UserState::Active))
//!         .send()
//!         .await?;
//! }
//! # Ok(()) }
//! ```
//!
//! Create a user, with a licence and a role:
//!
//! ```no_run
//! # async fn run(
//! #     partner: letterhead::partner_center::Client,
//! #     customer: &str,
//! #     sku: &str,
//! #     role: &str,
//! # ) -> Result<(), letterhead::Error> {
//! use letterhead::Secret;
//! use letterhead::partner_center::types::{
//!     LicenseAssignment, PasswordProfile, ResourceAttributes,
//! };
//!
//! let password = PasswordProfile::builder()
//!     .password(Secret::from("changed at the first sign-in"))
//!     .force_change_password(true);
//! let user = partner
//!     .create_customer_user()
//!     .customer_tenant_id(customer)
//!     .body_map(|user| {
//!         user.display_name("Ada Byron")
//!             .user_principal_name("ada@contoso.onmicrosoft.com")
//!             .usage_location("NL") // Without it there is no licence.
//!             .password_profile(password)
//!     })
//!     .send()
//!     .await?;
//! let id = user.id.as_deref().unwrap_or_default();
//!
//! let licence = LicenseAssignment::builder().sku_id(sku); // From `list_subscribed_skus`.
//! let assigned = partner
//!     .update_customer_user_licenses()
//!     .customer_tenant_id(customer)
//!     .user_id(id)
//!     .body_map(|update| update.licenses_to_assign([licence]))
//!     .send()
//!     .await;
//! match assigned {
//!     Err(error) if error.has_code("60012") => println!("no seat is left: {error}"),
//!     assigned => println!("{:?}", assigned?.license_warnings),
//! }
//!
//! partner
//!     .add_role_member()
//!     .customer_tenant_id(customer)
//!     .role_id(role) // From `list_directory_roles`.
//!     .body_map(|member| {
//!         member
//!             .attributes(ResourceAttributes::builder().object_type("UserMember"))
//!             .id(id)
//!             .display_name("Ada Byron")
//!             .user_principal_name("ada@contoso.onmicrosoft.com")
//!     })
//!     .send()
//!     .await?;
//! # Ok(()) }
//! ```

mod consent;
mod dates;
mod entra;
mod error_object;
mod lists;
mod resources;
mod sign_in;

use http::header::WWW_AUTHENTICATE;
use http::{HeaderMap, StatusCode};

use crate::auth_headers::{Headers, Part};
use crate::credential::Source;
use crate::environment::{Environment, process};
use crate::error::{Category, ErrorBody};
use crate::layer::{Behaviour, ClientBuilder, Layer, Vendor};
use crate::oauth::{Foreign, TokenCache};
use crate::{Error, TokenSource, layer};
use error_object::{is_error, meant};

#[allow(dead_code, missing_docs, clippy::pedantic)]
mod generated {
    use super::Client;

    include!(concat!(env!("OUT_DIR"), "/partner-center.rs"));
}
pub use consent::{Consent, DeviceCode};
pub use dates::time_of;
pub use generated::{builder, types};
pub use lists::FindCustomerByDomain;
pub use resources::{
    BillingProfile, CustomerBillingProfile, LegalBusinessProfile, OrganizationProfile,
    SupportProfile,
};
pub use sign_in::EntraApp;

static VENDOR: Vendor = Vendor::new(
    &letterhead_spec::PARTNER_CENTER,
    Behaviour {
        root: "/v1",
        error_body,
        is_error: |method, body| !method.is_safe() && is_error(body),
        throttled_for: None,
        lists: lists::JSON,
    },
);

/// The Partner Center client: a method per operation.
///
/// Cloning is cheap: clones share connections, retry budget, rate limit and access tokens. A call has a
/// clone of its own, so that it can be spawned.
#[derive(Clone, Debug)]
pub struct Client(Layer);

/// What Partner Center is shown: an access token of App+User or app-only sign-in. [`EntraApp`] makes one
/// whose tokens are replaced before they end.
#[derive(Clone, Debug)]
pub struct Credential(Source);

/// Where Partner Center is run. Each cloud has its own API host and its own customers.
///
/// Source: <https://learn.microsoft.com/partner-center/developer/partner-center-rest-urls>.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cloud {
    /// The global cloud.
    #[default]
    Global,
    /// The cloud for US Government, on the global cloud's host.
    UsGovernment,
    /// The cloud in China, operated by 21Vianet.
    China,
}

impl Cloud {
    /// The base URL of the cloud's API.
    #[must_use]
    pub fn base_url(self) -> &'static str {
        self.row().base_url
    }

    /// Where its users sign in.
    #[must_use]
    pub fn authority(self) -> &'static str {
        match self {
            Self::Global => "https://login.microsoftonline.com",
            Self::UsGovernment => "https://login.microsoftonline.us",
            Self::China => "https://login.partner.microsoftonline.cn",
        }
    }

    /// What the document calls it: `us-government`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().name
    }

    fn row(self) -> &'static letterhead_spec::Cloud {
        let [global, us_government, china] = letterhead_spec::PARTNER_CENTER.clouds else {
            unreachable!("the table has other clouds than this type")
        };
        match self {
            Self::Global => global,
            Self::UsGovernment => us_government,
            Self::China => china,
        }
    }
}

impl Client {
    /// Sets up a client for `cloud` with what the environment holds: the [credential](Credential::from_env), and
    /// the base URL in `PARTNER_CENTER_BASE_URL` where that is set.
    ///
    /// ```no_run
    /// use letterhead::partner_center::{Client, Cloud};
    ///
    /// # fn main() -> Result<(), letterhead::Error> {
    /// let partner = Client::builder_from_env(Cloud::Global)?.build()?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// A variable that is missing or can't be right.
    pub fn builder_from_env(cloud: Cloud) -> Result<ClientBuilder<Self>, Error> {
        let environment = Environment::new(&process);
        let builder = Self::builder().cloud(cloud).at_variable(&environment)?;
        Ok(builder.credential(Credential::from_environment(cloud, &environment)?))
    }

    /// Sets up a client for the global cloud.
    pub fn builder() -> ClientBuilder<Self> {
        ClientBuilder::new(&VENDOR, Cloud::Global.base_url()).for_cloud(Cloud::Global.name())
    }
}

impl ClientBuilder<Client> {
    /// Sends calls to `cloud`, and refuses operations that it doesn't offer before they are sent.
    ///
    /// Set it before [`base_url`](Self::base_url), where both are needed.
    pub fn cloud(self, cloud: Cloud) -> Self {
        self.base_url(cloud.base_url()).for_cloud(cloud.name())
    }
}

impl Credential {
    /// An access token, sent as `Authorization: Bearer`.
    ///
    /// # Errors
    /// A token that a header can't carry.
    pub fn bearer(access_token: &str) -> Result<Self, Error> {
        Ok(Self(Headers::new(&[Part::bearer(access_token)])?.into()))
    }

    /// Tokens from a source of the caller's own.
    #[must_use]
    pub fn from_tokens(source: impl TokenSource) -> Self {
        Self(Source::tokens(TokenCache::new(Foreign(source), None), None))
    }
}

layer::client!();

/// Reads `{code, description}` and the gateway's `{statusCode, message}`.
///
/// Source: <https://learn.microsoft.com/partner-center/developer/error-codes>.
fn error_body(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> ErrorBody {
    let Some(body) = layer::json_object(body) else {
        let mut error_body = ErrorBody::unread(status);
        if without_mfa(status, headers, body) {
            error_body.category = Category::Consent;
            error_body.hint = Some(NO_MFA_OR_ENDED);
        }
        return error_body;
    };
    let text = |name: &str| body.get(name).and_then(layer::text_of);
    let code = text("code");
    let status = if status.is_success() {
        meant(code.as_deref(), text("statusCode").as_deref()).unwrap_or(status)
    } else {
        status
    };
    let (category, hint) = match (status.as_u16(), code.as_deref()) {
        // The ETag in the body is out of date.
        (400, Some("2055")) => (Category::Conflict, None),
        (401, Some("900420")) => (
            Category::Unauthorized,
            Some(
                "the token is for another audience; Partner Center takes tokens for the base URL of its \
                 cloud",
            ),
        ),
        (401, Some("900421")) => (Category::Consent, Some(NO_MFA)),
        // Licences have a code of their own for it.
        (400, Some("900316")) | (403, Some("900329")) => (
            Category::Forbidden,
            Some("an application can't do this by itself; sign in as App+User"),
        ),
        _ => (status.into(), None),
    };
    ErrorBody {
        codes: code.into_iter().collect(),
        message: text("description").or_else(|| text("message")),
        category,
        hint,
    }
}

const NO_MFA: &str = "Partner Center says so where multi-factor authentication is missing: a person \
                      must sign in with it and consent again";

const NO_MFA_OR_ENDED: &str = "either multi-factor authentication is missing, so that a person must sign in \
                               with it and consent again, or the access token has ended and nothing \
                               replaced it";

/// The gateway refuses a sign-in without multi-factor authentication with a 401 that has no body. What it
/// says of the token there is what HTTP has for one that has ended as well.
fn without_mfa(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> bool {
    let challenge = headers.get(WWW_AUTHENTICATE);
    let is_invalid = challenge
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("invalid_token"));
    status == StatusCode::UNAUTHORIZED && body.is_empty() && is_invalid
}
