//! Why a request is refused before an operation sees it.

use http::{Method, StatusCode};

use crate::recorded_request::without_credentials;
use crate::request::Request;

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
        let (method, target) = (&request.method, without_credentials(&request.target));
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
