//! Connections that several clients share.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, OnceLock, PoisonError, Weak};

use tokio::runtime::{Handle, Id};
use tokio::sync::oneshot;

use super::http_client::Setup;

/// How many origins are known before those are forgotten that no client has.
const KNOWN_ORIGINS: usize = 64;

/// Connections that several clients share; clones are one transport.
///
/// All clients of a process share one, unless their builder is given
/// [another](crate::ClientBuilder::transport): so a thousand clients read the platform's trust store once, and
/// one connection serves the calls of all of them, one after the other. What a client sends is its own all the
/// same: its credential, its limits, its retries. A client whose attempts keep failing leaves its connections
/// for new ones, and the others stay.
///
/// A connection belongs to the tokio runtime that it was opened in, and serves the calls of that runtime alone.
/// It is closed when the runtime ends.
///
/// ```
/// # #[cfg(feature = "cloudflare")] {
/// use letterhead::Transport;
/// use letterhead::cloudflare::{Client, Credential};
///
/// # fn run(credentials: Vec<Credential>) -> Result<Vec<Client>, letterhead::Error> {
/// // Apart from the rest of the program, and shared among these.
/// let transport = Transport::new();
/// let client = |credential| {
///     Client::builder().credential(credential).transport(&transport).build()
/// };
/// credentials.into_iter().map(client).collect()
/// # }
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Transport(Arc<Rooms>);

#[derive(Default)]
struct Rooms(Mutex<HashMap<Option<Id>, Room>>);

/// The connections of one runtime.
#[derive(Default)]
struct Room {
    origins: Vec<Arc<Origin>>,
    /// Dropped with the room, which ends the task that awaits the end of the runtime.
    watch: Option<oneshot::Sender<()>>,
}

/// The connections to one origin, or those of all sign-ins together: a vendor whose host is gone has no other
/// one's connections left.
pub(super) struct Origin {
    name: Option<Arc<str>>,
    setup: Arc<Setup>,
    newest: Mutex<Numbered>,
    /// Keeps no connection.
    single: OnceLock<Arc<Connections>>,
}

/// An HTTP client, and how many came before it.
#[derive(Clone)]
struct Numbered {
    http: reqwest::Client,
    number: u64,
}

/// What a client's attempts are sent with; each holds it until it is over.
pub(super) struct Connections {
    pub(super) http: reqwest::Client,
    /// How many HTTP clients came before.
    pub(super) number: u64,
    /// How many attempts in a row have failed.
    pub(super) failed: AtomicUsize,
}

/// The runtime that the caller runs in.
pub(super) fn runtime() -> Option<Id> {
    Handle::try_current().ok().map(|runtime| runtime.id())
}

impl Transport {
    /// Connections apart from those of all other clients.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// That of all clients which are given no other one.
    pub(super) fn of_process() -> Self {
        static SHARED: LazyLock<Transport> = LazyLock::new(Transport::new);
        SHARED.clone()
    }

    /// The connections to an origin that were opened in the caller's runtime; without a name those of sign-ins.
    pub(super) fn origin(&self, setup: &Arc<Setup>, name: Option<&Arc<str>>) -> Arc<Origin> {
        let id = runtime();
        let mut rooms = self.0.lock();
        let room = rooms.entry(id).or_default();
        let is_it = |origin: &&Arc<Origin>| {
            origin.name.as_deref() == name.map(AsRef::as_ref) && Arc::ptr_eq(&origin.setup, setup)
        };
        if let Some(origin) = room.origins.iter().find(is_it) {
            return Arc::clone(origin);
        }
        if room.origins.len() >= KNOWN_ORIGINS {
            room.origins.retain(|origin| Arc::strong_count(origin) > 1);
        }
        let origin = Arc::new(Origin::new(name.cloned(), Arc::clone(setup)));
        room.origins.push(Arc::clone(&origin));
        let watched = room.watch.is_none().then(|| {
            let (watch, dropped) = oneshot::channel();
            room.watch = Some(watch);
            dropped
        });
        // Without the lock: the task of a runtime that is ending is dropped at once.
        drop(rooms);
        if let (Some(dropped), Ok(runtime)) = (watched, Handle::try_current()) {
            let end = End { rooms: Arc::downgrade(&self.0), id };
            runtime.spawn(async move {
                let _ = dropped.await;
                drop(end);
            });
        }
        origin
    }

    /// How many runtimes have connections of it.
    #[cfg(test)]
    pub(super) fn rooms(&self) -> usize {
        self.0.lock().len()
    }
}

impl Rooms {
    fn lock(&self) -> MutexGuard<'_, HashMap<Option<Id>, Room>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Dropped with the runtime.
struct End {
    rooms: Weak<Rooms>,
    id: Option<Id>,
}

impl Drop for End {
    fn drop(&mut self) {
        let Some(rooms) = self.rooms.upgrade() else { return };
        let room = rooms.lock().remove(&self.id);
        drop(room);
    }
}

impl Origin {
    fn new(name: Option<Arc<str>>, setup: Arc<Setup>) -> Self {
        let newest = Numbered { http: setup.http(usize::MAX), number: 0 };
        Self { name, setup, newest: Mutex::new(newest), single: OnceLock::new() }
    }

    /// The HTTP client, for sign-ins.
    pub(super) fn http(&self) -> reqwest::Client {
        self.lock().http.clone()
    }

    /// For a client that has none yet.
    pub(super) fn newest(&self) -> Arc<Connections> {
        Connections::new(self.lock().clone())
    }

    /// For a client that leaves those with this number.
    pub(super) fn after(&self, left: u64) -> Arc<Connections> {
        let mut newest = self.lock();
        if newest.number == left {
            *newest = Numbered { http: self.setup.http(usize::MAX), number: left + 1 };
        }
        Connections::new(newest.clone())
    }

    /// What opens a connection for each request.
    pub(super) fn single(&self) -> &Arc<Connections> {
        let make = || Connections::new(Numbered { http: self.setup.http(0), number: 0 });
        self.single.get_or_init(make)
    }

    fn lock(&self) -> MutexGuard<'_, Numbered> {
        self.newest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connections {
    fn new(client: Numbered) -> Arc<Self> {
        let Numbered { http, number } = client;
        Arc::new(Self { http, number, failed: AtomicUsize::new(0) })
    }

    /// Those of a client of the caller's.
    pub(super) fn of(http: reqwest::Client) -> Arc<Self> {
        Self::new(Numbered { http, number: 0 })
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").finish_non_exhaustive()
    }
}
