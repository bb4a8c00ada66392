//! A call of a path that no document has.

use std::fmt;

use bytes::Bytes;
use http::Method;
use percent_encoding::utf8_percent_encode;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::call::QUERY;
use super::{Call, Layer, Operation, Options, options};
use crate::bad_character::bad_character;
use crate::retry::Repeatable;
use crate::{Error, Reply, Secret};

/// What spans, metrics and errors call the operation.
const NAME: &str = "request";

/// A call of a path that no document has, with JSON in and out; made by the client's method `request`.
///
/// ```no_run
/// use letterhead::http::Method;
/// use letterhead::serde_json::{Value, json};
///
/// # async fn run(partner: letterhead::partner_center::Client) -> Result<(), letterhead::Error> {
/// let orders = partner
///     .request(Method::GET, "/v1/customers/{customer_tenant_id}/orders")
///     .path("customer_tenant_id", "45916f92-e9c3-4ed2-b8c2-d87aa129905f")
///     .query("billingType", "license")
///     .send::<Value>()
///     .await?;
/// println!("{} orders, request {}", orders["totalCount"], orders.request_id());
/// # Ok(()) }
/// ```
///
/// All else is as for an operation: credential, ids, spans, metrics, limits, hooks, and errors that say what to do.
/// A GET, HEAD or OPTIONS is retried. Nothing else is, unless [`repeatable`](Self::repeatable) says that it may be.
#[derive(Clone)]
pub struct JsonRequest {
    layer: Layer,
    operation: Operation,
    path: Vec<(String, String)>,
    query: Vec<(String, String)>,
    body: Option<Result<(Bytes, Vec<Secret>), String>>,
    options: Options,
}

impl JsonRequest {
    pub(crate) fn new(layer: &Layer, method: Method, template: &'static str) -> Self {
        let repeatable = if method.is_safe() { Repeatable::Always } else { Repeatable::Never };
        let (name, path) = (NAME, template);
        let operation = Operation { name, method, path, repeatable, clouds: &[], takes: None };
        Self {
            layer: layer.clone(),
            operation,
            path: Vec::new(),
            query: Vec::new(),
            body: None,
            options: Options::default(),
        }
    }

    /// The value for `{name}` in the path, in place of one that it had. It becomes one segment, percent-encoded.
    #[expect(clippy::needless_pass_by_value, reason = "a number is given as it is")]
    #[must_use]
    pub fn path(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.path.push((name.into(), value.to_string()));
        self
    }

    /// Adds a query parameter, percent-encoded.
    #[expect(clippy::needless_pass_by_value, reason = "a number is given as it is")]
    #[must_use]
    pub fn query(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.query.push((name.into(), value.to_string()));
        self
    }

    /// Sends `value` as JSON.
    #[must_use]
    pub fn body(mut self, value: impl Serialize) -> Self {
        self.body = Some(Call::written(&value));
        self
    }

    /// What spans, metrics and errors call the operation, in place of `request`.
    #[must_use]
    pub fn named(mut self, name: &'static str) -> Self {
        self.operation.name = name;
        self
    }

    /// Says whether the call may be retried, where the method alone doesn't: that is the caller's to know.
    #[must_use]
    pub fn repeatable(mut self, repeatable: Repeatable) -> Self {
        self.operation.repeatable = repeatable;
        self
    }

    options!(timeout);
    options!(retry);
    options!(extra_header);
    options!(keep_body);
    options!(correlation_id);
    options!(request_id);

