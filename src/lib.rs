//! Typed clients for the organization-profile APIs of Microsoft Partner Center, Cloudflare and Adobe
//! Campaign Standard.
//!
//! The clients are generated at build time from hand-written OpenAPI documents. A client authenticates
//! every call, gives it a request id and a correlation id, retries it where that is safe, and returns a
//! [`Reply`] or an [`Error`].
//!
//! Change your company's phone number at Partner Center:
//!
//! ```no_run
//! use letterhead::partner_center::{Client, Cloud, Credential};
//!
//! # async fn run() -> Result<(), letterhead::Error> {
//! let credential = Credential::from_env(Cloud::Global)?;
//! let partner = Client::builder().credential(credential).build()?;
//!
//! // Reads the profile, changes it and writes it back with everything else that it holds.
//! let updated = partner
//!     .organization_profile()
//!     .update(|profile| {
//!         let address = profile.default_address.get_or_insert_default();
//!         address.phone_number = Some("4255550188".into());
//!     })
//!     .await?;
//! println!("{:?}, request {}", updated.company_name, updated.request_id());
//!
//! // Every operation is a method as well.
//! let support = partner.get_support_profile().send().await?;
//! println!("{:?}", support.email);
//! # Ok(()) }
//! ```
//!
//! # Where to begin
//!
//! | you want to | use |
//! |---|---|
//! | change your company's phone number, e-mail or address at Partner Center | [`partner.organization_profile().update(…)`](partner_center/struct.Client.html#method.organization_profile) |
//! | change the phone number or address of an organization at Cloudflare | [`cloudflare.organization_profile(id).update_or_create(…)`](cloudflare/struct.Client.html#method.organization_profile) |
//! | move a profile to another unit at Campaign Standard | [`campaign.assign_profile(key, name)`](campaign_standard/struct.Client.html#method.assign_profile) |
//! | change any resource without losing what you don't know of | [`Resource::update`] |
//! | change some members and keep or clear others | [`Patch`] |
//! | read a long list | [`partner.list_customers().items()`](Items) |
//! | know what an error means | [`Error`] |
//! | know what is retried, after which backoff | [`RetryPolicy`] |
//! | sign requests, keep an audit trail, replay responses | [`Hook`] |
//! | call a path that no document has | [`JsonRequest`] |
//! | stay below a vendor's rate limit | [`RateLimit`] |
//! | share a limit among clients | [`RateLimiter`], [`ConcurrencyLimit`] |
//! | share a limit among programs | [`Limiter`] |
//! | sign in | `Credential` of [Partner Center](partner_center/struct.Credential.html), [Cloudflare](cloudflare/struct.Credential.html), [Campaign Standard](campaign_standard/struct.Credential.html) |
//!
//! The repository's `docs/` is a book with more of it, and a table of all operations.
//!
//! # What holds for every call
//!
//! - Members that a document doesn't know, values that an enum doesn't list, nulls and empty lists
//!   survive reading a value and writing it back.
//! - A call is retried where its document says that it may be, under the same request id, and nowhere
//!   else; see [`RetryPolicy`]. letterhead's own HTTP client follows no redirect.
//! - An error says whether the request [may have been sent](Error::may_have_been_sent) and whether it
//!   [may have taken effect](Error::may_have_taken_effect).
//! - [`Reply`] and [`Error`] both carry the request id, the correlation id and the vendor's own id.
//! - A credential goes to the origin of the client's base URL and nowhere else, over TLS except on
//!   loopback, and stands in no log, `Debug`, error or panic.
//!
//! # Setting values
//!
//! An argument that isn't wanted is left out. Types have no public literal, since vendors add members:
//! start from what was read, from `T::default()` and assign, or from `T::builder()`. A body may also be
//! built in place, with `body_map`.
//!
//! Text may be a `String`, a `&str`, a `&String` or a `Cow`, also where it becomes a [`Secret`], and an
//! object may be its builder: `.address(Address::builder().city("Redmond"))`. The setter of an optional
//! member takes an `Option` of its value as well, whose type has to be known; see [`IntoOption`]. One of
//! a PATCH takes a [`Patch`] instead, since none could mean to keep or to clear. A list may be a `Vec`, an
//! array or a slice of any of these: `.resource_types(["custom-ruleset"])`; see [`IntoList`].
//!
//! An object built by itself ends with `try_into()?`, whose error becomes an [`Error`]:
//!
//! ```
//! # #[cfg(feature = "partner-center")] {
//! use letterhead::partner_center::types::{LicenseAssignment, LicenseUpdate};
//!
//! fn licences(skus: &[String]) -> Result<LicenseUpdate, letterhead::Error> {
//!     let assignments: Vec<_> = skus
//!         .iter()
//!         .map(|sku| LicenseAssignment::builder().sku_id(sku))
//!         .collect();
//!     Ok(LicenseUpdate::builder().licenses_to_assign(assignments).try_into()?)
//! }
//! # licences(&["E5".to_owned()]).unwrap();
//! # }
//! ```
//!
//! To send a null or an empty list where a plain field is `None` or empty, put it into `extra` under
//! its name on the wire: `profile.extra.insert("website", ())`. Members that the document doesn't know
//! are there as well, each as the JSON that came; see [`JsonObject`].
//!
//! # Features
//!
//! `partner-center`, `cloudflare` and `campaign-standard` choose the vendors, `all-vendors` all of them; `rustls` (ring, the
//! platform's trust store) or `native-tls` chooses TLS; `metrics` counts calls through the `metrics`
//! facade; `opentelemetry` sends the trace context with each request; `tower` takes the correlation id of a
//! service's requests. All vendors and `rustls` are on by default.

