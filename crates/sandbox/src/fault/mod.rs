//! A proxy that lets requests go wrong.

mod body;
mod cursor;
mod json;
mod kind;
mod plan;
mod proxy;
mod spoiled;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use http::Method;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::sandbox::Sandbox;
use crate::server;
pub use kind::Fault;
pub use plan::Faults;
use proxy::Proxy;

/// A proxy in front of a [`Sandbox`], running until this is dropped.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// use letterhead_sandbox::{Fault, Faults, FaultyProxy, Sandbox};
///
/// let sandbox = Sandbox::start().await?;
/// let faults = Faults::script([Some(Fault::ResetAfterApplied), None]);
/// let proxy = FaultyProxy::start(&sandbox, faults).await?;
/// // A client with this base URL gets no response to its first request, and retries.
/// let base_url = proxy.partner_center_url();
/// # assert!(base_url.starts_with("http://127.0.0.1:"));
/// # io::Result::Ok(()) })?;
/// # use std::io;
/// # io::Result::Ok(())
/// ```
///
/// A request goes wrong in one way at most. A fault needs something to spoil: a body, an ETag, a list or a
/// cursor. A response without it arrives unharmed, and the fault isn't counted. Faults that come in several
/// shapes take turns with them. Resets are real ones (`RST`). Connections are kept alive where nothing resets
/// them. A body of more than 8 MiB, and a response that the sandbox breaks off, end in a reset too.
pub struct FaultyProxy {
    pub(crate) address: SocketAddr,
    proxy: Arc<Proxy>,
    /// Nothing is ever sent. When it is dropped, the listener and its connections end.
    _running: watch::Sender<()>,
}

impl FaultyProxy {
    /// Starts a proxy on a free port of the loopback interface.
    ///
    /// # Errors
    /// If no port can be had.
    ///
    /// # Panics
    /// Outside of a tokio runtime with I/O and time.
    pub async fn start(sandbox: &Sandbox, faults: Faults) -> io::Result<Self> {
        Self::start_at(0, sandbox, faults).await
    }

    /// Starts a proxy on this port of the loopback interface; on a free one where it is 0.
    ///
    /// # Errors
    /// If the port can't be had.
    ///
    /// # Panics
    /// Outside of a tokio runtime with I/O and time.
    pub async fn start_at(port: u16, sandbox: &Sandbox, faults: Faults) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let proxy = Arc::new(Proxy::new(sandbox, faults));
        let (running, stop) = watch::channel(());
        let own = Arc::clone(&proxy);
        tokio::spawn(server::accept(listener, stop, move |stream, stop| {
            proxy::connection(stream, Arc::clone(&own), stop)
        }));
        Ok(Self { address, proxy, _running: running })
    }

    /// Lets the next request go wrong, whatever it asks for.
    ///
    /// Faults queue up behind those of [`Faults::script`], one for each request.
    pub fn fault_next(&self, fault: Fault) {
        self.proxy.plan().queue.push(Some(fault));
    }

    /// Lets the next request to `path` go wrong, while others go on as planned.
    ///
    /// The path is that of the request line without the query, however it is percent-encoded.
    pub fn fault_next_to(&self, path: &str, fault: Fault) {
        self.proxy.plan().queue.push_for(path, Some(fault));
    }

    /// Lets the next request to `path` with this method go wrong, while others go on as planned: the write of an update, say, whose read goes to the same path.
    pub fn fault_next_for(&self, method: Method, path: &str, fault: Fault) {
        let queue = &mut self.proxy.plan().queue;
        queue.push_for_method(method, path, Some(fault));
    }

    /// How many requests there were, gone wrong or not.
    #[must_use]
    pub fn request_count(&self) -> u64 {
        self.proxy.plan().requests
    }

    /// How often each kind of fault was injected; every kind is there.
    #[must_use]
    pub fn fault_counts(&self) -> BTreeMap<Fault, u64> {
        self.proxy.plan().counts.clone()
    }
}

impl fmt::Debug for FaultyProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FaultyProxy").field("address", &self.address).finish_non_exhaustive()
    }
}
