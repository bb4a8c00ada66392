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
mod response;
mod route;
mod server;
mod sign_in;
mod store;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod vendor;

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use http::Method;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;

use archive::Archive;
use destination::Destination;
pub use fault::{Fault, Faults, FaultyProxy};
pub use journal::{AppliedWrite, Vendor};
pub use recorded_request::RecordedRequest;
pub use response::Response;
use server::Shared;
pub use sign_in::{MfaRefusal, TokenGrant};
use store::segments;

/// What the services accept.
pub mod credentials {
    pub use crate::campaign_standard::{CAMPAIGN_ACCESS_TOKEN, CAMPAIGN_API_KEY};
    pub use crate::cloudflare::{
        CLOUDFLARE_ACCOUNT_TOKEN, CLOUDFLARE_API_KEY, CLOUDFLARE_API_TOKEN, CLOUDFLARE_EMAIL,
    };
    pub use crate::partner_center::PARTNER_CENTER_TOKEN;
    pub use crate::sign_in::{
        CAMPAIGN_CLIENT_ID, CAMPAIGN_CLIENT_SECRET, PARTNER_CENTER_CLIENT_ID,
        PARTNER_CENTER_CLIENT_SECRET, PARTNER_CENTER_REFRESH_TOKEN,
    };
}

/// The identifiers of the resources that the services have from the start.
pub mod seed {
    pub use crate::campaign_standard::{
        CAMPAIGN_AUDIENCE_PKEY, CAMPAIGN_DELIVERY_PKEY, CAMPAIGN_GEO_UNIT_PKEY,
        CAMPAIGN_LOOSE_PROFILE_EMAIL, CAMPAIGN_LOOSE_PROFILE_PKEY, CAMPAIGN_ORGANIZATION,
        CAMPAIGN_OTHER_UNIT_PKEY, CAMPAIGN_PROFILE_EMAIL, CAMPAIGN_PROFILE_PKEY,
        CAMPAIGN_ROOT_UNIT_PKEY, CAMPAIGN_SERVICE_PKEY, CAMPAIGN_UNIT_PKEY,
    };
    pub use crate::cloudflare::{
        CLOUDFLARE_ACCOUNT_ID, CLOUDFLARE_ACCOUNT_IDS, CLOUDFLARE_AUDIT_LOG_ID,
        CLOUDFLARE_BARE_ORGANIZATION_ID, CLOUDFLARE_MEMBER_ID, CLOUDFLARE_ORGANIZATION_ID,
        CLOUDFLARE_SUB_ORGANIZATION_ID, CLOUDFLARE_USER_ID,
    };
    pub use crate::partner_center::{
        CUSTOMER_TENANT_ID, CUSTOMER_TENANT_IDS, GROUP_2_SKU_ID, INACTIVE_USER_ID,
        LAST_SEAT_SKU_ID, MPN_ID, OTHER_MPN_ID, PARTNER_DOMAIN, PARTNER_TENANT_ID, ROLE_ID, SKU_ID,
        USER_ID, USER_IDS,
    };
}

/// The services, running until this is dropped.
///
/// In a debug build a response that isn't in the service's document ends the connection with a panic.
/// Dropping this then panics as well, so that no test takes it for a fault of the network.
pub struct Sandbox {
    address: SocketAddr,
    shared: Arc<Shared>,
    /// Nothing is ever sent. When it is dropped, the listener and its connections end.
    _running: watch::Sender<()>,
}

impl Sandbox {
    /// Starts the services on a free port of the loopback interface.
    ///
    /// # Errors
    /// If no port can be had, or if an archive is wanted and can't be made.
    ///
    /// # Panics
    /// Outside of a tokio runtime with I/O.
    pub async fn start() -> io::Result<Self> {
        destination::prepare();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::default());
        shared.lock().archive = Archive::wanted().transpose()?;
        for vendor in destination::VENDORS {
            vendor.seed(&mut shared.lock().store, &format!("http://{address}"));
        }
        let (running, stop) = watch::channel(());
        let services = Arc::clone(&shared);
        tokio::spawn(server::accept(listener, stop, move |stream, stop| {
            server::connection(stream, Arc::clone(&services), stop)
        }));
        Ok(Self {
            address,
            shared,
            _running: running,
        })
    }

    /// Every request so far with its response, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.lock().requests.clone()
    }

    /// Every request so far with its response; they are then forgotten.
    #[must_use]
    pub fn take_requests(&self) -> Vec<RecordedRequest> {
        std::mem::take(&mut self.shared.lock().requests)
    }

    /// Sets whether requests are recorded, which they are at first. A long run would gather many.
    /// Those so far are forgotten when recording ends.
    pub fn record_requests(&self, is_recording: bool) {
        let mut state = self.shared.lock();
        state.forgets_requests = !is_recording;
        if !is_recording {
            state.requests = Vec::new();
        }
    }

    /// Every write that a service applied so far, in order.
    ///
    /// A request that was refused isn't here, nor one that changes nothing, nor a retry that Partner
    /// Center recognized by its `MS-RequestId` (with the same method and path): a retry gets the
    /// response to the first attempt.
    #[must_use]
    pub fn applied_writes(&self) -> Vec<AppliedWrite> {
        self.shared.lock().journal.writes.clone()
    }

    /// Every write so far, which are then forgotten; their retries are still recognized.
    #[must_use]
    pub fn take_applied_writes(&self) -> Vec<AppliedWrite> {
        std::mem::take(&mut self.shared.lock().journal.writes)
    }

    /// Sends `response` to the next request, whatever it asks for and whoever sends it.
    ///
    /// Responses queue up, one for each request. A request to a token endpoint counts like any other.
    pub fn respond_next(&self, response: Response) {
        self.shared.lock().responses.push(response);
    }

    /// Sends `response` to the next request to `path`, while others go on as usual.
    ///
    /// The path is that of the request line without the query, however it is percent-encoded.
    /// Of all responses that fit a request it gets the one that was queued first.
    pub fn respond_next_to(&self, path: &str, response: Response) {
        self.shared.lock().responses.push_for(path, response);
    }

    /// Sends `response` to the next request to `path` with this method, while others go on as usual:
    /// to the write of an update, say, whose read goes to the same path.
    pub fn respond_next_for(&self, method: Method, path: &str, response: Response) {
        let responses = &mut self.shared.lock().responses;
        responses.push_for_method(method, path, response);
    }

    /// The JSON that is stored at a path, such as `/v1/profiles/organization`.
    ///
    /// Of Cloudflare it is what the service puts under `result`. A list is put together when it is
    /// asked for, so that nothing is stored at its path.
    #[must_use]
    pub fn resource(&self, path: &str) -> Option<Value> {
        self.shared.lock().store.get(&segments(path)).cloned()
    }

    /// Stores JSON at a path, as it is and unchecked.
    ///
    /// A new path adds a resource to the list above it. A list's own path is possible as well: from
    /// then on the list is `value`, with or without a query.
    ///
    /// Once a stored resource isn't what its document says, no further response is checked against the documents.
    pub fn put_resource(&self, path: &str, value: Value) {
        let state = &mut *self.shared.lock();
        state.brought.note(&value);
        state.store.put(&segments(path), value);
        state.planted |= !Destination::is_documented(&mut state.store, &state.brought, path);
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let broken = self.shared.lock().broken.take();
        if let Some(reason) = broken.filter(|_| !std::thread::panicking()) {
            panic!("{reason}");
        }
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}
