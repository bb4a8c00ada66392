//! The connection to Redis: one for all of a runtime, made when it is needed, and never waited for longer than the limit.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use ::redis::aio::MultiplexedConnection;
use ::redis::{
    AsyncConnectionConfig, Client, ConnectionInfo, FromRedisValue, IntoConnectionInfo as _,
    ProtocolVersion, PushInfo, PushKind, Script, ScriptInvocation,
};
use tokio::runtime::{Handle, Id};
use tokio::sync::Mutex as AsyncMutex;
use tokio::time::{Instant, sleep};

use crate::Error;
use crate::closings::{Closings, lock};
use crate::error::Kind;

/// How long Redis isn't asked after it couldn't be.
pub(crate) const PAUSE: Duration = Duration::from_millis(250);
/// How often a failure of some commands is logged at most.
const LOG_PAUSE: Duration = Duration::from_secs(10);

/// A script, with what all of them need to read numbers and the server's clock.
pub(crate) fn script(code: &str) -> Script {
    Script::new(&[include_str!("lua/numbers.lua"), code].concat())
}

pub(crate) struct Server {
    client: Client,
    pub(crate) closings: Closings,
    limit: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// By the runtime that drives the connection: it moves for no other one.
    rooms: HashMap<Id, Room>,
    /// Why Redis can't be asked, and when to try again.
    failing: Option<(Error, Instant)>,
    /// When a failure was last logged that doesn't keep Redis from being asked.
    logged: Option<Instant>,
}

/// What one runtime has.
#[derive(Default)]
struct Room {
    live: Option<Live>,
    connecting: Arc<AsyncMutex<()>>,
}

#[derive(Clone)]
struct Live {
    connection: MultiplexedConnection,
    /// Nothing that is sent on it arrives any more.
    is_closed: Arc<AtomicBool>,
}

/// Says that a connection is closed, at the latest when it is dropped: with the runtime that drives it.
struct Closing(Arc<AtomicBool>);

