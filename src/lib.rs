//! Typed clients for the organization-profile APIs of Microsoft Partner Center, Cloudflare and Adobe
//! Campaign Standard.
//!
//! The clients are generated at build time from hand-written OpenAPI documents. Under them lies one
//! thin layer, the same for all three: it authenticates every call, gives it a request id and a
//! correlation id, and turns whatever comes back into a [`Reply`] or an [`Error`].
//!
//! ```no_run
//! use letterhead::partner_center::{Client, Credential};
//!
//! # async fn run(token: &str) -> Result<(), letterhead::Error> {
//! let partner = Client::builder().credential(Credential::bearer(token)?).build()?;
//!
//! let mut profile = partner.get_organization_profile().send().await?.into_inner();
//! profile.default_address.get_or_insert_default().phone_number = Some("4255550100".into());
//! let updated = partner.update_organization_profile().body(profile).send().await?;
//! println!("{:?}, request {}", updated.company_name, updated.request_id());
//! # Ok(()) }
//! ```
//!
//! # What holds for every call
//!
//! - Members that a document doesn't know, values that an enum doesn't list, nulls and empty lists
//!   survive reading a value and writing it back.
//! - A call is sent once. Nothing is retried and no redirect is followed.
//! - [`Reply`] and [`Error`] both carry the request id, the correlation id and the vendor's own id.
//! - A credential goes to the origin of the client's base URL and nowhere else, over TLS except on
//!   loopback, and stands in no log, `Debug`, error or panic.
//!
//! # Features
//!
//! `partner-center`, `cloudflare` and `campaign-standard` choose the vendors; `rustls` (ring, the
//! platform's trust store) or `native-tls` chooses TLS. All vendors and `rustls` are on by default.

// The generated types name this crate's own by its name.
extern crate self as letterhead;

#[cfg(feature = "campaign-standard")]
pub mod campaign_standard;
#[cfg(feature = "cloudflare")]
pub mod cloudflare;
#[cfg(feature = "partner-center")]
pub mod partner_center;

#[cfg(all(
    doctest,
    feature = "campaign-standard",
    feature = "cloudflare",
    feature = "partner-center"
))]
#[doc = include_str!("../README.md")]
struct Readme;

mod credential;
mod error;
mod ids;
mod layer;
mod reply;
mod wire;

pub use error::{Error, ErrorKind};
pub use ids::{CorrelationId, RequestId};
pub use layer::{ClientBuilder, http_client_builder};
pub use reply::Reply;
pub use wire::{Patch, Secret};

/// The HTTP client that letterhead is built on.
pub use reqwest;
