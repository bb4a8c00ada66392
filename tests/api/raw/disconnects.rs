//! A service whose client goes away while a handler calls a vendor: the handler is dropped, and the call with it.

use std::convert::Infallible;
use std::error::Error as StdError;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use letterhead::partner_center::{Client, Credential, EntraApp};
use letterhead::{AccessToken, BoxFuture, MemoryStore, RateLimit, TokenSource, reqwest};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use super::calls::{Call, partner};
use crate::support::server::{RawServer, Request, Response, Step, json};
use crate::support::{Log, ManualClock, capture, eventually, spans};

const BODY: &str = r#"{"email":"a@b.example"}"#;

/// A service on loopback, each of whose requests makes a call.
struct Service {
    address: SocketAddr,
    /// How many handlers are over, or were dropped.
    gone: Arc<AtomicUsize>,
}

struct Handler(Arc<AtomicUsize>);

impl Drop for Handler {
    fn drop(&mut self) {
        self.0.fetch_add(1, SeqCst);
    }
}

impl Service {
    async fn start(client: Client, call: Call) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let gone = Arc::new(AtomicUsize::new(0));
        let service = Self { address, gone: Arc::clone(&gone) };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (client, gone) = (client.clone(), Arc::clone(&gone));
                let handler = service_fn(move |_| {
                    let (client, handler) = (client.clone(), Handler(Arc::clone(&gone)));
                    async move {
                        let _handler = handler;
                        let outcome = call.partner(&client).await;
                        let text = outcome.unwrap_or_else(|error| error.to_string());
                        Ok::<_, Infallible>(hyper::Response::new(Full::new(Bytes::from(text))))
                    }
                });
                let connection = http1::Builder::new();
                tokio::spawn(connection.serve_connection(TokioIo::new(stream), handler));
            }
        });
        service
    }

    /// Sends a request; the client goes away when the connection is dropped.
    async fn request(&self) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let request = b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
        stream.write_all(request).await.unwrap();
        stream
    }

    /// Sends a request, and goes away as soon as `reached`.
    async fn abandon(&self, reached: impl Fn() -> bool) {
        let before = self.gone.load(SeqCst);
        let stream = self.request().await;
        eventually("the call comes so far", reached).await;
        assert_eq!(self.gone.load(SeqCst), before, "it is still under way");
        drop(stream);
        eventually("the handler is dropped", || self.gone.load(SeqCst) > before).await;
    }

    /// The call of the next client is made, whatever became of those before.
    async fn goes_on(&self) {
        let mut response = String::new();
        self.request().await.read_to_string(&mut response).await.unwrap();
        assert!(response.ends_with(BODY), "{response}");
    }
}

