//! What went over the wire, as the sandbox saw it.

use std::fmt;
use std::time::Instant;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, Method};
use letterhead_spec::VENDORS;
use serde_json::Value;

use crate::form;
use crate::vendor::Vendor;

/// Whether the values of a request header must not be printed: it is of some vendor's credentials.
pub(crate) fn is_secret(name: &HeaderName) -> bool {
    let mut headers = VENDORS.iter().flat_map(|vendor| vendor.credential_headers());
    headers.any(|header| header.is_secret && header.name == name)
}

/// A target without the values of what some vendor takes credentials in.
pub(crate) fn without_credentials(target: &str) -> String {
    let queries: Vec<&str> = VENDORS.iter().flat_map(|it| it.credential_queries()).collect();
    without(target, &queries)
}

/// A target without the values of the pairs of these names.
fn without(target: &str, names: &[&str]) -> String {
    let Some((path, query)) = target.split_once('?') else { return target.to_owned() };
    let pairs = query.split('&').map(|pair| {
        let is_secret = form::decode(pair).iter().any(|(name, _)| names.contains(&name.as_str()));
        match pair.split_once('=') {
            Some((name, _)) if is_secret => format!("{name}=[redacted]"),
            _ => pair.to_owned(),
        }
    });
    format!("{path}?{}", pairs.collect::<Vec<_>>().join("&"))
}

/// A request that the sandbox received, and the response that it sent.
#[derive(Clone)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The vendor whose service the request was for; none for a token endpoint.
    pub vendor: Option<Vendor>,
    /// When the head of the request was there.
    pub received_at: Instant,
    /// The operation that the request was for, by the `operationId` of the document; none where the
    /// document has none, such as for links that are only followed.
    pub operation: Option<&'static str>,
    /// The method of the request.
    pub method: Method,
    /// Path and query exactly as they stood on the request line.
    pub target: String,
    /// The headers of the request, credentials included.
    pub headers: HeaderMap,
    /// The body of the request; of an oversized one, its beginning.
    pub body: Bytes,
    /// The response, with the bytes of its body that were sent. It lacks the headers that the connection
    /// adds (`date`, `content-length`).
    pub response: http::Response<Bytes>,
}

impl RecordedRequest {
    /// The path of the target, still percent-encoded.
    #[must_use]
    pub fn path(&self) -> &str {
        match self.target.split_once('?') {
            Some((path, _)) => path,
            None => &self.target,
        }
    }

    /// The query of the target, still percent-encoded.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.target.split_once('?').map(|(_, query)| query)
    }

    /// The request body as JSON, if it is JSON.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The first value of a request header, if it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Bodies show as lengths and credentials not at all, because failed assertions print recorded requests.
impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordedRequest")
            .field("vendor", &self.vendor)
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("target", &without_credentials(&self.target))
            .field("headers", &Redacted(&self.headers))
            .field("body", &Length(&self.body))
            .field("status", &self.response.status())
            .field("response_headers", &Redacted(self.response.headers()))
            .field("response_body", &Length(self.response.body()))
            .finish_non_exhaustive()
    }
}

struct Redacted<'a>(&'a HeaderMap);

impl fmt::Debug for Redacted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for (name, value) in self.0 {
            if is_secret(name) {
                map.entry(name, &format_args!("[redacted]"));
            } else {
                map.entry(name, value);
            }
        }
        map.finish()
    }
}

struct Length<'a>(&'a Bytes);

impl fmt::Debug for Length<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use serde_json::json;

    use super::*;

    fn request() -> RecordedRequest {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("authorization", "Bearer hush"),
            ("x-api-key", "hush"),
            ("x-auth-key", "hush"),
            ("x-auth-email", "office@fabrikam.example"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        RecordedRequest {
            vendor: Some(Vendor::PartnerCenter),
            received_at: Instant::now(),
            operation: Some("updateCustomerUser"),
            method: Method::PATCH,
            target: "/v1/a%20b?size=2&filter=".to_owned(),
            headers,
            body: Bytes::from_static(br#"{"password":"hush"}"#),
            response: http::Response::new(Bytes::from_static(b"hush")),
        }
    }

    #[test]
    fn a_target_goes_without_the_keys_in_its_query() {
        let shown = |target: &str| without(target, &["api key", "sig"]);
        assert_eq!(
            shown("/a%20b?q=1&api%20key=hush&api+key=hush&sig&key=k&sig=a=b"),
            "/a%20b?q=1&api%20key=[redacted]&api+key=[redacted]&sig&key=k&sig=[redacted]"
        );
        assert_eq!(shown("/sig=1"), "/sig=1");
        assert_eq!(without("/a?b=%FF&c", &[]), "/a?b=%FF&c");
    }

    #[test]
    fn debug_keeps_secrets_and_bodies_to_itself() {
        let printed = format!("{:?}", request());
        assert!(!printed.contains("hush"), "{printed}");
        assert!(printed.contains("office@fabrikam.example"), "{printed}");
        assert!(printed.contains("body: 19 bytes"), "{printed}");
    }

    #[test]
    fn accessors_read_the_request() {
        let request = request();
        assert_eq!(request.path(), "/v1/a%20b");
        assert_eq!(request.query(), Some("size=2&filter="));
        assert_eq!(request.json(), Some(json!({"password": "hush"})));
        assert_eq!(request.header("X-Api-Key"), Some("hush"));
    }
}