#![cfg_attr(
    not(feature = "all-vendors"),
    allow(
        dead_code,
        unused_imports,
        unused_macros,
        reason = "each vendor uses its part of the layer"
    )
)]

// The generated types name this crate's own by its name.
extern crate self as letterhead;

#[cfg(feature = "campaign-standard")]
pub mod campaign_standard;
#[cfg(feature = "cloudflare")]
pub mod cloudflare;
#[cfg(feature = "partner-center")]
pub mod partner_center;

/// A vendor of the table without its module doesn't compile.
macro_rules! modules {
    ($(($id:literal, $module:ident, $Type:ident, $ROW:ident))+) => {
        $(
            #[cfg(feature = $id)]
            const _: Option<ClientBuilder<$module::Client>> = None;
        )+
    };
}
letterhead_spec::for_each_vendor!(modules);

#[cfg(all(doctest, feature = "all-vendors"))]
mod book {
    //! Compiles the code of the README and of the book.

    macro_rules! page {
        ($name:ident, $path:literal) => {
            #[doc = include_str!($path)]
            struct $name;
        };
    }

    page!(Readme, "../README.md");
    page!(Start, "../docs/start.md");
    page!(SigningIn, "../docs/signing-in.md");
    page!(Updates, "../docs/updates.md");
    page!(Lists, "../docs/lists.md");
    page!(Errors, "../docs/errors.md");
    page!(Retries, "../docs/retries.md");
    page!(Production, "../docs/production.md");
    page!(Hooks, "../docs/hooks.md");
    page!(Tenants, "../docs/tenants.md");
    page!(Testing, "../docs/testing.md");
}

mod auth_headers;
mod bad_character;
mod body;
mod clock;
mod credential;
#[allow(dead_code, reason = "for documents of other vendors")]
mod download;
mod environment;
mod error;
mod head;
mod ids;
mod invisible;
mod io;
mod layer;
mod limit;
mod metrics;
mod oauth;
mod own_headers;
mod paging;
mod propagation;
mod redact;
mod reply;
mod retry;
mod slot;
mod telemetry;
#[cfg(feature = "tower")]
pub mod tower;
mod update;
#[allow(dead_code, reason = "for documents of other vendors")]
mod upload;
mod wait;
mod wire;

#[cfg(feature = "metrics")]
pub use self::metrics::describe_metrics;
pub use clock::{BoxFuture, Clock};
pub use download::{Download, Lines};
pub use error::{Error, ErrorBuilder, ErrorKind};
pub use ids::{CorrelationId, RequestId};
// For programs that show what vendors send.
#[doc(hidden)]
pub use invisible::is_invisible;
pub use layer::{
    Attempt, ClientBuilder, Hook, HookResult, JsonRequest, Outcome, Transport, VendorClient,
    http_client_builder,
};
pub use limit::{
    ConcurrencyLimit, Limiter, LimiterError, Patience, QuotaStatus, RateLimit, RateLimiter,
};
pub use oauth::{
    AccessToken, ClientCredentials, FileStore, MemoryStore, RefreshTokenStore, TokenSource,
};
pub use paging::{Items, JsonPage, Listing, Pages, Position, UndecodedItem};
pub use reply::Reply;
pub use retry::{Repeatable, RetryPolicy};
pub use update::{Creatable, Preview, Replaced, Resource, Updated};
pub use upload::Upload;
pub use wire::{IntoList, IntoOption, Json, JsonObject, Patch, Secret};

// Their types stand in the public API.
#[cfg(feature = "campaign-standard")]
pub use jiff;
/// Start a client of your own from [`http_client_builder`]: `reqwest::Client::new()` panics where the process
/// has no crypto provider, and letterhead installs none.
pub use reqwest;
pub use {bytes, http, schemars, serde_json, uuid};
