//! The service as a process, with a sandbox in place of the vendors.

use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use letterhead::reqwest::{Client, Method, Response};
use letterhead_sandbox::{Sandbox, seed};
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{
    AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWriteExt as _, BufReader,
};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

/// No test waits for longer.
const LONGEST: Duration = Duration::from_secs(60);

/// Where the vendors' parts of the job are.
pub(crate) const PROFILE: &str = "/v1/profiles/organization";
pub(crate) const UNITS: &str = "/fabrikam/campaign/profileAndServicesExt/orgUnitBase/";

/// The path of the organization's profile at Cloudflare.
pub(crate) fn organization() -> String {
    format!("/client/v4/organizations/{}/profile", seed::CLOUDFLARE_ORGANIZATION_ID)
}

/// The service, until this is dropped.
pub(crate) struct Service {
    pub(crate) sandbox: Sandbox,
    pub(crate) url: String,
    http: Client,
    child: Child,
    /// Everything that it prints.
    output: Arc<Mutex<String>>,
    readers: Vec<JoinHandle<()>>,
    _files: TempDir,
}

impl Service {
    pub(crate) async fn start() -> Self {
        Self::with(&[]).await
    }

    /// A service with these variables besides those that it needs.
    pub(crate) async fn with(variables: &[(&str, &str)]) -> Self {
        let sandbox = Sandbox::start().await.unwrap();
        let files = TempDir::new().unwrap();
        let mut child = command()
            .envs(sandbox.environment(files.path()).unwrap())
            .env("CLOUDFLARE_ORGANIZATION_ID", seed::CLOUDFLARE_ORGANIZATION_ID)
            .envs(variables.iter().copied())
            .spawn()
            .unwrap();
        let mut printed = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        within(printed.read_line(&mut line)).await.unwrap();
        let url = line.trim().strip_prefix("listening on ").expect("it says where").to_owned();
        let output = Arc::new(Mutex::new(line.clone()));
        let readers = vec![
            collect(printed, Arc::clone(&output)),
            collect(BufReader::new(child.stderr.take().unwrap()), Arc::clone(&output)),
        ];
        let http = letterhead::http_client_builder().unwrap().no_proxy().build().unwrap();
        Self { sandbox, url, http, child, output, readers, _files: files }
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Response {
        let mut request = self.http.request(method, format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        within(request.send()).await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.send(Method::GET, path, &[], None).await
    }

    /// `PUT /company/phone` with a number.
    pub(crate) async fn set_phone(&self, number: &str, headers: &[(&str, &str)]) -> Response {
        let body = serde_json::json!({"phoneNumber": number});
        self.send(Method::PUT, "/company/phone", headers, Some(&body)).await
    }

    /// A connection on which that request was sent; the client goes away when it is dropped.
    pub(crate) async fn begin(&self, head: &str, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address()).await.unwrap();
        let request = format!(
            "{head} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        stream
    }

    pub(crate) fn address(&self) -> &str {
        self.url.strip_prefix("http://").unwrap()
    }

    /// Asks it to end, as a process manager does.
    pub(crate) async fn terminate(&self) {
        let id = self.child.id().expect("it runs").to_string();
        let status = Command::new("kill").args(["-TERM", &id]).status().await.unwrap();
        assert!(status.success());
    }

    /// How it ends, and all that it has printed.
    pub(crate) async fn ended(mut self) -> (ExitStatus, String) {
        let status = within(self.child.wait()).await.unwrap();
        for reader in self.readers {
            within(reader).await.unwrap();
        }
        let output = self.output.lock().unwrap().clone();
        (status, output)
    }
}

/// The program, with no variable but those that are given to it.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_letterhead-service"));
    command.env_clear().env("LISTEN", "127.0.0.1:0").env("RUST_LOG", "debug");
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

/// A vendor that receives a request, and responds with an empty list when the test lets it.
pub(crate) struct Slow {
    pub(crate) url: String,
    received: Arc<Semaphore>,
    go: Arc<Semaphore>,
}

impl Slow {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let [received, go] = [(); 2].map(|()| Arc::new(Semaphore::new(0)));
        let slow = Self { url, received: Arc::clone(&received), go: Arc::clone(&go) };
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (received, go) = (Arc::clone(&received), Arc::clone(&go));
                tokio::spawn(async move {
                    let mut head = Vec::new();
                    while !head.ends_with(b"\r\n\r\n") {
                        head.push(stream.read_u8().await?);
                    }
                    received.add_permits(1);
                    go.acquire().await.unwrap().forget();
                    let body = r#"{"content":[]}"#;
                    let length = body.len();
                    let head =
                        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json";
                    let response = format!("{head}\r\ncontent-length: {length}\r\n\r\n{body}");
                    stream.write_all(response.as_bytes()).await
                });
            }
        });
        slow
    }

    /// Waits until a request is there.
    pub(crate) async fn received(&self) {
        within(self.received.acquire()).await.unwrap().forget();
    }

    /// Lets it respond.
    pub(crate) fn go(&self) {
        self.go.add_permits(1);
    }
}

/// Asks until it is so.
pub(crate) async fn eventually<F: Future<Output = bool>>(what: &str, mut is_so: impl FnMut() -> F) {
    let asking = async {
        while !is_so().await {
            tokio::task::yield_now().await;
        }
    };
    assert!(tokio::time::timeout(LONGEST, asking).await.is_ok(), "never: {what}");
}

pub(crate) async fn within<F: Future>(future: F) -> F::Output {
    tokio::time::timeout(LONGEST, future).await.expect("it takes less than a minute")
}

fn collect(
    mut from: impl AsyncRead + Unpin + Send + 'static,
    to: Arc<Mutex<String>>,
) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut bytes = [0; 4096];
        while let Ok(count @ 1..) = from.read(&mut bytes).await {
            to.lock().unwrap().push_str(&String::from_utf8_lossy(&bytes[..count]));
        }
    })
}
