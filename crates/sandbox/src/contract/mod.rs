//! What a document says of one operation, held against each request and each response.

mod members;
mod request;
mod response;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use letterhead_document::{Operation, Schema};
use serde_json::Value;

use crate::refusal::{Flaw, Refusal};
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
        self.body
            .as_ref()
            .map_or(Ok(()), |body| body.admit(request))
    }

    /// What a response has that isn't in it, in words, if there is such a thing.
    ///
    /// Members that requests and tests introduced may be there as well.
    pub(crate) fn objection(&self, reply: &Response, brought: &Brought) -> Option<String> {
        let status = reply.status.as_str();
        let class = format!("{}XX", &status[..1]);
        let declared = [status, &class, "default"]
            .iter()
            .find_map(|key| self.responses.get(*key));
        match declared {
            Some(declared) => declared.objection(reply, brought),
            None => Some(format!("{status} is not declared")),
        }
    }
}

/// Values that stand outside of a body, spelled as text.
struct Spelled {
    validator: Validator,
    /// What an integer can be; JSON Schema has no opinion.
    range: RangeInclusive<i64>,
}

impl Spelled {
    fn new(schema: Schema<'_>) -> Self {
        let schema = schema.items().next().unwrap_or(schema);
        Self {
            validator: validator(schema),
            range: match schema.find(|part| part.text("format")) {
                Some("int32") => i32::MIN.into()..=i32::MAX.into(),
                _ => i64::MIN..=i64::MAX,
            },
        }
    }

    /// Whether this is one of them: as text, or as the number or the truth value that it spells.
    fn has(&self, text: &str) -> bool {
        let spelled = serde_json::from_str(text).ok();
        let spelled = spelled.filter(|value: &Value| match value {
            Value::Number(number) => {
                number.is_f64() || number.as_i64().is_some_and(|it| self.range.contains(&it))
            }
            other => other.is_boolean(),
        });
        self.validator.is_valid(&Value::from(text))
            || spelled.is_some_and(|value| self.validator.is_valid(&value))
    }
}

fn is_json(content_type: Option<&str>) -> bool {
    let essence = content_type.unwrap_or_default().split(';').next();
    essence.is_some_and(|it| it.trim().eq_ignore_ascii_case("application/json"))
}

fn validator(schema: Schema<'_>) -> Validator {
    let schema = schema.to_json_schema();
    jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap_or_else(|error| panic!("{schema}: {error}"))
}

fn flaw(error: &ValidationError<'_>) -> Flaw {
    let mut pointer = error.instance_path().to_string();
    match error.kind() {
        // Only `nullable` becomes such a choice; what is wrong is said by the other branch.
        ValidationErrorKind::AnyOf { context } => {
            if let Some(error) = context.last().and_then(|errors| errors.first()) {
                return flaw(error);
            }
        }
        ValidationErrorKind::Required { property } => {
            pointer.push('/');
            pointer.push_str(property.as_str().unwrap_or_default());
        }
        _ => {}
    }
    // Messages quote the offending value otherwise, and a body may hold a password.
    let reason = error.masked().to_string();
    Flaw { pointer, reason }
}
