//! One call before it is sent: arguments become a URL, headers and a body.

#[allow(dead_code, reason = "for documents of other vendors")]
mod styled;

use std::borrow::Cow;
use std::sync::Mutex;
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::list::List;
use super::mark::Mark;
use super::response::Response;
use super::{Argument, ByStatus, Layer, Operation, Options, Proof, endpoint, extra_header};
use crate::auth_headers::without_pairs;
use crate::slot::{Slot, together};
use crate::wire::serialize_noting_secrets;
use crate::{CorrelationId, Download, Error, Lines, Reply, RequestId, RetryPolicy, Secret};

/// A write isn't sent with less time left than a fifth of the call's time limit, within these bounds: it
/// would end without a response, and nobody would know what became of it.
const LEAST: [Duration; 2] = [Duration::from_millis(10), Duration::from_millis(250)];

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
pub(crate) const QUERY: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A call under construction. The first argument that can't be sent is kept until `send`, so that
/// the chain stays one.
pub(crate) struct Call {
    pub(super) layer: Layer,
    pub(super) operation: Cow<'static, Operation>,
    pub(super) request_id: RequestId,
    pub(super) correlation_id: CorrelationId,
    pub(super) timeout: Duration,
    /// With less time left than this the request isn't sent.
    pub(super) least: Duration,
    pub(super) retry: RetryPolicy,
    pub(super) headers: HeaderMap,
    pub(super) body: Option<Bytes>,
    /// A body that can be sent once, until it is.
    pub(super) stream: Option<Mutex<Option<reqwest::Body>>>,
    /// Whether the body of a success is left to the caller to read.
    pub(super) is_download: bool,
    pub(super) proof: Option<Proof>,
    /// The secrets in the body, and what extra headers hold: a gateway's key may be among it.
    pub(super) secrets: Vec<Secret>,
    /// The path so far, percent-encoded.
    path: String,
    /// The part of the template that isn't in `path` yet.
    template: &'static str,
    query: String,
    /// Where the call goes instead of the operation's path.
    link: Option<Box<Url>>,
    past_undecodable: bool,
    mark: Option<&'static Mark>,
    pub(super) keep_body: bool,
    /// What the operation takes of the client's credential; none where that is all of it.
    pub(super) chosen: Option<&'static [Slot]>,
    fault: Option<String>,
}

impl Layer {
    /// Starts a call of `operation`.
    pub(crate) fn call(
        &self,
        operation: impl Into<Cow<'static, Operation>>,
        options: Options,
    ) -> Call {
        Call::new(self.clone(), operation.into(), options)
    }
}

impl Call {
    fn new(layer: Layer, operation: Cow<'static, Operation>, options: Options) -> Self {
        let base = layer.base().path().trim_end_matches('/');
        let mut path = String::with_capacity(base.len() + operation.path.len() + 64);
        path.push_str(base);
        let limit = options.timeout.unwrap_or(layer.0.timeout);
        let left = options
            .until
            .map_or(Duration::MAX, |until| until.saturating_duration_since(layer.0.io.clock.now()));
        let mut call = Self {
            request_id: options.request_id.unwrap_or_else(RequestId::new),
            correlation_id: CorrelationId::for_call(options.correlation_id),
            timeout: limit.min(left),
            least: if operation.method.is_safe() {
                Duration::ZERO
            } else {
                (limit / 5).clamp(LEAST[0], LEAST[1])
            },
            retry: options.retry.unwrap_or(layer.0.retry),
            headers: HeaderMap::new(),
            body: None,
            stream: None,
            is_download: false,
            proof: options.proof,
            secrets: Vec::new(),
            path,
            template: operation.path,
            query: String::new(),
            link: None,
            past_undecodable: options.past_undecodable,
            mark: options.mark,
            keep_body: options.keep_body,
            chosen: None,
            fault: None,
            operation,
            layer,
        };
        call.check_cloud();
        call.choose_credential();
        for (name, value) in options.headers {
            call.extra_header(&name, &value);
        }
        if let Some(link) = options.link {
            call.follow(link);
        }
        call
    }

    fn check_cloud(&mut self) {
        if let Some(cloud) = self.layer.0.cloud
            && !self.operation.clouds.is_empty()
            && !self.operation.clouds.contains(&cloud)
        {
            self.refuse(format!(
                "it isn't offered in the cloud `{cloud}` that the client is set up for, only in {}",
                self.operation.clouds.join(", ")
            ));
        }
    }