    /// Sends the call and decodes the response: as a [`serde_json::Value`], a [`Json`](crate::Json), or a type of
    /// the caller's. A response without a body is decoded as `null`.
    ///
    /// # Errors
    /// A path, a value or a header that can't be sent, a failure on the way, a vendor's error, a response that
    /// can't be decoded: see [`Error`].
    pub async fn send<T: DeserializeOwned + Send + 'static>(self) -> Result<Reply<T>, Error> {
        let fault = self.fault();
        let names: Vec<_> = placeholders(self.operation.path).collect();
        let mut call = self.layer.call(self.operation, self.options);
        if let Some(fault) = fault {
            call.refuse(fault);
        }
        for name in names {
            let value = self.path.iter().rfind(|(given, _)| given == name);
            let missing =
                || format!("the path has no value for `{{{name}}}`; give it one with `path`");
            call = call.segment(value.map(|(_, value)| value.clone()).ok_or_else(missing));
        }
        for (name, value) in self.query {
            let name = utf8_percent_encode(&name, QUERY).to_string();
            call = call.query(&name, Ok(value));
        }
        if let Some(body) = self.body {
            call = call.body(body);
        }
        call.send().await
    }

    /// The path, and the values that it has.
    pub(crate) fn place(&self) -> (&'static str, Vec<String>) {
        let names = placeholders(self.operation.path);
        let values = names.filter_map(|name| self.path.iter().rfind(|(given, _)| given == name));
        (self.operation.path, values.map(|(_, value)| value.clone()).collect())
    }

    /// A query parameter in place of those of its name.
    pub(crate) fn with_query(mut self, name: &str, value: &str) -> Self {
        self.query.retain(|(given, _)| given != name);
        self.query(name, value)
    }

    /// A header in place of those of its name.
    pub(crate) fn with_header(mut self, name: &str, value: &str) -> Self {
        self.options.headers.retain(|(given, _)| !given.eq_ignore_ascii_case(name));
        self.extra_header(name, value)
    }

    pub(crate) fn has_query(&self, name: &str) -> bool {
        self.query.iter().any(|(given, _)| given == name)
    }

    pub(crate) fn options_mut(&mut self) -> &mut Options {
        &mut self.options
    }

    pub(crate) fn layer(&self) -> &Layer {
        &self.layer
    }

    /// Why the call can't be sent, whatever its values are.
    fn fault(&self) -> Option<String> {
        let method = &self.operation.method;
        if matches!(*method, Method::CONNECT | Method::TRACE) {
            return Some(format!("the method {method} isn't one of an API"));
        }
        if let Some(fault) = fault_of(self.operation.path) {
            return Some(format!("the path {fault}"));
        }
        if let Some((name, _)) = self.query.iter().find(|(name, _)| self.layer.sends_in_query(name))
        {
            return Some(format!(
                "the query parameter `{name}` is the credential's; it can't be set for a call"
            ));
        }
        let is_unknown =
            |name: &str| placeholders(self.operation.path).all(|placeholder| placeholder != name);
        let (name, _) = self.path.iter().find(|(name, _)| is_unknown(name))?;
        let is_name = name.chars().all(is_of_name);
        let name = if is_name { format!("`{{{name}}}`") } else { "such name".to_owned() };
        Some(format!("the path has no {name}; `path` takes the name first and the value second"))
    }
}

impl fmt::Debug for JsonRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The values are customers' data.
        f.debug_struct("JsonRequest")
            .field("method", &self.operation.method)
            .field("path", &self.operation.path)
            .field("repeatable", &self.operation.repeatable)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// The names in braces.
fn placeholders(template: &'static str) -> impl Iterator<Item = &'static str> {
    template.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

/// Why a template isn't a path below the base URL. What would change its meaning on the way is refused instead of
/// being encoded: a value has its own place.
fn fault_of(template: &str) -> Option<String> {
    let Some(rest) = template.strip_prefix('/') else {
        return Some(
            "has to begin with a slash; scheme, host and port are those of the client's base URL"
                .into(),
        );
    };
    if template.contains(['?', '#']) {
        return Some("has a query or a fragment; add parameters with `query`".to_owned());
    }
    let segments: Vec<_> = rest.split('/').collect();
    segments.iter().enumerate().find_map(|(index, segment)| {
        let is_last = index + 1 == segments.len();
        let is_literal = |c: char| c.is_ascii_alphanumeric() || "-._~!$&'()*+,=:@".contains(c);
        let name = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        match (*segment, name) {
            ("", _) if is_last => None,
            ("", _) => Some("has an empty segment, which some servers take for a host".to_owned()),
            ("." | "..", _) => Some(format!("has the segment `{segment}`, which leads elsewhere")),
            (_, Some(name)) if !name.is_empty() && name.chars().all(is_of_name) => None,
            _ if segment.contains(['{', '}']) => {
                Some("has braces that aren't around the name of a whole segment".to_owned())
            }
            _ => bad_character(segment, is_literal).map(|what| {
                format!("has {what} in a segment; write a name in braces there and give its value with `path`")
            }),
        }
    })
}
