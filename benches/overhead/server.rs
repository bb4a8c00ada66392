//! The service that both clients call: fixed responses.

use std::convert::Infallible;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::Fault;
use crate::child::end_with_input;

pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("ms-requestid");
pub(crate) const CORRELATION_ID: HeaderName = HeaderName::from_static("ms-correlationid");
pub(crate) const TRACE_ID: HeaderName = HeaderName::from_static("ms-cv");

pub(crate) const PATH: &str = "/v1/profiles/organization";
pub(crate) const TRACE: &str = "Jx0qZ7bTnkWm3c1v.0";

/// What a GET gets, after the byte order mark. `partnerTier` is in no document.
const PROFILE: &str = concat!(
    r#"{"id":"5b0e7c52-91f4-4c7e-a1f3-0d6c2a9b4e18","companyName":"Fabrikam Instruments","#,
    r#""defaultAddress":{"country":"US","city":"Redmond","state":"WA","#,
    r#""addressLine1":"14 Calibration Way","addressLine2":"","postalCode":"98052","#,
    r#""firstName":"Mira","lastName":"Okafor","phoneNumber":"4255550142"},"#,
    r#""tenantId":"5b0e7c52-91f4-4c7e-a1f3-0d6c2a9b4e18","domain":"fabrikam.example","#,
    r#""email":"desk@fabrikam.example","language":"en","culture":"en-US","#,
    r#""profileType":"OrganizationProfile","partnerTier":"gold","#,
    r#""links":{"self":{"uri":"/profiles/organization","method":"GET","headers":[]}},"#,
    r#""attributes":{"etag":"4683521907316204581","objectType":"OrganizationProfile"}}"#,
);
const PHONE: &str = "4255550142";
pub(crate) const NEW_PHONE: &str = "4255550177";
const ETAG: &str = "4683521907316204581";
const NEW_ETAG: &str = "7730164952288310047";

/// The profile before the clients change it.
pub(crate) fn profile() -> String {
    PROFILE.to_owned()
}

/// The profile as the clients send it.
pub(crate) fn changed() -> String {
    PROFILE.replace(PHONE, NEW_PHONE)
}

/// The profile as the response to a PUT has it.
pub(crate) fn stored() -> String {
    changed().replace(ETAG, NEW_ETAG)
}

/// Serves until stdin is closed.
pub(crate) async fn serve() -> Result<(), Fault> {
    end_with_input();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    let responses = [profile(), stored()].map(|json| Bytes::from(format!("\u{feff}{json}")));
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let responses = responses.clone();
        tokio::spawn(async move {
            let service = service_fn(|request| respond(request, &responses));
            // A connection ends when its client does.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn respond(
    request: Request<Incoming>,
    [profile, stored]: &[Bytes; 2],
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let sent = body.collect().await.map_or(0, |body| body.to_bytes().len());
    // A client that leaves out a part of the work is found out.
    let expected = [&AUTHORIZATION, &ACCEPT, &USER_AGENT, &REQUEST_ID, &CORRELATION_ID];
    let is_complete = expected.iter().all(|&name| head.headers.contains_key(name));
    let body = match head.method {
        Method::GET if is_complete && sent == 0 => profile,
        Method::PUT
            if is_complete && sent == PROFILE.len() && head.headers.contains_key(CONTENT_TYPE) =>
        {
            stored
        }
        _ => &Bytes::new(),
    };
    let mut response = Response::new(Full::new(body.clone()));
    if body.is_empty() || head.uri.path() != PATH {
        *response.status_mut() = StatusCode::BAD_REQUEST;
        return Ok(response);
    }
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    headers.insert(TRACE_ID, HeaderValue::from_static(TRACE));
    for name in [REQUEST_ID, CORRELATION_ID] {
        if let Some(id) = head.headers.get(&name) {
            headers.insert(name, id.clone());
        }
    }
    Ok(response)
}