    fn choose_credential(&mut self) {
        let Some(takes) = self.operation.takes else { return };
        let credential = &self.layer.0.credential;
        self.chosen = credential.chosen(takes);
        if self.chosen.is_none() {
            let own = together(&credential.slots());
            let takes: Vec<String> = takes.iter().map(|slots| together(slots)).collect();
            let takes = takes.join(", or ");
            self.refuse(format!("it takes {takes}, and the client's credential is {own}"));
        }
    }

    /// Adds a header that no document knows.
    fn extra_header(&mut self, name: &str, value: &str) {
        let slots = self.layer.0.credential.slots();
        match extra_header::parse(self.layer.0.vendor, &slots, name, value) {
            Ok((name, sendable)) => {
                self.headers.append(name, sendable);
                self.secrets.extend(extra_header::likely_secrets(value));
            }
            Err(fault) => self.refuse(fault),
        }
    }

    /// Puts the next argument into the path, as one segment.
    pub(crate) fn segment<A: Argument>(mut self, value: Result<A, String>) -> Self {
        let name = self.next_argument();
        if let Some(value) = self.argument(value) {
            let mut text = String::new();
            value.each(&mut |part| text.push_str(part));
            if text.is_empty() {
                self.refuse(format!("`{name}` is empty"));
            }
            self.path.extend(utf8_percent_encode(&text, SEGMENT));
            self.check_segment(name, &text);
        }
        self
    }

