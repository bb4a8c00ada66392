//! From a request to the handler that its document names.

use std::sync::LazyLock;

use http::Method;
use letterhead_document::{Document, Operation};
use letterhead_spec::VENDORS;

use crate::contract::{Brought, Contract};
use crate::refusal::Refusal;
use crate::request::Request;
use crate::response::Response;
use crate::service::{Handler, Service};
use crate::state::State;
use crate::store::{Store, segments};

/// The documents of all vendors, in the order of the table.
static DOCUMENTS: LazyLock<Vec<Document>> = LazyLock::new(|| {
    let documents = VENDORS.iter().map(|vendor| {
        let document = Document::parse(vendor.file, vendor.document());
        document.unwrap_or_else(|fault| panic!("{fault}"))
    });
    documents.collect()
});

/// The operations of one document.
pub(crate) struct Router {
    /// Literal segments before parameters, so that the first match is the closest.
    pub(crate) routes: Vec<Route>,
}

pub(crate) struct Route {
    pub(crate) operation: Operation<'static>,
    pub(crate) method: Method,
    pub(crate) template: Vec<Segment>,
    contract: Contract,
    handler: Handler,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Segment {
    Literal(String),
    Parameter,
}

impl Router {
    /// Reads the document of `vendor`; one that is faulty, or has an operation without a handler, is
    /// a mistake in this crate and stops the process.
    pub(crate) fn new(vendor: &dyn Service) -> Self {
        let document = &DOCUMENTS[vendor.vendor() as usize];
        let base = document.servers().next().map_or("", |server| server.path());
        let routes = document.operations().map(|operation| {
            let id = operation.name();
            let mut handlers = vendor.handlers().iter();
            let (_, handler) = handlers
                .find(|(known, _)| *known == id)
                .unwrap_or_else(|| panic!("{}: {id} has no handler", document.name()));
            let method = operation.http_method().parse();
            Route {
                operation,
                method: method.expect("an HTTP method"),
                template: template(&format!("{base}{}", operation.path.text)),
                contract: Contract::new(operation),
                handler: *handler,
            }
        });
        let mut routes: Vec<_> = routes.collect();
        routes.sort_by(|a, b| a.template.cmp(&b.template));
        Self { routes }
    }

    pub(crate) fn find(&self, request: &Request) -> Result<&Route, Refusal> {
        let Some(closest) = self.routes.iter().find(|route| route.matches(&request.path)) else {
            return Err(Refusal::UnknownRoute);
        };
        let same_path = || self.routes.iter().filter(|route| route.template == closest.template);
        same_path().find(|route| route.method == request.method).ok_or_else(|| {
            Refusal::WrongMethod(same_path().map(|route| route.method.clone()).collect())
        })
    }
}

impl Route {
    pub(crate) fn id(&self) -> &'static str {
        self.operation.id().unwrap_or_default()
    }

    /// Responds with what the handler makes, if credentials and document let the request through.
    pub(crate) fn respond(
        &self,
        state: &mut State,
        vendor: &dyn Service,
        request: &mut Request,
    ) -> Response {
        let admitted = vendor.authorize(request, self.id(), &state.tokens).and_then(|()| {
            let admitted = self.contract.admit(request);
            request.is_refused = admitted.is_err();
            admitted.map_err(|refusal| vendor.refuse(request, &refusal))
        });
        state.brought.note(&request.json);
        let reply = admitted.and_then(|()| self.apply(state, vendor, request));
        let reply = vendor.finish(request, reply.unwrap_or_else(|error| error));
        let is_judged = cfg!(debug_assertions) && !state.planted && !request.is_followed;
        if is_judged && let Some(objection) = self.contract.objection(&reply, &state.brought) {
            // A mistake of this crate, which would teach its users what no vendor does.
            state.break_off(&format!("{} responds with {}: {objection}", self.id(), reply.status));
        }
        reply
    }

