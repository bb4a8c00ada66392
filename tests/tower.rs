//! The correlation id of incoming requests, behind a server on loopback.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use http::{HeaderName, Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use letterhead::CorrelationId;
use letterhead::partner_center::{Client, Credential};
use letterhead::tower::{CorrelationLayer, OriginalCorrelationId};
use letterhead::uuid::Uuid;
use letterhead_sandbox::{Sandbox, credentials};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tower_layer::Layer as _;
use tower_service::Service;

const UUID: &str = "baa72cab-bfbc-464b-8091-70b810aa445d";
const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const TRACE_ID: &str = "0af76519-16cd-43dd-8448-eb211c80319c";

/// The original id of the last request.
type Original = Arc<Mutex<Option<OriginalCorrelationId>>>;

/// Calls Partner Center, as a handler would, and returns the id that the call had.
#[derive(Clone)]
struct Handler {
    partner: Client,
    original: Original,
}

impl Service<Request<Incoming>> for Handler {
    type Response = Response<String>;
    type Error = Infallible;
    type Future = letterhead::BoxFuture<'static, Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Incoming>) -> Self::Future {
        let extension = request.extensions().get::<CorrelationId>();
        assert_eq!(CorrelationId::current().as_ref(), extension, "a scope before the first poll");
        *self.original.lock().unwrap() = request.extensions().get().cloned();
        let partner = self.partner.clone();
        Box::pin(async move {
            let profile = partner.get_support_profile().send().await.unwrap();
            Ok(Response::new(profile.correlation_id().to_string()))
        })
    }
}

struct World {
    sandbox: Sandbox,
    address: SocketAddr,
    original: Original,
}

impl World {
    async fn start(layer: CorrelationLayer) -> Self {
        let sandbox = Sandbox::start().await.unwrap();
        let token = Credential::bearer(credentials::PARTNER_CENTER_TOKEN).unwrap();
        let partner = Client::builder().base_url(sandbox.partner_center_url());
        let partner = partner.credential(token).build().unwrap();
        let original = Original::default();
        let service = layer.layer(Handler { partner, original: Arc::clone(&original) });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let service = service.clone();
                let service = service_fn(move |request| service.clone().call(request));
                tokio::spawn(async move {
                    let connection = http1::Builder::new();
                    connection.serve_connection(TokioIo::new(stream), service).await.ok()
                });
            }
        });
        Self { sandbox, address, original }
    }

    /// Sends a request with these bytes as headers, and returns the response, the id that the handler's
    /// call had, and the original.
    async fn request(&self, headers: &[u8]) -> (String, String, Option<String>) {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let head = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
        stream.write_all(&[head, headers, b"\r\n"].concat()).await.unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).await.unwrap();
        assert!(response.starts_with("HTTP/1.1 200 "), "{response}");
        let (head, body) = response.split_once("\r\n\r\n").unwrap();
        let requests = self.sandbox.take_requests();
        assert_eq!(requests.len(), 1);
        assert_eq!(requests[0].header("MS-CorrelationId"), Some(body));
        let original = self.original.lock().unwrap().take();
        let original = original.map(|original| original.as_str().to_owned());
        (head.to_ascii_lowercase(), body.to_owned(), original)
    }
}

