//! A way to a service for judges that can't go there themselves.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::header::{CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use letterhead::{http_client_builder, reqwest};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Passes requests on, without a prefix of their path, and answers without a byte order mark before
/// their JSON. Everything else stays as it is.
///
/// RFC 8259 leaves the mark to the reader. Partner Center sends it, and the JSON parsers of Node and
/// Python stop there, before anything is judged.
pub(crate) struct Relay {
    address: SocketAddr,
    task: JoinHandle<()>,
}

struct Way {
    http: reqwest::Client,
    upstream: String,
    without: &'static str,
}

impl Relay {
    pub(crate) async fn start(upstream: String, without: &'static str) -> anyhow::Result<Self> {
        let way = Arc::new(Way {
            http: http_client_builder()?.no_proxy().build()?,
            upstream,
            without,
        });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let task = tokio::spawn(attend(listener, way));
        Ok(Self { address, task })
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn attend(listener: TcpListener, way: Arc<Way>) {
    while let Ok((stream, _)) = listener.accept().await {
        let way = Arc::clone(&way);
        let service = service_fn(move |request| {
            let way = Arc::clone(&way);
            async move { Ok::<_, Infallible>(way.answer(request).await) }
        });
        // A judge that hangs up has its reasons.
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

impl Way {
    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        self.pass_on(request).await.unwrap_or_else(|error| {
            let mut answer = Response::new(Full::from(error.to_string()));
            *answer.status_mut() = StatusCode::BAD_GATEWAY;
            answer
        })
    }

    async fn pass_on(&self, request: Request<Incoming>) -> io::Result<Response<Full<Bytes>>> {
        let (head, body) = request.into_parts();
        let target = head
            .uri
            .path_and_query()
            .map_or("/", |target| target.as_str());
        let target = target.strip_prefix(self.without).unwrap_or(target);
        let mut headers = head.headers;
        headers.remove(HOST);
        headers.remove(TRANSFER_ENCODING);
        let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
        let answer = self
            .http
            .request(head.method, format!("{}{target}", self.upstream))
            .headers(headers)
            .body(body)
            .send()
            .await
            .map_err(io::Error::other)?;
        let (status, mut headers) = (answer.status(), answer.headers().clone());
        headers.remove(CONTENT_LENGTH);
        headers.remove(TRANSFER_ENCODING);
        let body = answer.bytes().await.map_err(io::Error::other)?;
        let body = if body.starts_with(BOM) {
            body.slice(BOM.len()..)
        } else {
            body
        };
        let mut answer = Response::new(Full::from(body));
        *answer.status_mut() = status;
        *answer.headers_mut() = headers;
        Ok(answer)
    }
}