/// Holds the first request, in the middle of `sent`, until the test ends, and responds to all others.
fn first_held(sent: &'static [u8]) -> impl FnMut(&Request) -> Response + Send + 'static {
    move |request| match request.number {
        0 => vec![Step::Send(sent.to_vec()), Step::Stall],
        _ => json(200, BODY),
    }
}

/// Of the calls that are over, in order, what their spans have as `error.type`.
fn ends(log: &Log) -> Vec<String> {
    let spans = spans(log).into_iter();
    let calls = spans.filter(|span| span["name"] == "letterhead.call");
    calls.map(|span| span["error.type"].as_str().unwrap_or("none").to_owned()).collect()
}

#[tokio::test]
async fn while_it_waits_for_a_token_nothing_is_sent_and_the_token_is_kept() {
    let (log, _guard) = capture();
    let server = RawServer::start(|_| json(200, BODY)).await;
    let source = Source::default();
    let (asked, go) = (Arc::clone(&source.asked), Arc::clone(&source.go));
    let builder = partner(&server.url, &ManualClock::new()).concurrency_limit(1);
    let client = builder.credential(Credential::from_tokens(source)).build().unwrap();
    let service = Service::start(client, Call::PartnerPut).await;
    service.abandon(|| asked.load(SeqCst) == 1).await;
    assert!(server.requests().is_empty());
    go.add_permits(1);
    service.goes_on().await;
    assert_eq!((asked.load(SeqCst), server.requests().len()), (1, 1));
    assert_eq!(ends(&log), ["cancelled", "none"]);
}

#[tokio::test]
async fn during_a_sign_in_the_refresh_token_is_not_lost() {
    let (log, _guard) = capture();
    let go = Arc::new(Semaphore::new(0));
    let held = Arc::clone(&go);
    let server = RawServer::start(move |request| {
        if !request.target().contains("/token") {
            return json(200, BODY);
        }
        // Each refresh token can be redeemed once.
        if request.number > 0 {
            return json(400, r#"{"error":"invalid_grant"}"#);
        }
        let tokens = r#"{"access_token":"at","refresh_token":"rt-1","expires_in":3599}"#;
        [vec![Step::Await(Arc::clone(&held))], json(200, tokens)].concat()
    })
    .await;
    let app = EntraApp::new("contoso.example", "client", "secret").authority(&*server.url);
    let credential = app.app_and_user(MemoryStore::new("rt-0")).unwrap();
    let builder = partner(&server.url, &ManualClock::new()).concurrency_limit(1);
    let client = builder.credential(credential).build().unwrap();
    let service = Service::start(client, Call::PartnerPut).await;
    service.abandon(|| server.requests().len() == 1).await;
    go.add_permits(1);
    service.goes_on().await;
    let methods: Vec<_> = server.requests().iter().map(|it| it.method().to_owned()).collect();
    assert_eq!(methods, ["POST", "PUT"], "one sign-in for both");
    assert_eq!(ends(&log), ["cancelled", "none"]);
}

#[tokio::test]
async fn while_it_waits_for_its_turn_nothing_is_sent_and_the_turn_goes_to_the_next() {
    let (log, _guard) = capture();
    let server = RawServer::start(|_| json(200, BODY)).await;
    let clock = ManualClock::new();
    clock.hold();
    let minute = Duration::from_secs(60);
    let limit = RateLimit::new(NonZeroU32::MIN, minute);
    let builder = partner(&server.url, &clock).rate_limit(limit).concurrency_limit(1);
    let service = Service::start(builder.build().unwrap(), Call::PartnerPut).await;
    service.goes_on().await;
    service.abandon(|| clock.waits() == 1).await;
    assert_eq!(server.requests().len(), 1);
    clock.advance(minute);
    service.goes_on().await;
    assert_eq!(server.requests().len(), 2);
    assert_eq!(ends(&log), ["none", "cancelled", "none"]);
}

#[tokio::test]
async fn while_it_waits_for_its_retry_no_other_attempt_is_made() {
    let (log, _guard) = capture();
    let server = RawServer::each(vec![json(503, ""), json(200, BODY)]).await;
    let clock = ManualClock::new();
    clock.hold();
    let builder = partner(&server.url, &clock).concurrency_limit(1);
    let service = Service::start(builder.build().unwrap(), Call::PartnerPut).await;
    service.abandon(|| clock.waits() == 1).await;
    clock.advance(Duration::from_secs(3600));
    service.goes_on().await;
    assert_eq!(server.requests().len(), 2, "one of each call");
    assert_eq!(ends(&log), ["cancelled", "none"]);
}

#[tokio::test]
async fn before_and_during_the_response_the_request_is_at_the_vendor() {
    for sent in [
        "".as_bytes(),
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{\"ema",
    ] {
        let (log, _guard) = capture();
        let server = RawServer::start(first_held(sent)).await;
        let builder = partner(&server.url, &ManualClock::new()).concurrency_limit(1);
        let service = Service::start(builder.build().unwrap(), Call::PartnerPut).await;
        let bytes = u64::try_from(sent.len()).unwrap();
        service.abandon(|| server.count("PUT") == 1 && server.sent() == bytes).await;
        service.goes_on().await;
        // It isn't sent again, and its connection isn't used again: a response may still come on it.
        assert_eq!((server.count("PUT"), server.connections()), (2, 2));
        assert_eq!(ends(&log), ["cancelled", "none"]);
    }
}

/// Tokens that come when the test lets them.
#[derive(Debug)]
struct Source {
    asked: Arc<AtomicUsize>,
    go: Arc<Semaphore>,
}

impl Default for Source {
    fn default() -> Self {
        Self { asked: Arc::default(), go: Arc::new(Semaphore::new(0)) }
    }
}

impl TokenSource for Source {
    fn fetch<'a>(
        &'a self,
        _: &'a reqwest::Client,
    ) -> BoxFuture<'a, Result<AccessToken, Box<dyn StdError + Send + Sync>>> {
        Box::pin(async {
            self.asked.fetch_add(1, SeqCst);
            self.go.acquire().await?.forget();
            Ok(AccessToken::new("token".into(), Some(Duration::from_secs(3600))))
        })
    }
}
