//! What a service has to say for itself; everything else is common to all.

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use serde_json::Value;

use crate::Sandbox;
use crate::journal::Service;
use crate::reply::Reply;
use crate::requests::{HeaderLine, Setup, SuccessfulRequest};
use crate::sign_in::Tokens;
use crate::store::{Segments, Store};

/// One of the services.
pub(crate) trait Vendor: Sync {
    /// The name by which tests know it; its document is that of the service's row.
    fn service(&self) -> Service;

    /// What a client is set up with.
    fn setup(&self) -> Setup;

    /// A request that succeeds for each operation, in an order in which each finds what it needs.
    fn requests(&self, sandbox: &Sandbox) -> Vec<SuccessfulRequest>;

    /// The header lines that let a request to a target in.
    fn credentials(&self, target: &str) -> Vec<HeaderLine>;

    /// What answers each operation of the document.
    fn handlers(&self) -> &'static [(&'static str, Handler)];

    /// Whether a path is this service's to answer, known operation or not.
    fn owns(&self, path: &[String]) -> bool;

    /// Finds the operation behind a path that the document doesn't have, because clients only follow it.
    fn resolve(&self, _request: &mut Request) {}

    /// Stores what the service knows from the start; `origin` is for absolute links.
    fn seed(&self, store: &mut Store, origin: &str);

    /// Checks the credentials for an operation, or says no the way the service does.
    fn authorize(&self, request: &Request, operation: &str, tokens: &Tokens) -> Result<(), Reply>;

    /// What the service recognizes a repeated request by, if it does and the request has it.
    fn request_id<'a>(&self, _request: &'a Request) -> Option<&'a str> {
        None
    }

    /// The service's own words for a request that no handler gets to see.
    fn refuse(&self, request: &Request, refusal: &Refusal) -> Reply;

    /// Adds the headers that every reply of the service carries.
    fn finish(&self, request: &Request, reply: Reply) -> Reply;
}

/// Answers an operation; both sides are replies, so that `?` ends a handler with an error.
pub(crate) type Handler = fn(&mut Store, &Request) -> Result<Reply, Reply>;

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

/// Why a request doesn't get to a handler.
pub(crate) enum Refusal {
    UnknownRoute,
    /// The path exists, for these methods.
    WrongMethod(Vec<Method>),
    BodyTooLarge,
    NotDeclaredAsJson,
    /// The body isn't JSON, for this reason.
    NotJson(String),
    /// A parameter that the document requires.
    MissingParameter(String),
    /// The body isn't what the document says; at least one flaw.
    Invalid(Vec<Flaw>),
}

/// One difference between a request body and its schema.
pub(crate) struct Flaw {
    /// JSON pointer to the member, be it there or missing.
    pub(crate) pointer: String,
    pub(crate) reason: String,
}

impl Refusal {
    /// The status that HTTP has for it.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::UnknownRoute => StatusCode::NOT_FOUND,
            Self::WrongMethod(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            // No document has 415 for it.
            Self::NotDeclaredAsJson
            | Self::NotJson(_)
            | Self::MissingParameter(_)
            | Self::Invalid(_) => StatusCode::BAD_REQUEST,
        }
    }

    /// One sentence for people.
    pub(crate) fn message(&self, request: &Request) -> String {
        let (method, target) = (&request.method, &request.target);
        match self {
            Self::UnknownRoute => format!("No route for {target}."),
            Self::WrongMethod(_) => format!("{method} is not available for {target}."),
            Self::BodyTooLarge => "The request body is larger than 1 MiB.".to_owned(),
            Self::NotDeclaredAsJson => "The content type must be application/json.".to_owned(),
            Self::NotJson(reason) => format!("The request body is not JSON: {reason}."),
            Self::MissingParameter(name) => format!("The parameter {name} is required."),
            Self::Invalid(flaws) => flaws
                .iter()
                .map(|flaw| format!("{}: {}.", flaw.pointer, flaw.reason))
                .collect::<Vec<_>>()
                .join(" "),
        }
    }
}