impl Server {
    pub(crate) fn new(
        info: ConnectionInfo,
        namespace: &str,
        limit: Duration,
    ) -> Result<Self, Error> {
        if !info.addr().is_supported() {
            return Err(without_tls());
        }
        #[cfg(feature = "rustls")]
        if matches!(info.addr(), ::redis::ConnectionAddr::TcpTls { .. }) {
            // The crate `redis` panics where the process has none and rustls was built with several. One that is there
            // is kept.
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        let closings = Closings::new(namespace, info.redis_settings().db());
        // With it a closed connection is noticed at once, so that nothing is sent on it of which nobody knows
        // whether it arrived; and messages come over the connection of the commands.
        let redis = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
        let client = Client::open(info.set_redis_settings(redis)).map_err(|_| {
            Error::new(
                Kind::Configuration,
                "the address of Redis can't be used; look at its scheme",
            )
        })?;
        Ok(Self { client, closings, limit, state: Mutex::default() })
    }

    pub(crate) fn limit(&self) -> Duration {
        self.limit
    }

    /// Runs a script that may be run twice: where the connection is lost, it is sent again over a new one.
    pub(crate) async fn run<T: FromRedisValue>(
        &self,
        script: &ScriptInvocation<'_>,
    ) -> Result<T, Error> {
        self.attempts(2, script).await
    }

    /// Runs a script that does one more thing each time. After a failure nobody knows whether it has.
    pub(crate) async fn run_once<T: FromRedisValue>(
        &self,
        script: &ScriptInvocation<'_>,
    ) -> Result<T, Error> {
        self.attempts(1, script).await
    }

    async fn attempts<T: FromRedisValue>(
        &self,
        most: u32,
        script: &ScriptInvocation<'_>,
    ) -> Result<T, Error> {
        let mut known = self.known()?;
        let mut used = None;
        let attempts = async {
            let mut attempt = 0;
            loop {
                attempt += 1;
                let mut live = match known.take() {
                    Some(live) => live,
                    None => self.connect().await?,
                };
                used = Some(Arc::clone(&live.is_closed));
                let error = match script.invoke_async(&mut live.connection).await {
                    Ok(value) => return Ok(value),
                    Err(error) => error,
                };
                let failed = Error::of(&error);
                let is_lost = error.is_io_error() || error.is_unrecoverable_error();
                if is_lost || failed.is_read_only() {
                    // Behind the same name may be another server by now.
                    self.leave(&live.is_closed);
                }
                if attempt == most || !is_lost {
                    return Err(failed);
                }
            }
        };
        // In halves: a runtime that was blocked has the second one to see what came meanwhile.
        let late = async {
            for _ in 0..2 {
                sleep(self.limit / 2).await;
            }
        };
        let outcome = tokio::select! {
            biased;
            outcome = attempts => outcome,
            () = late => {
                if let Some(connection) = used {
                    self.leave(&connection);
                }
                Err(Error::late(self.limit))
            }
        };
        match &outcome {
            Ok(_) => self.succeed(),
            Err(error) => self.fail(error),
        }
        outcome
    }

    async fn connect(&self) -> Result<Live, Error> {
        let connecting = Arc::clone(&self.state().room().connecting);
        let _turn = connecting.lock().await;
        if let Some(live) = self.state().live() {
            return Ok(live);
        }
        let is_closed = Arc::new(AtomicBool::new(false));
        let (closing, closings) = (Closing(Arc::clone(&is_closed)), self.closings.clone());
        let config = AsyncConnectionConfig::new()
            // Theirs would be shorter or longer than the limit of the whole.
            .set_connection_timeout(None)
            .set_response_timeout(None)
            .set_push_sender(move |push: PushInfo| {
                match push.kind {
                    PushKind::Disconnection => closing.close(),
                    PushKind::PMessage => closings.hear(&push.data),
                    _ => {}
                }
                Ok::<(), redis::aio::SendError>(())
            });
        let connection = self.client.get_multiplexed_async_connection_with_config(&config).await;
        let mut connection = connection.map_err(|error| Error::of(&error))?;
        if let Err(error) = connection.psubscribe(&self.closings.pattern).await {
            let pattern = &self.closings.pattern;
            let reason = match Error::of(&error) {
                error if error.is_refused() => "its user may not".to_owned(),
                error => error.to_string(),
            };
            tracing::warn!(
                reason,
                "Redis can't be asked for the messages of `{pattern}`, so that this replica hears of a closed quota \
                 with its next turn"
            );
        }
        let live = Live { connection, is_closed };
        self.state().room().live = Some(live.clone());
        Ok(live)
    }

    /// The next command of this runtime goes over a new connection, unless this one was left before.
    fn leave(&self, left: &Arc<AtomicBool>) {
        self.state().room().live.take_if(|live| Arc::ptr_eq(&live.is_closed, left));
    }

    /// The connection that is there, if Redis may be asked at all.
    fn known(&self) -> Result<Option<Live>, Error> {
        let mut state = self.state();
        let now = Instant::now();
        if let Some((error, until)) = &mut state.failing {
            if now < *until {
                return Err(error.clone());
            }
            // One tries, and the others needn't wait for it.
            *until = now + self.limit + PAUSE;
        }
        Ok(state.live())
    }

    fn succeed(&self) {
        if self.state().failing.take().is_some() {
            tracing::info!("Redis can be used again");
        }
    }

    fn fail(&self, error: &Error) {
        let mut state = self.state();
        let now = Instant::now();
        if error.is_of_server() {
            if state.failing.is_none() {
                tracing::warn!(error = %error, "Redis can't be used");
            }
            state.failing = Some((error.clone(), now + PAUSE));
            return;
        }
        // It has responded.
        state.failing = None;
        if state.logged.is_none_or(|at| now >= at + LOG_PAUSE) {
            state.logged = Some(now);
            tracing::warn!(error = %error, "Redis can't be used for everything");
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl State {
    fn live(&mut self) -> Option<Live> {
        self.room().live.clone().filter(Live::is_open)
    }

    /// That of the caller's runtime.
    fn room(&mut self) -> &mut Room {
        let id = Handle::current().id();
        if !self.rooms.contains_key(&id) {
            // Those of runtimes that are over.
            self.rooms.retain(|_, room| room.live.as_ref().is_some_and(Live::is_open));
        }
        self.rooms.entry(id).or_default()
    }
}

impl Closing {
    fn close(&self) {
        self.0.store(true, Ordering::Release);
    }
}

impl Drop for Closing {
    fn drop(&mut self) {
        self.close();
    }
}

impl Live {
    fn is_open(&self) -> bool {
        !self.is_closed.load(Ordering::Acquire)
    }
}

/// Reads an address. It isn't shown: there may be a password in it.
pub(crate) fn address(text: &str) -> Result<ConnectionInfo, Error> {
    text.into_connection_info().map_err(|_| {
        let is_tls = ["rediss:", "valkeys:"].iter().any(|scheme| text.starts_with(scheme));
        if is_tls && cfg!(not(any(feature = "rustls", feature = "native-tls"))) {
            return without_tls();
        }
        Error::new(
            Kind::Configuration,
            "the address of Redis isn't a URL such as `redis://user:password@host:6379/0`",
        )
    })
}

fn without_tls() -> Error {
    Error::new(
        Kind::Configuration,
        "the address of Redis asks for TLS, or for what this platform doesn't have; for TLS enable the feature \
         `rustls` or `native-tls` of letterhead-redis",
    )
}