    /// Whether the handler's response, to a request that is let through, is in the document.
    pub(crate) fn is_documented(
        &self,
        store: &mut Store,
        brought: &Brought,
        vendor: &dyn Service,
        request: &Request,
    ) -> bool {
        let reply = (self.handler)(store, request).unwrap_or_else(|error| error);
        let reply = vendor.finish(request, reply);
        self.contract.objection(&reply, brought).is_none()
    }

    fn matches(&self, path: &[String]) -> bool {
        self.template.len() == path.len()
            && self.template.iter().zip(path).all(|(segment, given)| match segment {
                Segment::Literal(literal) => literal == given,
                Segment::Parameter => !given.is_empty(),
            })
    }

    /// Has the handler respond, unless the request retries a write.
    fn apply(
        &self,
        state: &mut State,
        vendor: &dyn Service,
        request: &Request,
    ) -> Result<Response, Response> {
        let id = vendor.request_id(request);
        if let Some(response) = state.journal.response_to(request, id) {
            return Ok(response);
        }
        let before = state.store.revision();
        let reply = (self.handler)(&mut state.store, request)?;
        if state.store.revision() != before {
            state.journal.enter(vendor.vendor(), request, id, &reply);
        }
        Ok(reply)
    }
}

fn template(path: &str) -> Vec<Segment> {
    segments(path)
        .into_iter()
        .map(|segment| match segment.strip_prefix('{') {
            Some(_) => Segment::Parameter,
            None => Segment::Literal(segment),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Sandbox;
    use crate::partner_center::PartnerCenter;

    #[test]
    fn a_response_that_its_document_does_not_have_is_a_mistake_of_the_sandbox() {
        let router = Router::new(&PartnerCenter);
        let company = |route: &&Route| route.id() == "getCustomerCompanyProfile";
        let route = router.routes.iter().find(company).expect("an operation");
        let mut brought = Brought::default();
        brought.note(&json!({"badge": 7}));
        let text = "application/json; charset=utf-8";
        let profile = |profile| Response::new(200).json(&profile);
        for (reply, said) in [
            (profile(json!({"email": "a@b.example", "badge": 7})), None),
            (Response::new(200).typed(text, "\u{feff}{}"), None),
            (
                Response::new(401).header("www-authenticate", r#"Bearer error="invalid_token""#),
                None,
            ),
            (Response::new(418), Some("418 is not declared")),
            (Response::new(404), Some("it isn't declared as JSON")),
            (Response::new(200), Some("it isn't declared as JSON")),
            (Response::new(200).html("<p>"), Some("it isn't declared as JSON")),
            (profile(json!({"email": 1})), Some(r#"/email: value is not of type "string""#)),
            (profile(json!({"mail": "a@b.example"})), Some("/mail is not declared")),
            (profile(json!({})).header("etag", "1"), Some("etag is not declared")),
            (Response::new(401).json(&json!({})), Some("WWW-Authenticate is missing")),
            (
                Response::new(429).json(&json!({})).header("retry-after", "soon"),
                Some("Retry-After is not what the header takes"),
            ),
        ] {
            let reply = PartnerCenter.finish(&Request::default(), reply);
            let objection = route.contract.objection(&reply, &brought);
            assert_eq!(objection.as_deref(), said);
        }
    }

    #[tokio::test]
    async fn a_query_is_held_against_the_document() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let units = "/fabrikam/campaign/profileAndServicesExt/orgUnitBase/";
        for (query, status) in [
            ("_lineCount=2&_forcePagination=true", 200),
            ("_lineCount=two", 500),
            ("_lineCount=2147483648", 500),
            ("_forcePagination=1", 500),
        ] {
            let received = sandbox.call("GET", &format!("{units}?{query}"), None).await;
            assert_eq!(received.status, status, "{query}");
        }
    }

    #[tokio::test]
    async fn a_header_that_is_not_text_is_not_taken_for_none() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        for (token, status) in [("", 200), ("\u{e9}", 400)] {
            let mut headers = crate::testing::credentials("/v1/customers");
            if !token.is_empty() {
                headers.push(("ms-continuationtoken", token.to_owned()));
            }
            let received = sandbox.send("GET", "/v1/customers", &headers, None).await;
            assert_eq!(received.status, status, "{token}");
        }
    }
}
