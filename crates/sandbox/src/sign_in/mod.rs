//! The token endpoints of Entra and Adobe IMS, and what they have handed out.

mod controls;
mod entra;
mod entra_refusal;
mod ims;
mod tokens;

use crate::response::Response;
use crate::vendor::Request;

pub use controls::MfaRefusal;
pub use entra::{
    PARTNER_CENTER_CLIENT_ID, PARTNER_CENTER_CLIENT_SECRET, PARTNER_CENTER_REFRESH_TOKEN,
};
pub use ims::{CAMPAIGN_CLIENT_ID, CAMPAIGN_CLIENT_SECRET};
pub use tokens::TokenGrant;
pub(crate) use tokens::{Access, Tokens};

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

    pub(crate) fn answer(&self, tokens: &mut Tokens, request: &Request) -> Response {
        let reply = match self {
            Self::Entra => entra::answer(tokens, &request.path[0], request),
            Self::Ims => ims::answer(tokens, request),
        };
        reply
            .header("cache-control", "no-store, no-cache")
            .header("pragma", "no-cache")
    }
}

/// The members of a form.
struct Form(Vec<(String, String)>);

impl Form {
    /// The form that is the body of a request; `None` if it is something else.
    fn of(request: &Request) -> Option<Self> {
        let content_type = request.header("content-type").unwrap_or_default();
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        let is_form = essence.eq_ignore_ascii_case("application/x-www-form-urlencoded");
        let text = std::str::from_utf8(&request.body).ok()?;
        (is_form && !request.oversized).then(|| Self(crate::form::decode(text)))
    }

    /// A member that is there and isn't empty.
    fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(key, _)| key == name)?;
        (!value.is_empty()).then_some(value)
    }
}
