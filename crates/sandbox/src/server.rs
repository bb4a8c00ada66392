//! The listener, its connections and what happens to each request on them.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::archive::{Archive, Source};
use crate::contract::Brought;
use crate::destination::Destination;
use crate::form;
use crate::journal::Journal;
use crate::queue::Queue;
use crate::recorded_request::RecordedRequest;
use crate::request::Request;
use crate::response::{Response, ResponseBody};
use crate::sign_in::Tokens;
use crate::store::{Store, segments};

/// The longest request body that a service reads.
const BODY_LIMIT: usize = 1 << 20;

/// What the connections of one sandbox share with its owner.
#[derive(Default)]
pub(crate) struct Shared(Mutex<State>);

#[derive(Default)]
pub(crate) struct State {
    pub(crate) store: Store,
    /// Whether a test has put what no document has into the store.
    pub(crate) planted: bool,
    pub(crate) brought: Brought,
    pub(crate) tokens: Tokens,
    pub(crate) journal: Journal,
    pub(crate) requests: Vec<RecordedRequest>,
    pub(crate) forgets_requests: bool,
    pub(crate) archive: Option<Archive>,
    pub(crate) responses: Queue<Response>,
    /// Why a connection panicked, for the owner.
    pub(crate) broken: Option<String>,
}

impl State {
    /// Ends the connection for what the sandbox itself can't go on from.
    ///
    /// To a client this looks like a fault of the network, which a test may be waiting for. So the
    /// owner is told as well.
    pub(crate) fn break_off(&mut self, reason: &str) -> ! {
        self.broken = Some(reason.to_owned());
        panic!("{reason}");
    }
}

impl Shared {
    /// The state; a test that panicked while holding it must not take the others along.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Accepts connections until the sender of `stop` is gone.
pub(crate) async fn accept<F>(
    listener: TcpListener,
    mut stop: watch::Receiver<()>,
    connection: impl Fn(TcpStream, watch::Receiver<()>) -> F,
) where
    F: Future<Output = ()> + Send + 'static,
{
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.changed() => return,
        };
        match accepted {
            Ok((stream, _)) => {
                // Without it a small reply may wait for the acknowledgement of the one before.
                let _ = stream.set_nodelay(true);
                tokio::spawn(connection(stream, stop.clone()));
            }
            // The client gave up, or the process is out of descriptors for a moment.
            Err(_) => tokio::task::yield_now().await,
        }
    }
}

/// Answers the requests of one connection until the sender of `stop` is gone.
pub(crate) async fn connection(
    stream: TcpStream,
    shared: Arc<Shared>,
    mut stop: watch::Receiver<()>,
) {
    let service = service_fn(|request| respond(&shared, request));
    let mut connection =
        pin!(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        // A connection that ends in an error ended all the same; the client knows more about it.
        _ = connection.as_mut() => return,
        _ = stop.changed() => connection.as_mut().graceful_shutdown(),
    }
    // Whatever can be done without the client is done in one turn. The rest would wait for a client
    // that may never come back, so it is cut off.
    poll_fn(|context| {
        let _ = connection.as_mut().poll(context);
        Poll::Ready(())
    })
    .await;
}

/// Answers one request; one that breaks off gets no answer and leaves no trace.
async fn respond(
    shared: &Shared,
    request: http::Request<Incoming>,
) -> hyper::Result<http::Response<ResponseBody>> {
    let began = Timestamp::now();
    let (head, body) = request.into_parts();
    let (body, oversized) = read(body).await?;
    let target = head
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str());
    let mut request = Request {
        method: head.method.clone(),
        target: target.to_owned(),
        path: segments(head.uri.path()),
        query: form::decode(head.uri.query().unwrap_or_default()),
        headers: head.headers.clone(),
        body: body.clone(),
        oversized,
        is_followed: false,
        is_refused: false,
        json: Value::Null,
    };

    let mut state = shared.lock();
    let canned = state.responses.take(&request.method, &request.path);
    let destination = Destination::of(&mut request);
    let vendor = destination.vendor();
    let operation = destination.operation(&request);
    let (source, response) = match canned {
        Some(canned) => (Source::Canned, canned),
        None if state.planted => (
            Source::Planted,
            destination.answer(&mut state, &mut request),
        ),
        None => (
            Source::Service,
            destination.answer(&mut state, &mut request),
        ),
    };
    if !state.forgets_requests {
        let recorded = RecordedRequest {
            vendor,
            operation,
            method: head.method,
            target: target.to_owned(),
            headers: head.headers,
            body,
            response: response.to_http(),
        };
        let archive = state.archive.as_mut();
        if let Some(Err(error)) =
            archive.map(|it| it.enter(&recorded, source, request.is_refused, began))
        {
            state.break_off(&format!("the archive can't be written: {error}"));
        }
        state.requests.push(recorded);
    }
    Ok(response.into_http())
}

/// Reads a body to its end, but keeps no more than the limit.
///
/// The end matters: a client that is still sending when the reply arrives may see its connection
/// reset instead of the reply.
async fn read(mut body: Incoming) -> hyper::Result<(Bytes, bool)> {
    let mut kept = Vec::new();
    let mut oversized = false;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else {
            continue;
        };
        let room = BODY_LIMIT - kept.len();
        oversized |= data.len() > room;
        kept.extend_from_slice(&data[..data.len().min(room)]);
    }
    Ok((kept.into(), oversized))
}
