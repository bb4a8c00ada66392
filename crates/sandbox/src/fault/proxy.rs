//! What happens to each request and its response on their way.

use std::convert::Infallible;
use std::future::pending;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH, HeaderMap, TRANSFER_ENCODING};
use http::request::Parts;
use http::{Method, Request, StatusCode, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::json;
use tokio::net::TcpStream;
use tokio::sync::{Notify, watch};

use super::body::PacedBody;
use super::cursor::Cursor;
use super::kind::Fault;
use super::plan::{Faults, Plan};
use super::spoiled::{page, spoiled};
use crate::response::Response;
use crate::sandbox::Sandbox;
use crate::state::Shared;
use crate::store::segments;

/// The longest body that is passed on.
const BODY_LIMIT: usize = 8 << 20;

/// What the connections of one proxy share with its owner.
pub(super) struct Proxy {
    upstream: SocketAddr,
    services: Arc<Shared>,
    client: Client<HttpConnector, Full<Bytes>>,
    plan: Mutex<Plan>,
    delay: Duration,
    retry_after: u32,
}

impl Proxy {
    pub(super) fn new(sandbox: &Sandbox, faults: Faults) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        Self {
            upstream: sandbox.address,
            services: Arc::clone(&sandbox.shared),
            // Links are made from the host that the client used.
            client: Client::builder(TokioExecutor::new()).set_host(false).build(connector),
            delay: faults.delay,
            retry_after: faults.retry_after,
            plan: Mutex::new(Plan::new(faults)),
        }
    }

    pub(super) fn plan(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the requests of one connection share.
#[derive(Default)]
struct Connection {
    reset: Arc<Notify>,
    is_sick: AtomicBool,
}

/// Responds to the requests of one connection until one of them resets it, or the sender of `stop` is
/// gone.
pub(super) async fn connection(
    stream: TcpStream,
    proxy: Arc<Proxy>,
    mut stop: watch::Receiver<()>,
) {
    let own = Connection::default();
    let service = service_fn(|request| proxy.respond(request, &own));
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        // A connection that ends in an error ended all the same; the client knows more about it.
        _ = &mut connection => {}
        _ = stop.changed() => {}
        () = own.reset.notified() => {
            // Without lingering, closing is a reset.
            let _ = connection.into_parts().io.into_inner().set_zero_linger();
        }
    }
}

impl Proxy {
    async fn respond(
        &self,
        request: Request<Incoming>,
        connection: &Connection,
    ) -> Result<http::Response<PacedBody>, Infallible> {
        let is_sick = &connection.is_sick;
        let Some((response, fault)) = self.attempt(request, is_sick).await else {
            connection.reset.notify_one();
            return pending().await;
        };
        let body = response.sent();
        let body = match fault {
            Some(Fault::ResetMidBody) => PacedBody::reset(body, Arc::clone(&connection.reset)),
            Some(Fault::CloseMidBody) => PacedBody::cut(body),
            Some(Fault::SlowBody) => PacedBody::slow(body, self.delay),
            _ => PacedBody::whole(body),
        };
        let mut paced = http::Response::new(body);
        *paced.status_mut() = response.status;
        *paced.headers_mut() = *response.headers;
        Ok(paced)
    }

    /// The response, and the fault that is left for its body; `None` resets the connection.
    async fn attempt(
        &self,
        request: Request<Incoming>,
        is_sick: &AtomicBool,
    ) -> Option<(Response, Option<Fault>)> {
        let (head, body) = request.into_parts();
        let mut fault = self.plan().next(&head.method, &segments(head.uri.path()));
        if is_sick.load(Ordering::Relaxed) {
            fault = Some(Fault::SickConnection);
        }
        is_sick.store(fault == Some(Fault::SickConnection), Ordering::Relaxed);
        if fault == Some(Fault::ResetBeforeRead) {
            self.plan().count(Fault::ResetBeforeRead);
            return None;
        }
        // To its end, whatever comes next: an early response could turn into a reset on the way.
        let body = match Limited::new(body, BODY_LIMIT).collect().await {
            Ok(body) => body.to_bytes(),
            Err(_) => return None,
        };
        match fault {
            None => Some((self.forward(&head, body).await?, None)),
            Some(fault) => self.spoil(fault, &head, body).await,
        }
    }

    async fn spoil(
        &self,
        fault: Fault,
        head: &Parts,
        body: Bytes,
    ) -> Option<(Response, Option<Fault>)> {
        let count = || self.plan().count(fault);
        if fault == Fault::TokenEndpointReset {
            count();
            return None;
        }
        if let Some(response) = self.instead(fault) {
            count();
            return Some((response, None));
        }
        if fault == Fault::TokensRevoked {
            self.services.lock().tokens.revoke_access();
            // It is revoked even if the client doesn't wait for the response.
            count();
            return Some((self.forward(head, body).await?, None));
        }
        let mut response = self.forward(head, body.clone()).await?;
        if fault == Fault::DuplicateDelivery {
            let second = self.forward(head, body).await?;
            // If a token ended in between, the second response would deny what was applied.
            if second.status != StatusCode::UNAUTHORIZED {
                response = second;
            }
        }
        let turn = self.plan().counts[&fault];
        match spoiled(fault, head, &response, turn) {
            None => return Some((response, None)),
            Some(other) => response = other,
        }
        count();
        match fault {
            Fault::ResetAfterApplied => return None,
            Fault::SlowHeaders => tokio::time::sleep(self.delay).await,
            _ => {}
        }
        Some((response, Some(fault)))
    }

    /// The response that replaces the service's, if the fault is one in which no service is asked.
    #[expect(clippy::disallowed_methods, reason = "a vendor's clock is not the client's")]
    fn instead(&self, fault: Fault) -> Option<Response> {
        let seconds = self.retry_after.to_string();
        let throttled = |retry_after: &str| {
            let text = format!("The quota is used up. Try again in {seconds} seconds.");
            Response::new(429)
                .header("retry-after", retry_after)
                .json(&json!({"statusCode": 429, "message": text}))
        };
        Some(match fault {
            Fault::Html502 => page(502, "Bad Gateway"),
            Fault::SickConnection => page(503, "Service Unavailable"),
            Fault::ThrottledForSeconds => throttled(&seconds),
            Fault::ThrottledUntilDate => {
                let wait = Duration::from_secs(self.retry_after.into());
                throttled(&httpdate::fmt_http_date(SystemTime::now() + wait))
            }
            Fault::Unavailable => page(503, "Service Unavailable").header("retry-after", &seconds),
            Fault::TokenEndpointError => Response::new(500).json(&json!({
                "error": "server_error",
                "error_description": "The request could not be processed.",
            })),
            Fault::TokenEndpointHtml => page(200, "Sign in"),
            _ => return None,
        })
    }

    /// Sends the request to the services; `None` if they can't be reached or break off.
    async fn forward(&self, head: &Parts, body: Bytes) -> Option<Response> {
        let cursor = Cursor::of(head);
        let mut headers = end_to_end(head.headers.clone());
        let target = cursor.restore(head.uri.path_and_query()?.as_str(), &mut headers);
        let uri = Uri::builder()
            .scheme("http")
            .authority(self.upstream.to_string())
            .path_and_query(target)
            .build()
            .ok()?;
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = head.method.clone();
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        let (response_head, body) = self.client.request(request).await.ok()?.into_parts();
        let body = Limited::new(body, BODY_LIMIT).collect().await.ok()?;
        let mut headers = end_to_end(response_head.headers);
        if head.method != Method::HEAD {
            headers.remove(CONTENT_LENGTH);
        }
        let mut response = Response::with_status(response_head.status).body(body.to_bytes());
        *response.headers = headers;
        Some(cursor.kept_in(response))
    }
}

/// The headers that are not about one connection.
fn end_to_end(mut headers: HeaderMap) -> HeaderMap {
    for name in [CONNECTION, TRANSFER_ENCODING] {
        headers.remove(name);
    }
    headers
}
