//! One call before it is sent: arguments become a URL, headers and a body.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::exchange::Answer;
use super::{Argument, Layer, Operation, Options, endpoint};
use crate::wire::serialize_noting_secrets;
use crate::{CorrelationId, Error, Reply, RequestId, Secret};

/// What can't stand in a path segment as it is. `@`, `-`, `_`, `:` and the like can: Campaign's keys
/// are full of them.
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// What can't stand in a query as it is: all but RFC 3986's unreserved characters.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A call under construction. The first argument that can't be sent is kept until `send`, so that
/// the chain stays one.
pub(crate) struct Call<'a> {
    pub(super) layer: &'a Layer,
    pub(super) operation: &'static Operation,
    pub(super) request_id: RequestId,
    pub(super) correlation_id: CorrelationId,
    pub(super) headers: HeaderMap,
    pub(super) body: Option<Bytes>,
    /// The secrets in the body.
    pub(super) secrets: Vec<Secret>,
    /// The path so far, percent-encoded.
    path: String,
    /// The part of the template that isn't in `path` yet.
    template: &'static str,
    query: String,
    /// Where the call goes instead of the operation's path.
    link: Option<Url>,
    fault: Option<String>,
}

impl<'a> Call<'a> {
    pub(super) fn new(layer: &'a Layer, operation: &'static Operation, options: Options) -> Self {
        let base = layer.base().path().trim_end_matches('/');
        let mut path = String::with_capacity(base.len() + operation.path.len() + 64);
        path.push_str(base);
        Self {
            layer,
            operation,
            request_id: options.request_id.unwrap_or_else(RequestId::new),
            correlation_id: CorrelationId::for_call(options.correlation_id),
            headers: HeaderMap::with_capacity(16),
            body: None,
            secrets: Vec::new(),
            path,
            template: operation.path,
            query: String::new(),
            link: None,
            fault: None,
        }
    }

    /// Puts the next argument into the path, as one segment.
    pub(crate) fn segment<A: Argument>(mut self, value: Result<A, String>) -> Self {
        let (before, rest) = self.template.split_once('{').unwrap_or((self.template, ""));
        let (name, rest) = rest.split_once('}').unwrap_or((rest, ""));
        self.path.push_str(before);
        self.template = rest;
        if let Some(value) = self.argument(value) {
            let mut text = String::new();
            value.each(&mut |part| text.push_str(part));
            match text.as_str() {
                "" => self.refuse(format!("`{name}` is empty")),
                "." | ".." => self.refuse(format!(
                    "`{name}` is `{text}`, which would lead to another resource"
                )),
                text => self.path.extend(utf8_percent_encode(text, SEGMENT)),
            }
        }
        self
    }

    /// Adds a query parameter, once for each value.
    pub(crate) fn query<A: Argument>(mut self, name: &str, value: Result<A, String>) -> Self {
        if let Some(value) = self.argument(value) {
            value.each(&mut |text| {
                if !self.query.is_empty() {
                    self.query.push('&');
                }
                self.query.push_str(name);
                self.query.push('=');
                self.query.extend(utf8_percent_encode(text, QUERY));
            });
        }
        self
    }

    /// Adds a header, once for each value; `name` is in lower case.
    pub(crate) fn header<A: Argument>(
        mut self,
        name: &'static str,
        value: Result<A, String>,
    ) -> Self {
        if let Some(value) = self.argument(value) {
            let mut fault = None;
            value.each(&mut |text| match HeaderValue::from_str(text) {
                Ok(value) => {
                    self.headers.append(HeaderName::from_static(name), value);
                }
                Err(_) => {
                    fault = Some(format!(
                        "the value for the header `{name}` has a character that a header can't carry"
                    ));
                }
            });
            if let Some(fault) = fault {
                self.refuse(fault);
            }
        }
        self
    }

    /// Sends `value` as the JSON body.
    pub(crate) fn json<T: Serialize>(mut self, value: Result<T, String>) -> Self {
        if let Some(value) = self.argument(value) {
            match serialize_noting_secrets(&value) {
                Ok((bytes, secrets)) => {
                    self.body = Some(bytes.into());
                    self.secrets = secrets;
                    self.headers
                        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
                }
                Err(error) => self.refuse(format!("the body can't be written as JSON: {error}")),
            }
        }
        self
    }

    /// Goes to a link that the vendor sent, instead of the operation's path.
    pub(crate) fn link(mut self, url: Result<Url, String>) -> Self {
        if let Some(url) = self.argument(url) {
            let base = self.layer.base();
            if endpoint::same_origin(&url, base) {
                self.link = Some(url);
            } else {
                self.refuse(format!(
                    "the link leads to `{}` and not to `{}`: not followed, since the credential \
                     would go with it",
                    endpoint::origin(&url),
                    endpoint::origin(base)
                ));
            }
        }
        self
    }

    /// Sends the call and decodes the answer's body.
    ///
    /// # Errors
    /// See [`Error`].
    pub(crate) async fn send<T: DeserializeOwned>(self) -> Result<Reply<T>, Error> {
        self.exchange(Answer::decode).await
    }

    /// Sends the call, whose answer has no body to speak of.
    ///
    /// # Errors
    /// See [`Error`].
    pub(crate) async fn send_for_nothing(self) -> Result<Reply<()>, Error> {
        self.exchange(Answer::without_value).await
    }

    /// The URL, or why there is none.
    pub(super) fn url(&mut self) -> Result<Url, String> {
        if let Some(fault) = self.fault.take() {
            return Err(fault);
        }
        if let Some(link) = self.link.take() {
            return Ok(link);
        }
        self.path.push_str(self.template);
        let mut url = self.layer.base().clone();
        url.set_path(&self.path);
        if !self.query.is_empty() {
            url.set_query(Some(&self.query));
        }
        Ok(url)
    }

    fn argument<A>(&mut self, value: Result<A, String>) -> Option<A> {
        value.map_err(|fault| self.refuse(fault)).ok()
    }

    /// Keeps the first fault.
    fn refuse(&mut self, fault: impl Into<String>) {
        self.fault.get_or_insert_with(|| fault.into());
    }
}
