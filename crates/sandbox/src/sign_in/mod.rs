//! The token endpoints of Entra and Adobe IMS, and what they have handed out.

mod controls;
mod entra;
mod entra_refusal;
mod ims;
#[cfg(test)]
mod testing;
mod tokens;

use crate::request::Request;
use crate::response::Response;

pub(crate) use tokens::{Access, Tokens};
pub use tokens::{MfaRefusal, TokenGrant};

/// A token endpoint.
pub(crate) enum Endpoint {
    /// Of the tenant that begins the path.
    Entra,
    Ims,
}

impl Endpoint {
    /// The endpoint at a path, if there is one.
    pub(crate) fn at(path: &[String]) -> Option<Self> {
        let path: Vec<_> = path.iter().map(String::as_str).collect();
        match path.as_slice() {
            [_, "oauth2", "v2.0", "token"] => Some(Self::Entra),
            ["ims", "token", "v3"] => Some(Self::Ims),
            _ => None,
        }
    }

    pub(crate) fn respond(&self, tokens: &mut Tokens, request: &Request) -> Response {
        let response = match self {
            Self::Entra => entra::respond(tokens, &request.path[0], request),
            Self::Ims => ims::respond(tokens, request),
        };
        response.header("cache-control", "no-store, no-cache").header("pragma", "no-cache")
    }
}
