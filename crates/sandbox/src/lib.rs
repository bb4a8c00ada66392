//! Partner Center, Cloudflare and Campaign Standard in one process, for tests that send real HTTP.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_io().build()?.block_on(async {
//! let sandbox = letterhead_sandbox::Sandbox::start().await?;
//! let profile = sandbox.resource("/v1/profiles/organization").expect("it is there from the start");
//! assert_eq!(profile["companyName"], "Fabrikam Partner Services");
//! # std::io::Result::Ok(()) })?;
//! # std::io::Result::Ok(())
//! ```
//!
//! The services keep what they are sent, ask for the right [`credentials`] or for a token of the
//! token endpoints beside them ([`Sandbox::entra_url`], [`Sandbox::ims_url`]), hold every request
//! against the OpenAPI document of its service, and answer mistakes the way the vendors do. Each
//! sandbox starts with the data that [`seed`] names and shares nothing with another one.
//!
//! The calendar of the services stands still at 5 October 2026, 07:12:44 UTC: whatever is made or
//! deleted gets this time, and no deleted user is ever too old to be restored. Only the lives of access
//! tokens are counted in real time.
//!
//! # What went over the wire
//! [`Sandbox::exchanges`] has it for a test. For everything else, name a folder in the environment
//! variable `LETTERHEAD_SANDBOX_HAR`: each sandbox then leaves an HTTP Archive (HAR 1.2) there, to be
//! opened in the network panel of a browser. It has every exchange with an address of a service, unless
//! [`Sandbox::keep_exchanges`] says otherwise. Of a credential in a header it has no more than the
//! scheme, and exchanges with token endpoints are left out. Bodies are there as they went, passwords of
//! users included.

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
mod exchange;
mod fault;
mod form;
mod ids;
mod journal;
#[cfg(test)]
mod operations;
mod page;
mod partner_center;
mod queue;
mod reply;
mod requests;
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
pub use exchange::Exchange;
pub use fault::{Fault, Faults, FaultyProxy};
pub use journal::{AppliedWrite, Service};
pub use reply::Reply;
pub use requests::{HeaderLine, Setup, SuccessfulRequest};
use server::Shared;
pub use sign_in::{MfaRefusal, TokenGrant};
use store::segments;

macro_rules! constants {
    ($(($id:literal, $module:ident, $Type:ident, $ROW:ident))+) => {
        /// What the services accept.
        pub mod credentials {
            $(pub use crate::$module::credentials::*;)+
            pub use crate::sign_in::{
                CAMPAIGN_CLIENT_ID, CAMPAIGN_CLIENT_SECRET, PARTNER_CENTER_CLIENT_ID,
                PARTNER_CENTER_CLIENT_SECRET, PARTNER_CENTER_REFRESH_TOKEN,
            };
        }

        /// The identifiers of what the services know from the start.
        pub mod seed {
            $(pub use crate::$module::seed::*;)+
        }
    };
}
letterhead_spec::for_each_vendor!(constants);

/// The services, running until this is dropped.
///
/// In a debug build an answer that the service's document doesn't have ends the connection with a panic.
/// Dropping this then panics as well, so that no test takes it for a fault of the network.
pub struct Sandbox {
    address: SocketAddr,
    shared: Arc<Shared>,
    /// Nothing is ever sent; that it is gone tells the listener and its connections to end.
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

    /// Every exchange so far, in order.
    #[must_use]
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.shared.lock().exchanges.clone()
    }

    /// Every exchange so far, which are then forgotten.
    #[must_use]
    pub fn take_exchanges(&self) -> Vec<Exchange> {
        std::mem::take(&mut self.shared.lock().exchanges)
    }

    /// Sets whether exchanges are kept. A long run would gather many; those so far are forgotten
    /// when keeping them ends.
    pub fn keep_exchanges(&self, keep: bool) {
        let mut state = self.shared.lock();
        state.forgets_exchanges = !keep;
        if !keep {
            state.exchanges = Vec::new();
        }
    }

    /// Every write that a service applied so far, in order.
    ///
    /// A request that was refused isn't here, nor one that changes nothing, nor a repetition that
    /// Partner Center recognized by its `MS-RequestId` (with the same method and path): that one
    /// got the answer of the first.
    #[must_use]
    pub fn journal(&self) -> Vec<AppliedWrite> {
        self.shared.lock().journal.writes.clone()
    }

    /// Every write so far, which are then forgotten; their repetitions are still recognized.
    #[must_use]
    pub fn take_journal(&self) -> Vec<AppliedWrite> {
        std::mem::take(&mut self.shared.lock().journal.writes)
    }

    /// Has the next request answered with `reply`, whatever it asks for and whoever sends it.
    ///
    /// Replies queue up, one for each request. A token endpoint's request counts like any other.
    pub fn reply_next(&self, reply: Reply) {
        self.shared.lock().replies.push(reply);
    }

    /// Has the next request to `path` answered with `reply`, while others go on as usual.
    ///
    /// The path is that of the request line without the query, however it is percent-encoded.
    /// Of all replies that fit a request it gets the one that was queued first.
    pub fn reply_next_to(&self, path: &str, reply: Reply) {
        self.shared.lock().replies.push_for(path, reply);
    }

    /// Has the next request to `path` with this method answered with `reply`, while others go on as
    /// usual: the write of an update, say, whose read goes to the same path.
    pub fn reply_next_for(&self, method: Method, path: &str, reply: Reply) {
        let replies = &mut self.shared.lock().replies;
        replies.push_for_method(method, path, reply);
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
    /// From a resource on that its document doesn't have, answers aren't held against the documents.
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