    /// Puts into the path what stands before its next argument, and returns the name of that one.
    fn next_argument(&mut self) -> &'static str {
        let (before, rest) = self.template.split_once('{').unwrap_or((self.template, ""));
        let (name, rest) = rest.split_once('}').unwrap_or((rest, ""));
        self.path.push_str(before);
        self.template = rest;
        name
    }

    /// Refuses a segment that would lead to another resource, once all of it is there. Its last argument is `name`,
    /// with the value `text`.
    fn check_segment(&mut self, name: &str, text: &str) {
        let literal = self.template.split(['/', '?', '#', '{']).next().unwrap_or_default();
        if self.template[literal.len()..].starts_with('{') {
            return;
        }
        let begun = self.path.rsplit('/').next().unwrap_or_default();
        // Some servers take what is behind a semicolon for a parameter.
        let signs = || begun.chars().chain(literal.chars()).take_while(|sign| *sign != ';').take(3);
        if signs().all(|sign| sign == '.') && (1..=2).contains(&signs().count()) {
            let is = if literal.is_empty() && begun == text && !text.contains(';') {
                format!(" is `{text}`, which")
            } else {
                String::new()
            };
            self.refuse(format!("`{name}`{is} would lead to another resource"));
        }
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
                Err(_) => fault = Some(extra_header::unsendable(name)),
            });
            if let Some(fault) = fault {
                self.refuse(fault);
            }
        }
        self
    }

    /// Sends `value` as the JSON body.
    pub(crate) fn json<T: Serialize>(self, value: Result<T, String>) -> Self {
        self.body(value.and_then(|value| Self::written(&value)))
    }

    /// `value` as JSON, and the secrets in it.
    pub(super) fn written<T: Serialize>(value: &T) -> Result<(Bytes, Vec<Secret>), String> {
        match serialize_noting_secrets(value) {
            Ok((bytes, secrets)) => Ok((bytes.into(), secrets)),
            Err(error) => Err(format!("the body can't be written as JSON: {error}")),
        }
    }

    /// Sends a body that was written as JSON.
    pub(super) fn body(mut self, body: Result<(Bytes, Vec<Secret>), String>) -> Self {
        if let Some((bytes, secrets)) = self.argument(body) {
            self.body = Some(bytes);
            self.secrets.extend(secrets);
            self.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        self
    }

    /// Goes to a link that the vendor sent, instead of the operation's path.
    fn follow(&mut self, url: Result<Box<Url>, String>) {
        if let Some(url) = self.argument(url) {
            let base = self.layer.base();
            if endpoint::same_origin(&url, base) {
                // Without what is added when it is sent, which only the server sees.
                let is_own = |name: &str| match self.chosen {
                    None => self.layer.sends_in_query(name),
                    Some(slots) => slots.iter().any(|slot| slot.is_query(name)),
                };
                self.link = Some(Box::new(without_pairs(&url, is_own).into_owned()));
            } else {
                self.refuse(format!(
                    "the link leads to `{}` and not to `{}`: not followed, since the credential \
                     would go with it",
                    endpoint::origin(&url),
                    endpoint::origin(base)
                ));
            }
        }
    }

    /// Sends the call and decodes the response's body.
    ///
    /// # Errors
    /// See [`Error`].
    pub(crate) async fn send<T>(self) -> Result<Reply<T>, Error>
    where
        T: DeserializeOwned + Send + 'static,
    {
        self.run(|response: Response<'_>| response.decode()).await
    }

    /// Sends the call and decodes the response, which holds a list in its member `name`, or is one.
    ///
    /// # Errors
    /// See [`Error`]; and a response without the list, which is not taken for an empty one.
    pub(crate) async fn send_list<T, I>(
        self,
        name: Option<&'static str>,
        items: fn(&mut T) -> &mut Vec<I>,
    ) -> Result<Reply<T>, Error>
    where
        T: DeserializeOwned + Send + 'static,
        I: DeserializeOwned + Send + 'static,
    {
        let list = List { name, items, past_undecodable: self.past_undecodable, mark: self.mark };
        self.run(move |response: Response<'_>| response.decode_list(&list)).await
    }

    /// Sends the call, whose response has no value.
    ///
    /// # Errors
    /// See [`Error`].
    pub(crate) async fn send_for_nothing(self) -> Result<Reply<()>, Error> {
        self.run(|response: Response<'_>| response.without_value()).await
    }

    /// Sends the call, whose response is read by the caller.
    ///
    /// # Errors
    /// See [`Error`].
    #[allow(dead_code, reason = "for documents of other vendors")]
    pub(crate) async fn send_for_download(mut self) -> Result<Reply<Download>, Error> {
        self.is_download = true;
        self.run(|response: Response<'_>| Ok(response.download())).await
    }

    /// Sends the call, whose response has JSON in each line.
    ///
    /// # Errors
    /// See [`Error`].
    #[allow(dead_code, reason = "for documents of other vendors")]
    pub(crate) async fn send_for_lines<T>(self) -> Result<Reply<Lines<T>>, Error>
    where
        T: DeserializeOwned + Send + 'static,
    {
        Ok(self.send_for_download().await?.map(Lines::of))
    }

    /// Sends the call, whose response depends on the status.
    ///
    /// # Errors
    /// See [`Error`].
    #[allow(dead_code, reason = "for documents of other vendors")]
    pub(crate) async fn send_by_status<T: ByStatus>(self) -> Result<Reply<T>, Error> {
        self.run(|response: Response<'_>| T::decode(response)).await
    }

    /// The URL, or why there is none.
    pub(super) fn url(&mut self) -> Result<Url, String> {
        if let Some(fault) = self.fault.take() {
            return Err(fault);
        }
        if let Some(link) = self.link.take() {
            return Ok(*link);
        }
        let Self { layer, operation, path, template, query, .. } = self;
        let base = layer.base();
        Ok(if template.len() == operation.path.len() && query.is_empty() {
            layer.0.fixed_urls.url(operation.path, || url(base, path, template, query))
        } else {
            url(base, path, template, query)
        })
    }

    fn argument<A>(&mut self, value: Result<A, String>) -> Option<A> {
        value.map_err(|fault| self.refuse(fault)).ok()
    }

    /// Keeps the first fault.
    pub(super) fn refuse(&mut self, fault: impl Into<String>) {
        self.fault.get_or_insert_with(|| fault.into());
    }
}

/// The URL of a path, percent-encoded, that ends with `rest` of a document's.
fn url(base: &Url, path: &mut String, rest: &str, query: &str) -> Url {
    // A path of a document may end with a query, or with a mark that isn't sent.
    let rest = rest.split('#').next().unwrap_or_default();
    let (rest, fixed) = rest.split_once('?').unwrap_or((rest, ""));
    path.push_str(rest);
    let mut url = base.clone();
    url.set_path(path);
    match (fixed, query) {
        ("", "") => {}
        ("", query) | (query, "") => url.set_query(Some(query)),
        (fixed, query) => url.set_query(Some(&[fixed, "&", query].concat())),
    }
    url
}
