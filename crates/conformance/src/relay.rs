//! A way to a service for judges that can't read its answers as they are.

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::header::{CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use hyper::{Request, Response};
use letterhead::{http_client_builder, reqwest};

use crate::loopback::{Loopback, without_mark};

/// Passes requests on, and answers without a byte order mark before their JSON. Everything else stays
/// as it is.
pub(crate) async fn relay(upstream: String) -> anyhow::Result<Loopback> {
    let http = http_client_builder()?.no_proxy().build()?;
    Loopback::serve(move |request| pass_on(http.clone(), upstream.clone(), request)).await
}

async fn pass_on(
    http: reqwest::Client,
    upstream: String,
    request: Request<Incoming>,
) -> anyhow::Result<Response<Full<Bytes>>> {
    let (head, body) = request.into_parts();
    let mut headers = head.headers;
    headers.remove(HOST);
    headers.remove(TRANSFER_ENCODING);
    let body = body.collect().await?.to_bytes();
    let answer = http
        .request(head.method, format!("{upstream}{}", head.uri))
        .headers(headers)
        .body(body)
        .send()
        .await?;
    let (status, mut headers) = (answer.status(), answer.headers().clone());
    headers.remove(CONTENT_LENGTH);
    headers.remove(TRANSFER_ENCODING);
    let body = without_mark(answer.bytes().await?);
    let mut answer = Response::new(Full::from(body));
    *answer.status_mut() = status;
    *answer.headers_mut() = headers;
    Ok(answer)
}
