//! A server on loopback, for judges that go to a service by way of this process.

use std::convert::Infallible;
use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// A server that ends with this.
pub(crate) struct Loopback {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Loopback {
    /// Sends every request to one function; an error of it is a response with 502.
    pub(crate) async fn serve<A, F>(handler: A) -> anyhow::Result<Self>
    where
        A: Fn(Request<Incoming>) -> F + Send + Sync + 'static,
        F: Future<Output = anyhow::Result<Response<Full<Bytes>>>> + Send + 'static,
    {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        Ok(Self {
            address: listener.local_addr()?,
            task: tokio::spawn(attend(listener, Arc::new(handler))),
        })
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Loopback {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn attend<A, F>(listener: TcpListener, handler: Arc<A>)
where
    A: Fn(Request<Incoming>) -> F + Send + Sync + 'static,
    F: Future<Output = anyhow::Result<Response<Full<Bytes>>>> + Send + 'static,
{
    while let Ok((stream, _)) = listener.accept().await {
        let handler = Arc::clone(&handler);
        let service = service_fn(move |request| {
            let response = handler(request);
            async move {
                Ok::<_, Infallible>(response.await.unwrap_or_else(|error| {
                    let mut response = Response::new(Full::from(error.to_string()));
                    *response.status_mut() = StatusCode::BAD_GATEWAY;
                    response
                }))
            }
        });
        // A judge that hangs up has its reasons.
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

/// A body without a byte order mark before its JSON.
///
/// RFC 8259 leaves the mark to the reader. Partner Center sends it, and the JSON parsers of Node and
/// Python stop there, before anything is judged.
pub(crate) fn without_mark(body: Bytes) -> Bytes {
    if body.starts_with(BOM) { body.slice(BOM.len()..) } else { body }
}
