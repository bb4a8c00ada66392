//! A server of scripted bytes: it knows no HTTP, it reads requests and sends what a row says.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// What a client sent.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// Which connection it came on, from 0.
    pub(crate) connection: usize,
    /// Which request of the server it is, from 0, since they were last taken.
    pub(crate) number: usize,
    /// The request line and the headers.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn method(&self) -> &str {
        self.head.split(' ').next().unwrap_or_default()
    }

    pub(crate) fn target(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().skip(1);
        let mut pairs = lines.filter_map(|line| line.split_once(':'));
        let found = pairs.find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// What a server does after a request, or with a new connection.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Send(Vec<u8>),
    /// Sends these bytes for as long as somebody takes them.
    Endless(Vec<u8>),
    /// Goes on when the test adds a permit.
    Await(Arc<Semaphore>),
    /// Says nothing more and keeps the connection.
    Stall,
    /// Ends the connection when the next request comes, which isn't read.
    Stale,
    Close,
    Reset,
}

/// The steps of one response; the connection lives on after the last one.
pub(crate) type Response = Vec<Step>;

type Script = dyn FnMut(&Request) -> Response + Send;

#[derive(Clone)]
pub(crate) struct RawServer {
    pub(crate) url: String,
    shared: Arc<Shared>,
}

struct Shared {
    script: Mutex<Box<Script>>,
    greeting: Response,
    requests: Mutex<Vec<Request>>,
    connections: AtomicUsize,
    sent: AtomicU64,
}

impl RawServer {
    pub(crate) async fn start(script: impl FnMut(&Request) -> Response + Send + 'static) -> Self {
        Self::greeting(Vec::new(), script).await
    }

    /// A server that does something with each connection before it reads from it.
    pub(crate) async fn greeting(
        greeting: Response,
        script: impl FnMut(&Request) -> Response + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            script: Mutex::new(Box::new(script)),
            greeting,
            requests: Mutex::default(),
            connections: AtomicUsize::default(),
            sent: AtomicU64::default(),
        });
        let accepting = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let number = accepting.connections.fetch_add(1, Ordering::SeqCst);
                let shared = Arc::clone(&accepting);
                tokio::spawn(async move { shared.connection(stream, number).await.ok() });
            }
        });
        Self { url, shared }
    }

    /// A server that gives these responses one after the other, and the last one for ever.
    pub(crate) async fn each(responses: Vec<Response>) -> Self {
        Self::start(move |request| {
            let last = responses.len() - 1;
            responses[request.number.min(last)].clone()
        })
        .await
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.shared.requests.lock().unwrap().clone()
    }

    /// The requests since they were last taken.
    pub(crate) fn take_requests(&self) -> Vec<Request> {
        std::mem::take(&mut *self.shared.requests.lock().unwrap())
    }

    pub(crate) fn count(&self, method: &str) -> usize {
        let requests = self.requests();
        requests.iter().filter(|it| it.method() == method).count()
    }

    pub(crate) fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// How many bytes left for clients, those in the system's buffers included.
    pub(crate) fn sent(&self) -> u64 {
        self.shared.sent.load(Ordering::SeqCst)
    }
}

impl Shared {
    async fn connection(&self, mut stream: TcpStream, connection: usize) -> std::io::Result<()> {
        stream.set_nodelay(true)?;
        if !self.perform(&mut stream, self.greeting.clone()).await? {
            return Ok(());
        }
        let mut buffer = Vec::new();
        loop {
            let Some((head, body)) = read(&mut stream, &mut buffer).await? else {
                return Ok(());
            };
            let request = {
                let mut requests = self.requests.lock().unwrap();
                let number = requests.len();
                requests.push(Request { connection, number, head, body });
                requests[number].clone()
            };
            let response = (self.script.lock().unwrap())(&request);
            if !self.perform(&mut stream, response).await? {
                return Ok(());
            }
        }
    }

    /// Takes the steps; whether the connection lives on.
    async fn perform(&self, stream: &mut TcpStream, steps: Response) -> std::io::Result<bool> {
        for step in steps {
            match step {
                Step::Send(bytes) => self.send(stream, &bytes).await?,
                Step::Endless(bytes) => loop {
                    self.send(stream, &bytes).await?;
                    tokio::task::yield_now().await;
                },
                Step::Await(go) => go.acquire().await.unwrap().forget(),
                Step::Stall => std::future::pending().await,
                Step::Stale => {
                    stream.readable().await?;
                    return Ok(false);
                }
                Step::Close => {
                    stream.shutdown().await?;
                    return Ok(false);
                }
                Step::Reset => {
                    stream.set_zero_linger()?;
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    async fn send(&self, stream: &mut TcpStream, bytes: &[u8]) -> std::io::Result<()> {
        stream.write_all(bytes).await?;
        let count = u64::try_from(bytes.len()).unwrap();
        self.sent.fetch_add(count, Ordering::SeqCst);
        Ok(())
    }
}

/// The next request, or none where the client is gone.
async fn read(
    stream: &mut TcpStream,
    buffer: &mut Vec<u8>,
) -> std::io::Result<Option<(String, Vec<u8>)>> {
    let end = loop {
        if let Some(at) = buffer.windows(4).position(|end| end == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    };
    let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    let whole = end + length.unwrap_or(0);
    while buffer.len() < whole {
        if stream.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    }
    let rest = buffer.split_off(whole);
    let body = std::mem::replace(buffer, rest).split_off(end);
    Ok(Some((head, body)))
}

/// A whole response with JSON.
pub(crate) fn json(status: u16, body: impl AsRef<[u8]>) -> Response {
    typed(status, "content-type: application/json\r\n", body)
}

/// A whole response with these header lines.
pub(crate) fn typed(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Response {
    let body = body.as_ref();
    let head = if matches!(status, 204 | 304) {
        format!("HTTP/1.1 {status} S\r\n{headers}\r\n")
    } else {
        let length = body.len();
        format!("HTTP/1.1 {status} S\r\n{headers}content-length: {length}\r\n\r\n")
    };
    vec![Step::Send([head.as_bytes(), body].concat())]
}

/// These bytes, after which the connection lives on.
pub(crate) fn raw(bytes: impl AsRef<[u8]>) -> Response {
    vec![Step::Send(bytes.as_ref().to_vec())]
}

/// These bytes, and then no more.
pub(crate) fn cut(bytes: impl AsRef<[u8]>) -> Response {
    vec![Step::Send(bytes.as_ref().to_vec()), Step::Close]
}
