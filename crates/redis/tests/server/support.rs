//! A Redis of the test's own, and sources that count.

use std::error::Error as StdError;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::num::NonZeroU32;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, mpsc};
use std::time::Duration;

use letterhead::{AccessToken, BoxFuture, QuotaStatus, TokenSource, http_client_builder, reqwest};
use letterhead_redis::{Key, Redis, RedisBuilder, WhenAway, client};
use tempfile::TempDir;
use tokio::sync::Semaphore;

/// That the vendor throttles.
pub(crate) fn throttled(wait: Duration) -> QuotaStatus {
    let mut status = QuotaStatus::default();
    status.throttled = Some(wait);
    status
}

/// For a command of a server that is there, on a machine that does other things.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// A `redis-server` on loopback, which is killed when it is dropped.
pub(crate) struct Server {
    folder: TempDir,
    scheme: &'static str,
    port: u16,
    options: Vec<String>,
    child: Option<Child>,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    pub(crate) fn with(options: &[&str]) -> Self {
        Self::speaking("redis", options)
    }

    #[cfg(feature = "rustls")]
    pub(crate) fn over_tls(options: &[&str]) -> Self {
        Self::speaking("rediss", options)
    }

    fn speaking(scheme: &'static str, options: &[&str]) -> Self {
        for _ in 0..20 {
            let folder = tempfile::tempdir().unwrap();
            // Free when it is asked for; another one may take it first.
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let options = options.iter().map(ToString::to_string).collect();
            let mut server = Self { folder, scheme, port, options, child: None };
            if server.run() {
                return server;
            }
        }
        panic!("no port for `redis-server`");
    }

    /// Starts it again, on the same port and with what it has kept.
    pub(crate) fn restart(&mut self) {
        self.kill();
        assert!(self.run(), "`redis-server` doesn't start again");
    }

    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    pub(crate) fn url(&self) -> String {
        format!("{}://127.0.0.1:{}/", self.scheme, self.port)
    }

    pub(crate) fn builder(&self, when_away: WhenAway) -> RedisBuilder {
        Redis::builder(&self.url(), Key::new([7; 32]), when_away).timeout(PATIENCE)
    }

    pub(crate) fn redis(&self, when_away: WhenAway) -> Redis {
        self.builder(when_away).build().unwrap()
    }

    /// A plain connection, to look and to interfere.
    pub(crate) async fn connection(&self) -> client::aio::MultiplexedConnection {
        let client = client::Client::open(self.url()).unwrap();
        client.get_multiplexed_async_connection().await.unwrap()
    }

    /// How many scripts were run so far.
    pub(crate) async fn commands(&self) -> usize {
        let mut connection = self.connection().await;
        let info: String =
            client::cmd("INFO").arg("commandstats").query_async(&mut connection).await.unwrap();
        let calls = info.lines().filter_map(|line| {
            let (name, stats) = line.split_once(":calls=")?;
            let count = stats.split(',').next()?.parse::<usize>().unwrap();
            ["cmdstat_eval", "cmdstat_evalsha", "cmdstat_script|load"]
                .contains(&name)
                .then_some(count)
        });
        calls.sum()
    }

    fn run(&mut self) -> bool {
        let port = self.port.to_string();
        let ports = match self.scheme {
            "rediss" => ["--tls-port", &port, "--port", "0"],
            _ => ["--tls-port", "0", "--port", &port],
        };
        let mut child = Command::new("redis-server")
            .args(ports)
            .args(["--bind", "127.0.0.1", "--save", ""])
            .arg("--dir")
            .arg(self.folder.path())
            .args(&self.options)
            .stdout(Stdio::piped())
            .spawn()
            .expect("`redis-server` of Debian's package of the same name");
        let output = BufReader::new(child.stdout.take().unwrap());
        let (sender, ready) = mpsc::channel();
        // Reads on to the end, so that the server never waits for its log.
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if line.contains("Ready to accept connections") {
                    let _ = sender.send(());
                }
            }
        });
        self.child = Some(child);
        let is_ready = ready.recv().is_ok();
        if !is_ready {
            self.kill();
        }
        is_ready
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Yields `token 1`, `token 2`, ..., for all replicas of a test.
#[derive(Clone, Debug)]
pub(crate) struct Issuer {
    issued: Arc<AtomicUsize>,
    life: Duration,
    /// One permit for each token.
    gate: Arc<Semaphore>,
    asked: Arc<Semaphore>,
}

impl Issuer {
    pub(crate) fn new(life: Duration) -> Self {
        Self {
            issued: Arc::default(),
            life,
            gate: Arc::new(Semaphore::new(Semaphore::MAX_PERMITS)),
            asked: Arc::new(Semaphore::new(0)),
        }
    }

    /// One that issues nothing before it is [let](Self::issue).
    pub(crate) fn closed(life: Duration) -> Self {
        Self { gate: Arc::new(Semaphore::new(0)), ..Self::new(life) }
    }

    pub(crate) fn issue(&self, tokens: usize) {
        self.gate.add_permits(tokens);
    }

    /// Waits until somebody has asked for one more token.
    pub(crate) async fn asked(&self) {
        self.asked.acquire().await.unwrap().forget();
    }

    pub(crate) fn issued(&self) -> usize {
        self.issued.load(Ordering::SeqCst)
    }
}

impl TokenSource for Issuer {
    fn fetch<'a>(
        &'a self,
        _http: &'a reqwest::Client,
    ) -> BoxFuture<'a, Result<AccessToken, Box<dyn StdError + Send + Sync>>> {
        Box::pin(async {
            self.asked.add_permits(1);
            self.gate.acquire().await?.forget();
            let count = self.issued.fetch_add(1, Ordering::SeqCst) + 1;
            Ok(AccessToken::new(format!("token {count}").into(), Some(self.life)))
        })
    }
}

pub(crate) const fn number(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap()
}

/// Made once: it reads the platform's certificates, and keeps the runtime's thread from its work meanwhile.
pub(crate) fn http() -> reqwest::Client {
    static HTTP: LazyLock<reqwest::Client> =
        LazyLock::new(|| http_client_builder().unwrap().build().unwrap());
    HTTP.clone()
}

/// Asks as a client does.
pub(crate) async fn token(source: &impl TokenSource) -> Result<String, String> {
    let token = source.fetch(&http()).await.map_err(|error| error.to_string())?;
    Ok(token.token().expose().to_owned())
}
