//! Microsoft Partner Center: the partner's profiles, its customers and their users.
//!
//! Source: <https://learn.microsoft.com/partner-center/developer/>.
//!
//! ```no_run
//! use letterhead::partner_center::{Client, Credential};
//!
//! # async fn run(token: &str) -> Result<(), letterhead::Error> {
//! let partner = Client::builder().credential(Credential::bearer(token)?).build()?;
//! let mut page = partner.list_customers().size(100).send().await?;
//! loop {
//!     for customer in &page.items {
//!         println!("{:?}", customer.company_profile);
//!     }
//!     let Some(next) = partner.list_customers().size(100).after(&page) else { break };
//!     page = next.send().await?;
//! }
//! # Ok(()) }
//! ```

use http::{HeaderName, StatusCode};

use crate::credential::{Headers, Part};
use crate::error::{Category, Failure};
use crate::layer::{ClientBuilder, Layer, Vendor};
use crate::{Error, layer};

#[allow(missing_docs, clippy::pedantic, rustdoc::broken_intra_doc_links)]
mod generated {
    use super::Client;

    include!(concat!(env!("OUT_DIR"), "/partner-center.rs"));
}
pub use generated::{builder, types};

static VENDOR: Vendor = Vendor {
    name: "Partner Center",
    root: "/v1",
    request_id: Some(HeaderName::from_static("ms-requestid")),
    correlation_id: Some(HeaderName::from_static("ms-correlationid")),
    trace_id: HeaderName::from_static("ms-cv"),
    failure,
    refused: |_| false,
};

/// The Partner Center client: a method per operation.
#[derive(Clone, Debug)]
pub struct Client(Layer);

/// What Partner Center is shown: an access token of App+User or app-only sign-in.
#[derive(Clone, Debug)]
pub struct Credential(Headers);

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
        match self {
            Self::Global | Self::UsGovernment => "https://api.partnercenter.microsoft.com",
            Self::China => "https://partner.partnercenterapi.microsoftonline.cn",
        }
    }
}

impl Client {
    /// Sets up a client for the global cloud.
    pub fn builder() -> ClientBuilder<Self> {
        ClientBuilder::new(&VENDOR, Cloud::Global.base_url())
    }
}

impl ClientBuilder<Client> {
    /// Sends calls to `cloud`.
    pub fn cloud(self, cloud: Cloud) -> Self {
        self.base_url(cloud.base_url())
    }
}

impl Credential {
    /// An access token, sent as `Authorization: Bearer`.
    ///
    /// # Errors
    /// A token that a header can't carry.
    pub fn bearer(access_token: &str) -> Result<Self, Error> {
        Headers::new(&[Part::bearer(access_token)]).map(Self)
    }
}

layer::service!();

/// Adds `after` to the builder of a list.
macro_rules! paged {
    ($list:ident, $page:ident) => {
        impl builder::$list<'_> {
            /// The call for the page after `page`, or none after the last one.
            ///
            /// Give it the same size and filter as the call for the first page.
            #[must_use]
            pub fn after(self, page: &types::$page) -> Option<Self> {
                let token = page.continuation_token.clone()?;
                let next = self.seek_operation(types::SeekOperation::Next);
                Some(next.ms_continuation_token(token))
            }
        }
    };
}

paged!(ListCustomers, CustomerPage);
paged!(ListCustomerUsers, CustomerUserPage);

/// Reads `{code, description}` and the gateway's `{statusCode, message}`.
///
/// Source: <https://learn.microsoft.com/partner-center/developer/error-codes>.
fn failure(status: StatusCode, body: &[u8]) -> Failure {
    let Some(body) = layer::json_object(body) else {
        return Failure::unread(status);
    };
    let text = |name: &str| body.get(name).and_then(layer::text_of);
    let code = text("code");
    let category = match (status.as_u16(), code.as_deref()) {
        // The ETag in the body is out of date.
        (400, Some("2055")) => Category::Conflict,
        _ => status.into(),
    };
    Failure {
        codes: code.into_iter().collect(),
        message: text("description").or_else(|| text("message")),
        category,
    }
}
