//! The endpoints of Entra and Adobe IMS, and what they have handed out.

mod consent;
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

/// An endpoint of an identity provider.
pub(crate) enum Endpoint {
    /// Of the tenant that begins the path.
    Entra,
    /// Where a browser is sent, for a code to come back with.
    EntraAuthorize,
    /// Where a device gets a code, and where a person enters it.
    EntraDevice,
    EntraDevicePage,
    Ims,
}

impl Endpoint {
    /// The endpoint at a path, if there is one.
    pub(crate) fn at(path: &[String]) -> Option<Self> {
        let path: Vec<_> = path.iter().map(String::as_str).collect();
        match path.as_slice() {
            [_, "oauth2", "v2.0", "token"] => Some(Self::Entra),
            [_, "oauth2", "v2.0", "authorize"] => Some(Self::EntraAuthorize),
            [_, "oauth2", "v2.0", "devicecode"] => Some(Self::EntraDevice),
            ["common", "oauth2", "deviceauth"] => Some(Self::EntraDevicePage),
            ["ims", "token", "v3"] => Some(Self::Ims),
            _ => None,
        }
    }

    pub(crate) fn respond(&self, tokens: &mut Tokens, request: &Request) -> Response {
        let response = match self {
            Self::Entra => entra::respond(tokens, &request.path[0], request),
            Self::EntraAuthorize => consent::authorize(tokens, request),
            Self::EntraDevice => consent::device_code(tokens, request),
            Self::EntraDevicePage => consent::device_page(tokens, request),
            Self::Ims => ims::respond(tokens, request),
        };
        response.header("cache-control", "no-store, no-cache").header("pragma", "no-cache")
    }
}
