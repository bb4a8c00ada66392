//! From a request to the service that responds to it.

use std::sync::LazyLock;

use http::Method;
use http::header::ALLOW;

use crate::contract::Brought;
use crate::recorded_request::without_credentials;
use crate::refusal::Refusal;
use crate::request::Request;
use crate::response::Response;
use crate::route::{Route, Router};
use crate::service::Service;
use crate::sign_in::Endpoint;
use crate::state::State;
use crate::store::{Store, segments};
use crate::vendor::Vendor;

/// Each vendor has its module here, with the service in a type of its name.
macro_rules! services {
    ($(($id:literal, $module:ident, $Type:ident, $ROW:ident))+) => {
        /// The services in the order in which they are asked whether a path is theirs: the table's.
        pub(crate) static VENDORS: [&dyn Service; Vendor::ALL.len()] =
            [$(&crate::$module::$Type),+];
    };
}
letterhead_spec::for_each_vendor!(services);

pub(crate) static ROUTERS: LazyLock<Vec<Router>> =
    LazyLock::new(|| VENDORS.iter().map(|vendor| Router::new(*vendor)).collect());

/// Reads the documents, if this process has not done so yet.
pub(crate) fn prepare() {
    LazyLock::force(&ROUTERS);
}

/// Where a request goes.
pub(crate) enum Destination {
    TokenEndpoint(Endpoint),
    Service(&'static dyn Service, Result<&'static Route, Refusal>),
    Nowhere,
}

impl Destination {
    /// Finds it, and leaves the request as the document has it.
    pub(crate) fn of(request: &mut Request) -> Self {
        if let Some(endpoint) = Endpoint::at(&request.path) {
            return Self::TokenEndpoint(endpoint);
        }
        let mut vendors = VENDORS.iter().zip(ROUTERS.iter());
        match vendors.find(|(vendor, _)| vendor.owns(&request.path)) {
            Some((vendor, router)) => {
                vendor.resolve(request);
                Self::Service(*vendor, router.find(request))
            }
            None => Self::Nowhere,
        }
    }

    pub(crate) fn vendor(&self) -> Option<Vendor> {
        match self {
            Self::Service(service, _) => Some(service.vendor()),
            Self::TokenEndpoint(_) | Self::Nowhere => None,
        }
    }

    /// The operation, if the document has the request.
    pub(crate) fn operation(&self, request: &Request) -> Option<&'static str> {
        match self {
            Self::Service(_, Ok(route)) if !request.is_followed => Some(route.id()),
            _ => None,
        }
    }

    /// Whether what a store has at a path gives a response that the document has.
    pub(crate) fn is_documented(store: &mut Store, brought: &Brought, path: &str) -> bool {
        let mut request =
            Request { target: path.to_owned(), path: segments(path), ..Request::default() };
        match Self::of(&mut request) {
            Self::Service(vendor, Ok(route)) => {
                route.is_documented(store, brought, vendor, &request)
            }
            _ => false,
        }
    }

    pub(crate) fn respond(self, state: &mut State, request: &mut Request) -> Response {
        match self {
            Self::TokenEndpoint(endpoint) => endpoint.respond(&mut state.tokens, request),
            Self::Service(vendor, Ok(route)) if !request.oversized => {
                route.respond(state, vendor, request)
            }
            Self::Service(vendor, route) => {
                // The limit is the sandbox's own: no document has it.
                let refusal = route.err().unwrap_or(Refusal::BodyTooLarge);
                let response = refuse(vendor, request, &refusal);
                vendor.finish(request, response)
            }
            Self::Nowhere => {
                let target = without_credentials(&request.target);
                let text = format!("{target} belongs to no service of the sandbox.\n");
                Response::new(404).typed("text/plain; charset=utf-8", text)
            }
        }
    }
}

fn refuse(vendor: &dyn Service, request: &Request, refusal: &Refusal) -> Response {
    let response = vendor.refuse(request, refusal);
    match refusal {
        Refusal::WrongMethod(methods) => {
            let methods: Vec<_> = methods.iter().map(Method::as_str).collect();
            response.header(ALLOW.as_str(), &methods.join(", "))
        }
        _ => response,
    }
}

#[cfg(test)]
mod tests {
    use crate::Sandbox;

    #[tokio::test]
    async fn an_address_of_no_service_is_not_found() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        assert_eq!(sandbox.call("GET", "/elsewhere", None).await.status, 404);
    }
}
