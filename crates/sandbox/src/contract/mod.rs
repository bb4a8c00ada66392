//! What a document says of one operation, held against each request and each answer.

mod answer;
mod members;
mod request;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use letterhead_document::json_schema;
use serde_json::Value;

use crate::refusal::{Flaw, Refusal};
use crate::request::Request;
use crate::response::Response;
use answer::Answer;
pub(crate) use members::Brought;
use request::{Body, Parameter};

pub(crate) struct Contract {
    parameters: Vec<Parameter>,
    body: Option<Body>,
    /// By status, class of statuses (`4XX`) or `default`.
    answers: BTreeMap<String, Answer>,
}

impl Contract {
    /// Reads the operation, which stands in the path item.
    pub(crate) fn new(document: &Arc<Value>, item: &Value, operation: &Value) -> Self {
        let parameters = [item, operation]
            .into_iter()
            .flat_map(|holder| holder["parameters"].as_array().into_iter().flatten())
            .filter_map(|parameter| Parameter::new(document, resolve(document, parameter)));
        let answers = operation["responses"].as_object().into_iter().flatten();
        Self {
            parameters: parameters.collect(),
            body: Body::new(document, operation),
            answers: answers
                .map(|(status, answer)| (status.clone(), Answer::new(document, answer)))
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

    /// What an answer has that isn't in it, in words, if there is such a thing.
    ///
    /// Members that were brought in may be there as well.
    pub(crate) fn objection(&self, reply: &Response, brought: &Brought) -> Option<String> {
        let status = reply.status.as_str();
        let class = format!("{}XX", &status[..1]);
        let answer = [status, &class, "default"]
            .iter()
            .find_map(|key| self.answers.get(*key));
        match answer {
            Some(answer) => answer.objection(reply, brought),
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
    fn new(document: &Value, schema: &Value) -> Self {
        let schema = resolve(document, schema);
        let schema = schema.get("items").unwrap_or(schema);
        Self {
            validator: validator(document, schema),
            range: match schema["format"].as_str() {
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

fn json_content(holder: &Value) -> Option<&Value> {
    holder["content"]["application/json"].get("schema")
}

fn validator(document: &Value, schema: &Value) -> Validator {
    // Each validator keeps what it was made from, and there are hundreds of parameters that refer to
    // nothing.
    let refers = schema.to_string().contains("\"$ref\"");
    let document = if refers { document } else { &Value::Null };
    jsonschema::options()
        .should_validate_formats(true)
        .build(&json_schema(document, schema))
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

pub(crate) fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => document
            .pointer(reference.trim_start_matches('#'))
            .unwrap_or_else(|| panic!("{reference} leads nowhere")),
        None => value,
    }
}
