use std::future::{Future, poll_fn};
use std::task::Poll;
use std::time::Duration;

use letterhead::{ClientBuilder, VendorClient, cloudflare, partner_center};

use super::server::{RawServer, Request, Response, cut};
use super::{ManualClock, without_backoff};

/// A server of raw bytes, and clients for it.
pub(crate) struct Script {
    pub(crate) url: String,
    pub(crate) clock: ManualClock,
    server: RawServer,
}

impl Script {
    pub(crate) async fn respond(script: impl FnMut(&Request) -> Response + Send + 'static) -> Self {
        let server = RawServer::start(script).await;
        Self { url: server.url.clone(), clock: ManualClock::new(), server }
    }

    /// Gives the first request the first of the bytes, and so on; the last ones for ever. The connection
    /// is closed each time.
    pub(crate) async fn of<B: Into<Vec<u8>>>(bytes: impl IntoIterator<Item = B>) -> Self {
        let bytes: Vec<Vec<u8>> = bytes.into_iter().map(Into::into).collect();
        Self::respond(move |request| cut(&bytes[request.number.min(bytes.len() - 1)])).await
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
        let requests = self.server.take_requests().into_iter();
        let text = |request: Request| request.head.clone() + &request.text();
        requests.map(text).collect()
    }

    pub(crate) fn requests(&self) -> usize {
        self.server.requests().len()
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
