//! Partner Center, Cloudflare and Campaign Standard in one process, for tests that send real HTTP.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_io().build()?.block_on(async {
//! let sandbox = letterhead_sandbox::Sandbox::start().await?;
//! let profile = sandbox.resource("/v1/profiles/organization").expect("a profile");
//! assert_eq!(profile["companyName"], "Fabrikam Partner Services");
//! # std::io::Result::Ok(()) })?;
//! # std::io::Result::Ok(())
//! ```
//!
//! The services store what they are sent. They require the right [`credentials`], or a token of the token
//! endpoints beside them ([`Sandbox::entra_url`], [`Sandbox::ims_url`]). They check every request against
//! the OpenAPI document of its vendor, and refuse a mistake as the vendor does. Each sandbox starts with
//! the data that [`seed`] names and shares nothing with another one.
//!
//! The calendar of the services stands still at 5 October 2026, 07:12:44 UTC: whatever is created or
//! deleted gets this time, and no deleted user is ever too old to be restored. Only the lifetimes of access
//! tokens are counted in real time.
//!
//! # What went over the wire
//! A test reads it from [`Sandbox::requests`]. For everything else, name a folder in the environment
//! variable `LETTERHEAD_SANDBOX_HAR`: each sandbox then writes an HTTP Archive (HAR 1.2) there, which the
//! network panel of a browser opens. It has every request to a service with its response, unless
//! [`Sandbox::record_requests`] is off. It shows no more of a credential in a header than the scheme, and
//! leaves requests to token endpoints out. Bodies are there as they were sent, passwords of users included.

#![allow(
    clippy::disallowed_methods,
    reason = "a service has a clock of its own"
)]

mod address;
mod archive;
mod calendar;
mod campaign_standard;
mod cloudflare;
mod contract;
mod destination;
mod fault;
mod form;
mod ids;
mod journal;
#[cfg(test)]
mod operations;
mod page;
mod partner_center;
mod queue;
mod recorded_request;
mod refusal;
mod request;
mod response;
mod route;
mod sandbox;
mod server;
mod service;
mod sign_in;
mod state;
mod store;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod vendor;

pub use fault::{Fault, Faults, FaultyProxy};
pub use journal::AppliedWrite;
pub use recorded_request::RecordedRequest;
pub use response::Response;
pub use sandbox::Sandbox;
pub use sign_in::{MfaRefusal, TokenGrant};
pub use vendor::Vendor;

/// The credentials that the services accept.
pub mod credentials {
    pub use crate::campaign_standard::credentials::{
        CAMPAIGN_ACCESS_TOKEN, CAMPAIGN_API_KEY, CAMPAIGN_CLIENT_ID, CAMPAIGN_CLIENT_SECRET,
    };
    pub use crate::cloudflare::credentials::{
        CLOUDFLARE_ACCOUNT_TOKEN, CLOUDFLARE_API_KEY, CLOUDFLARE_API_TOKEN, CLOUDFLARE_EMAIL,
    };
    pub use crate::partner_center::credentials::{
        PARTNER_CENTER_CLIENT_ID, PARTNER_CENTER_CLIENT_SECRET, PARTNER_CENTER_REFRESH_TOKEN,
        PARTNER_CENTER_TOKEN,
    };
}

/// The identifiers of the resources that the services have at the start.
pub mod seed {
    pub use crate::campaign_standard::seed::{
        CAMPAIGN_AUDIENCE_PKEY, CAMPAIGN_DELIVERY_PKEY, CAMPAIGN_GEO_UNIT_PKEY,
        CAMPAIGN_LOOSE_PROFILE_EMAIL, CAMPAIGN_LOOSE_PROFILE_PKEY, CAMPAIGN_ORGANIZATION,
        CAMPAIGN_OTHER_UNIT_PKEY, CAMPAIGN_PROFILE_EMAIL, CAMPAIGN_PROFILE_PKEY,
        CAMPAIGN_ROOT_UNIT_PKEY, CAMPAIGN_SERVICE_PKEY, CAMPAIGN_UNIT_PKEY,
    };
    pub use crate::cloudflare::seed::{
        CLOUDFLARE_ACCOUNT_ID, CLOUDFLARE_ACCOUNT_IDS, CLOUDFLARE_AUDIT_LOG_ID,
        CLOUDFLARE_BARE_ORGANIZATION_ID, CLOUDFLARE_MEMBER_ID, CLOUDFLARE_ORGANIZATION_ID,
        CLOUDFLARE_SUB_ORGANIZATION_ID, CLOUDFLARE_USER_ID,
    };
    pub use crate::partner_center::seed::{
        CUSTOMER_TENANT_ID, CUSTOMER_TENANT_IDS, GROUP_2_SKU_ID, INACTIVE_USER_ID,
        LAST_SEAT_SKU_ID, MPN_ID, OTHER_MPN_ID, PARTNER_DOMAIN, PARTNER_TENANT_ID, ROLE_ID, SKU_ID,
        USER_ID, USER_IDS,
    };
}
