//! What went over the wire, as the sandbox saw it.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, Method, StatusCode};
use letterhead_spec::VENDORS;
use serde_json::Value;

use crate::journal::Service;

/// Whether the values of a request header must not be printed: it is of some vendor's credentials.
pub(crate) fn is_secret(name: &HeaderName) -> bool {
    let mut headers = VENDORS
        .iter()
        .flat_map(|vendor| vendor.credential_headers());
    headers.any(|header| header.is_secret && header.name == name)
}

/// One request and the reply it got.
#[derive(Clone)]
#[non_exhaustive]
pub struct Exchange {
    /// The service that the request was for; none for a token endpoint.
    pub service: Option<Service>,
    /// The operation that the request was for, by the `operationId` of the document; none where the
    /// document has none, such as for links that are only followed.
    pub operation: Option<&'static str>,
    /// The method of the request.
    pub method: Method,
    /// Path and query exactly as they stood on the request line.
    pub target: String,
    /// The headers of the request, credentials included.
    pub request_headers: HeaderMap,
    /// The body of the request; of an oversized one, its beginning.
    pub request_body: Bytes,
    /// The status of the reply.
    pub status: StatusCode,
    /// The headers of the reply, without those that the connection adds (`date`, `content-length`).
    pub response_headers: HeaderMap,
    /// The bytes of the reply's body that were sent.
    pub response_body: Bytes,
}

impl Exchange {
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
    pub fn request_json(&self) -> Option<Value> {
        serde_json::from_slice(&self.request_body).ok()
    }

    /// The first value of a request header, if it is text.
    #[must_use]
    pub fn request_header(&self, name: &str) -> Option<&str> {
        self.request_headers.get(name)?.to_str().ok()
    }
}

/// Bodies show as lengths and credentials not at all, because failed assertions print exchanges.
impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("service", &self.service)
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("target", &self.target)
            .field("request_headers", &Redacted(&self.request_headers))
            .field("request_body", &Length(&self.request_body))
            .field("status", &self.status)
            .field("response_headers", &Redacted(&self.response_headers))
            .field("response_body", &Length(&self.response_body))
            .finish()
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

    fn exchange() -> Exchange {
        let mut request_headers = HeaderMap::new();
        for (name, value) in [
            ("authorization", "Bearer hush"),
            ("x-api-key", "hush"),
            ("x-auth-key", "hush"),
            ("x-auth-email", "office@fabrikam.example"),
        ] {
            request_headers.insert(name, HeaderValue::from_static(value));
        }
        Exchange {
            service: Some(Service::PartnerCenter),
            operation: Some("updateCustomerUser"),
            method: Method::PATCH,
            target: "/v1/a%20b?size=2&filter=".to_owned(),
            request_headers,
            request_body: Bytes::from_static(br#"{"password":"hush"}"#),
            status: StatusCode::OK,
            response_headers: HeaderMap::new(),
            response_body: Bytes::from_static(b"hush"),
        }
    }

    #[test]
    fn debug_keeps_secrets_and_bodies_to_itself() {
        let printed = format!("{:?}", exchange());
        assert!(!printed.contains("hush"), "{printed}");
        assert!(printed.contains("office@fabrikam.example"), "{printed}");
        assert!(printed.contains("request_body: 19 bytes"), "{printed}");
    }

    #[test]
    fn helpers_read_the_request() {
        let exchange = exchange();
        assert_eq!(exchange.path(), "/v1/a%20b");
        assert_eq!(exchange.query(), Some("size=2&filter="));
        assert_eq!(exchange.request_json(), Some(json!({"password": "hush"})));
        assert_eq!(exchange.request_header("X-Api-Key"), Some("hush"));
    }
}
