//! A relay to a service, for judges that can't read its responses as they are.

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::header::{CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use hyper::{Request, Response};
use letterhead::{http_client_builder, reqwest};

use crate::loopback::{Loopback, without_mark};

/// Forwards requests, and takes the byte order mark off the responses. It changes nothing else.
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
    let response = http
        .request(head.method, format!("{upstream}{}", head.uri))
        .headers(headers)
        .body(body)
        .send()
        .await?;
    let (status, mut headers) = (response.status(), response.headers().clone());
    headers.remove(CONTENT_LENGTH);
    headers.remove(TRANSFER_ENCODING);
    let body = without_mark(response.bytes().await?);
    let mut response = Response::new(Full::from(body));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    Ok(response)
}
