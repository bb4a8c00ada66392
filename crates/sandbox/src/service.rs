//! What each vendor's service has of its own; everything else is common to all.

use crate::refusal::Refusal;
use crate::request::Request;
use crate::response::Response;
use crate::setup::{HeaderLine, Setup, Variable};
use crate::sign_in::Tokens;
use crate::store::Store;
use crate::vendor::Vendor;

/// One of the services.
pub(crate) trait Service: Sync {
    /// The name by which tests know it; its document is that of the service's row.
    fn vendor(&self) -> Vendor;

    /// What a client is set up with.
    fn setup(&self) -> Setup;

    /// What a client of letterhead needs in its environment beside the base URL, where `origin` is that of the
    /// token endpoints.
    fn variables(&self, _origin: &str) -> Vec<Variable> {
        Vec::new()
    }

    /// Ids to begin with, each with what it is of.
    fn ids(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    /// The header lines that let a request to a target in.
    fn credentials(&self, target: &str) -> Vec<HeaderLine>;

    /// The handler of each operation of the document.
    fn handlers(&self) -> &'static [(&'static str, Handler)];

    /// Whether a path is this service's, known operation or not.
    fn owns(&self, path: &[String]) -> bool;

    /// Finds the operation behind a path that the document doesn't have, because clients only follow it.
    fn resolve(&self, _request: &mut Request) {}

    /// Stores the resources that the service has at the start; `origin` is for absolute links.
    fn seed(&self, store: &mut Store, origin: &str);

    /// Checks the credentials for an operation, or refuses as the service does.
    fn authorize(
        &self,
        request: &Request,
        operation: &str,
        tokens: &Tokens,
    ) -> Result<(), Response>;

    /// What the service recognizes a retry by, if it does and the request has it.
    fn request_id<'a>(&self, _request: &'a Request) -> Option<&'a str> {
        None
    }

    /// The service's response to a request that no handler sees.
    fn refuse(&self, request: &Request, refusal: &Refusal) -> Response;

    /// Adds the headers that every response of the service has.
    fn finish(&self, request: &Request, response: Response) -> Response;
}

/// Carries out an operation. Both sides are responses, so that `?` ends a handler with an error.
pub(crate) type Handler = fn(&mut Store, &Request) -> Result<Response, Response>;
