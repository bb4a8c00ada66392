//! The listener, its connections and what happens to each request on them.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Instant;

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

use crate::archive::Source;
use crate::destination::Destination;
use crate::form;
use crate::recorded_request::RecordedRequest;
use crate::request::Request;
use crate::response::ResponseBody;
use crate::state::Shared;
use crate::store::segments;

/// The longest request body that a service reads.
const BODY_LIMIT: usize = 1 << 20;

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
                // Without it a small response may wait for the acknowledgement of the one before.
                let _ = stream.set_nodelay(true);
                tokio::spawn(connection(stream, stop.clone()));
            }
            // The client gave up, or the process is out of descriptors for a moment.
            Err(_) => tokio::task::yield_now().await,
        }
    }
}

/// Responds to the requests of one connection until the sender of `stop` is gone.
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

/// Responds to one request; one that breaks off gets no response and is not recorded.
async fn respond(
    shared: &Shared,
    request: http::Request<Incoming>,
) -> hyper::Result<http::Response<ResponseBody>> {
    let (began, received_at) = (Timestamp::now(), Instant::now());
    let (head, body) = request.into_parts();
    let (body, oversized) = read(body).await?;
    let target = head.uri.path_and_query().map_or("/", |target| target.as_str());
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
    let queued = state.responses.take(&request.method, &request.path);
    let destination = Destination::of(&mut request);
    let vendor = destination.vendor();
    let operation = destination.operation(&request);
    let (source, response) = match queued {
        Some(queued) => (Source::Test, queued),
        None if state.planted => {
            (Source::TestResource, destination.respond(&mut state, &mut request))
        }
        None => (Source::Service, destination.respond(&mut state, &mut request)),
    };
    if !state.forgets_requests {
        let recorded = RecordedRequest {
            vendor,
            received_at,
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
/// The end matters: a client that is still sending when the response arrives may see its connection
/// reset instead of the response.
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
