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
//! # As a process
//! `cargo run --bin letterhead-sandbox` runs the services until Ctrl-C. What it prints is a shell's script that sets the
//! environment for letterhead's clients ([`Sandbox::environment`]). The program needs the feature `process`,
//! which is on by default; a test that runs the services itself can do without.
//!
//! # What went over the wire
//! A test reads it from [`Sandbox::requests`]. For everything else, name a folder in the environment
//! variable `LETTERHEAD_SANDBOX_HAR`: each sandbox then writes an HTTP Archive (HAR 1.2) there, which the
//! network panel of a browser opens. It has every request to a service with its response, unless
//! [`Sandbox::record_requests`] is off. It shows no more of a credential in a header than the scheme, and
//! leaves requests to token endpoints out. Bodies are there as they were sent, passwords of users included.

#![allow(clippy::disallowed_methods, reason = "a service has a clock of its own")]

mod address;
mod archive;
mod calendar;
mod campaign_standard;
mod cloudflare;
mod contract;
mod destination;
mod environment;
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
mod setup;
mod sign_in;
mod state;
mod store;
mod successful;
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
pub use setup::{HeaderLine, Setup, SuccessfulRequest};
pub use sign_in::{MfaRefusal, TokenGrant};
pub use vendor::Vendor;

macro_rules! constants {
    ($(($id:literal, $module:ident, $Type:ident, $ROW:ident))+) => {
        /// The credentials that the services accept.
        pub mod credentials {
            $(pub use crate::$module::credentials::*;)+
        }

        /// The identifiers of the resources that the services have at the start.
        #[allow(unreachable_pub, unused_imports, reason = "a service may have nothing yet")]
        pub mod seed {
            $(pub use crate::$module::seed::*;)+
        }
    };
}
letterhead_spec::for_each_vendor!(constants);
