//! What a document says of one operation, held against each request and each response.

mod members;
mod request;
mod response;
mod value;

use std::collections::BTreeMap;

use letterhead_document::Operation;

use crate::refusal::Refusal;
use crate::request::Request;
use crate::response::Response;

pub(crate) use members::Brought;
use request::{Body, Parameter};
use response::Declared;

pub(crate) struct Contract {
    parameters: Vec<Parameter>,
    body: Option<Body>,
    /// By status, class of statuses (`4XX`) or `default`.
    responses: BTreeMap<&'static str, Declared>,
}

impl Contract {
    /// Reads the operation.
    pub(crate) fn new(operation: Operation<'static>) -> Self {
        let parameters = operation.parameters();
        let responses = operation.responses();
        Self {
            parameters: parameters.iter().filter_map(Parameter::new).collect(),
            body: operation.request_body().and_then(Body::new),
            responses: responses
                .map(|declared| (declared.status.text.as_str(), Declared::new(declared)))
                .collect(),
        }
    }

    /// Holds a request against it, and leaves its body as JSON.
    pub(crate) fn admit(&self, request: &mut Request) -> Result<(), Refusal> {
        for parameter in &self.parameters {
            parameter.admit(request)?;
        }
        self.body.as_ref().map_or(Ok(()), |body| body.admit(request))
    }

    /// What a response has that isn't in it, in words, if there is such a thing.
    ///
    /// Members that requests and tests introduced may be there as well.
    pub(crate) fn objection(&self, reply: &Response, brought: &Brought) -> Option<String> {
        let status = reply.status.as_str();
        let class = format!("{}XX", &status[..1]);
        let declared = [status, &class, "default"].iter().find_map(|key| self.responses.get(*key));
        match declared {
            Some(declared) => declared.objection(reply, brought),
            None => Some(format!("{status} is not declared")),
        }
    }
}
