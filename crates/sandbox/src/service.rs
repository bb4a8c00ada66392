//! What each vendor's service has of its own; everything else is common to all.

use crate::refusal::Refusal;
use crate::request::Request;
use crate::response::Response;
use crate::sign_in::Tokens;
use crate::store::Store;
use crate::vendor::Vendor;

/// One of the services.
pub(crate) trait Service: Sync {
    /// The name by which tests know it; its document is that of the service's row.
    fn vendor(&self) -> Vendor;

    /// What answers each operation of the document.
    fn handlers(&self) -> &'static [(&'static str, Handler)];

    /// Whether a path is this service's to answer, known operation or not.
    fn owns(&self, path: &[String]) -> bool;

    /// Finds the operation behind a path that the document doesn't have, because clients only follow it.
    fn resolve(&self, _request: &mut Request) {}

    /// Stores what the service knows from the start; `origin` is for absolute links.
    fn seed(&self, store: &mut Store, origin: &str);

    /// Checks the credentials for an operation, or says no the way the service does.
    fn authorize(
        &self,
        request: &Request,
        operation: &str,
        tokens: &Tokens,
    ) -> Result<(), Response>;

    /// What the service recognizes a repeated request by, if it does and the request has it.
    fn request_id<'a>(&self, _request: &'a Request) -> Option<&'a str> {
        None
    }

    /// The service's own words for a request that no handler gets to see.
    fn refuse(&self, request: &Request, refusal: &Refusal) -> Response;

    /// Adds the headers that every reply of the service carries.
    fn finish(&self, request: &Request, reply: Response) -> Response;
}

/// Answers an operation; both sides are replies, so that `?` ends a handler with an error.
pub(crate) type Handler = fn(&mut Store, &Request) -> Result<Response, Response>;
