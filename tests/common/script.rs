use std::future::{Future, poll_fn};
use std::io;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use letterhead::{ClientBuilder, VendorClient, cloudflare, partner_center};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::{ManualClock, without_backoff};

/// A server that writes raw bytes, and keeps what it read.
pub(crate) struct Script {
    pub(crate) url: String,
    pub(crate) clock: ManualClock,
    requests: Arc<Mutex<Vec<Vec<u8>>>>,
}

/// Where a request came in, each counted from zero.
#[derive(Clone, Copy)]
pub(crate) struct At {
    /// Among all requests.
    pub(crate) request: usize,
    pub(crate) connection: usize,
}

/// What becomes of a request.
pub(crate) enum Say {
    /// The connection stays open.
    Keep(Vec<u8>),
    Close(Vec<u8>),
    /// The connection stays open until the next request comes, which isn't read.
    Stale(Vec<u8>),
}

impl Script {
    /// Answers each request, of which it has read all.
    pub(crate) async fn answer(say: impl Fn(At) -> Say + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests: Arc<Mutex<Vec<Vec<u8>>>> = Arc::default();
        let (kept, say) = (Arc::clone(&requests), Arc::new(say));
        tokio::spawn(async move {
            let mut connection = 0;
            while let Ok((stream, _)) = listener.accept().await {
                let (kept, say) = (Arc::clone(&kept), Arc::clone(&say));
                tokio::spawn(async move {
                    let say = |request| {
                        let mut kept = kept.lock().unwrap();
                        kept.push(request);
                        let request = kept.len() - 1;
                        say(At {
                            request,
                            connection,
                        })
                    };
                    let _ = converse(stream, say).await;
                });
                connection += 1;
            }
        });
        Self {
            url,
            clock: ManualClock::new(),
            requests,
        }
    }

    /// Gives the first request the first of the bytes, and so on; the last ones for ever. The connection
    /// is closed each time.
    pub(crate) async fn of<B: Into<Vec<u8>>>(bytes: impl IntoIterator<Item = B>) -> Self {
        let bytes: Vec<Vec<u8>> = bytes.into_iter().map(Into::into).collect();
        Self::answer(move |at| Say::Close(bytes[at.request.min(bytes.len() - 1)].clone())).await
    }

    pub(crate) fn partner(&self) -> ClientBuilder<partner_center::Client> {
        let credential = partner_center::Credential::bearer("token").unwrap();
        let client = partner_center::Client::builder().base_url(&self.url);
        self.patient(client.credential(credential))
    }

    pub(crate) fn cloudflare(&self) -> ClientBuilder<cloudflare::Client> {
        let credential = cloudflare::Credential::api_token("token").unwrap();
        let client = cloudflare::Client::builder().base_url(format!("{}/client/v4", self.url));
        self.patient(client.credential(credential))
    }

    fn patient<S: VendorClient>(&self, client: ClientBuilder<S>) -> ClientBuilder<S> {
        client.clock(self.clock.clone()).retry(without_backoff())
    }

    /// The requests since this was last asked, head and body.
    pub(crate) fn take_requests(&self) -> Vec<String> {
        let requests = std::mem::take(&mut *self.requests.lock().unwrap());
        let text = |request: Vec<u8>| String::from_utf8(request).unwrap();
        requests.into_iter().map(text).collect()
    }

    pub(crate) fn requests(&self) -> usize {
        self.requests.lock().unwrap().len()
    }
}

async fn converse(mut stream: TcpStream, mut say: impl FnMut(Vec<u8>) -> Say) -> io::Result<()> {
    loop {
        let request = request(&mut stream).await?;
        match say(request) {
            Say::Keep(bytes) => stream.write_all(&bytes).await?,
            Say::Close(bytes) => return stream.write_all(&bytes).await,
            Say::Stale(bytes) => {
                stream.write_all(&bytes).await?;
                return stream.readable().await;
            }
        }
    }
}

/// Reads a request; its body, if any, has a length.
async fn request(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut request = Vec::new();
    loop {
        if let Some(end) = request.windows(4).position(|end| end == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&request[..end]).to_lowercase();
            let length = head.split_once("content-length: ").map_or("0", |it| it.1);
            let length: usize = length.lines().next().unwrap().parse().unwrap();
            if request.len() == end + 4 + length {
                return Ok(request);
            }
        }
        if stream.read_buf(&mut request).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
}

/// A response with a length; `head` is the status, and headers after it: `200 OK\r\nx: y`.
pub(crate) fn framed(head: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let head = format!("HTTP/1.1 {head}\r\ncontent-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// The same with a body of JSON.
pub(crate) fn json(status: &str, body: &str) -> Vec<u8> {
    framed(&format!("{status}\r\ncontent-type: application/json"), body)
}

/// Drops a future after so many polls, each of them when it asked for it; none where it wasn't ready by
/// then.
pub(crate) async fn drop_after<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let mut future = Box::pin(future);
    let mut polled = 0;
    let outcome = poll_fn(|context| {
        if polled == polls {
            return Poll::Ready(None);
        }
        polled += 1;
        match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if polled == polls => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    });
    outcome.await
}

/// What a future comes to, which nothing may keep from it.
pub(crate) async fn soon<F: Future>(future: F) -> F::Output {
    let limit = Duration::from_secs(10);
    let outcome = tokio::time::timeout(limit, future).await;
    outcome.expect("nobody else is under way")
}