#[tokio::test]
async fn a_request_has_the_best_id_that_it_came_with() {
    let world = World::start(CorrelationLayer::new()).await;
    let mapped = |name: &str| CorrelationId::from_name(name).to_string();
    let other = "9f3e0f6e-5b0c-4c55-9bd8-0d4c5f0b3f11";
    for (headers, expected, original) in [
        (format!("X-Correlation-ID: {UUID}\r\n"), UUID.to_owned(), None),
        (format!("x-correlation-id: {{{}}}\r\n", UUID.to_uppercase()), UUID.to_owned(), None),
        (format!("x-correlation-id: {}\r\n", UUID.replace('-', "")), UUID.to_owned(), None),
        (format!("MS-CorrelationId: {UUID}\r\nX-Request-Id: {other}\r\n"), UUID.to_owned(), None),
        (format!("traceparent: {TRACE}\r\nx-request-id: {UUID}\r\n"), TRACE_ID.to_owned(), None),
        (format!("traceparent: {TRACE}\r\nms-correlationid: {UUID}\r\n"), UUID.to_owned(), None),
        // What says nothing leaves the next one its turn.
        (format!("x-correlation-id:   \r\nx-request-id: {UUID}\r\n"), UUID.to_owned(), None),
        (format!("x-correlation-id: \r\nx-correlation-id: {UUID}\r\n"), UUID.to_owned(), None),
        (
            format!("x-correlation-id: {}\r\nx-request-id: {UUID}\r\n", Uuid::nil()),
            UUID.to_owned(),
            None,
        ),
        (format!("traceparent: 00-zz\r\nx-request-id: {UUID}\r\n"), UUID.to_owned(), None),
        (
            format!("traceparent: {TRACE}\r\ntraceparent: {TRACE}\r\nx-request-id: {UUID}\r\n"),
            UUID.to_owned(),
            None,
        ),
        // No UUID.
        ("x-correlation-id: order-4711\r\n".into(), mapped("order-4711"), Some("order-4711")),
        ("x-correlation-id: a, b\r\nx-correlation-id: c\r\n".into(), mapped("a, b"), Some("a, b")),
        (
            "x-correlation-id: h\u{e9}\u{202e}\t x\r\n".into(),
            mapped("hé\u{202e}\t x"),
            Some("hé x"),
        ),
    ] {
        let (head, id, kept) = world.request(headers.as_bytes()).await;
        assert_eq!((id.as_str(), kept.as_deref()), (expected.as_str(), original), "{headers}");
        assert!(head.contains(&format!("x-correlation-id: {expected}")), "{head}");
    }
    let bytes = b"x-correlation-id: \xff\x80\r\n";
    let (_, id, original) = world.request(bytes).await;
    assert_eq!(id, CorrelationId::from_name(b"\xff\x80").to_string());
    assert_eq!(original.as_deref(), Some("\u{fffd}\u{fffd}"));
}

#[tokio::test]
async fn a_request_without_an_id_has_a_new_one() {
    let world = World::start(CorrelationLayer::new()).await;
    let (_, first, _) = world.request(b"").await;
    let (_, second, original) = world.request(b"").await;
    assert_ne!(first, second);
    assert_eq!(original, None);
}

#[tokio::test]
async fn a_long_id_is_bounded_where_it_is_kept_and_counts_as_a_whole() {
    let world = World::start(CorrelationLayer::new()).await;
    let long = "x".repeat(10_000);
    let (_, id, original) =
        world.request(format!("x-correlation-id: {long}y\r\n").as_bytes()).await;
    assert_eq!(id, CorrelationId::from_name(format!("{long}y")).to_string());
    assert_eq!(original.unwrap(), format!("{}…", "x".repeat(128)));
    let (_, other, _) = world.request(format!("x-correlation-id: {long}z\r\n").as_bytes()).await;
    assert_ne!(id, other);
}

#[tokio::test]
async fn the_headers_are_the_services_choice() {
    let own = HeaderName::from_static("x-job");
    let layer = CorrelationLayer::new().request_headers([own.clone()]).response_header(own);
    let world = World::start(layer).await;
    let headers = format!("x-correlation-id: {TRACE_ID}\r\nx-job: {UUID}\r\n");
    let (head, id, _) = world.request(headers.as_bytes()).await;
    assert_eq!(id, UUID);
    assert!(head.contains(&format!("x-job: {UUID}")) && !head.contains("x-correlation-id"));

    let world =
        World::start(CorrelationLayer::new().request_headers([]).response_header(None)).await;
    let (head, id, _) = world.request(headers.as_bytes()).await;
    assert_ne!(id, TRACE_ID);
    assert!(!head.contains(&id), "{head}");
}
