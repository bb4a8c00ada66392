//! A request, as the services see it.

use bytes::Bytes;
use http::{HeaderMap, Method};
use serde_json::Value;

use crate::store::Segments;

/// A request, read to its end.
#[derive(Default)]
pub(crate) struct Request {
    pub(crate) method: Method,
    /// Path and query as on the request line.
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Whether the body went on after what was kept of it.
    pub(crate) oversized: bool,
    /// The decoded path.
    pub(crate) path: Segments,
    /// Whether it asks for what the document doesn't have, at an address that clients only follow.
    pub(crate) is_followed: bool,
    /// Whether it was turned away because it isn't what the document says.
    pub(crate) is_refused: bool,
    /// The decoded query.
    pub(crate) query: Vec<(String, String)>,
    /// The body of an operation that takes one, checked against the document; null otherwise.
    pub(crate) json: Value,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The first value of a query parameter.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        let (_, value) = self.query.iter().find(|(key, _)| key == name)?;
        Some(value)
    }

    /// Every value of a query parameter that may be repeated.
    pub(crate) fn queries<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.query.iter().filter(move |(key, _)| key == name);
        named.map(|(_, value)| value.as_str())
    }

    /// The path as on the request line.
    pub(crate) fn raw_path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The query as on the request line without one parameter, ready for another one to follow.
    pub(crate) fn raw_query_without(&self, name: &str) -> String {
        let (_, query) = self.target.split_once('?').unwrap_or_default();
        query
            .split('&')
            .filter(|pair| !pair.is_empty() && pair.split('=').next() != Some(name))
            .flat_map(|pair| [pair, "&"])
            .collect()
    }

    /// The token of a bearer credential.
    pub(crate) fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.header("authorization")?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(token)
    }

    /// The path without its last `count` segments.
    pub(crate) fn ancestor(&self, count: usize) -> &[String] {
        &self.path[..self.path.len().saturating_sub(count)]
    }

    /// Where the client believes the service to be.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.header("host").unwrap_or("127.0.0.1"))
    }
}
