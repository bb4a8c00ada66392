//! The sandbox, as a test holds it.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use http::Method;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::archive::Archive;
use crate::destination::{self, Destination};
use crate::journal::AppliedWrite;
use crate::recorded_request::RecordedRequest;
use crate::response::Response;
use crate::server;
use crate::state::Shared;
use crate::store::segments;

/// The services, running until this is dropped.
///
/// In a debug build a response that isn't in the service's document ends the connection with a panic.
/// Dropping this then panics as well, so that no test takes it for a fault of the network.
pub struct Sandbox {
    pub(crate) address: SocketAddr,
    pub(crate) shared: Arc<Shared>,
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
        Self::start_at(0).await
    }

    /// Starts the services on this port of the loopback interface; on a free one where it is 0.
    ///
    /// # Errors
    /// If the port can't be had, or if an archive is wanted and can't be made.
    ///
    /// # Panics
    /// Outside of a tokio runtime with I/O.
    pub async fn start_at(port: u16) -> io::Result<Self> {
        destination::prepare();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
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
        Ok(Self { address, shared, _running: running })
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
        f.debug_struct("Sandbox").field("address", &self.address).finish_non_exhaustive()
    }
}
