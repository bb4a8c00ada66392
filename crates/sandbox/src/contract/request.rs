//! What a request has to be.

use http::header::CONTENT_TYPE;
use jsonschema::Validator;
use letterhead_document::RequestBody;

use super::value::{Spelled, flaw, is_json, validator};
use crate::refusal::{Flaw, Refusal};
use crate::request::Request;

/// A parameter of the query or a header.
pub(super) struct Parameter {
    name: &'static str,
    is_header: bool,
    required: bool,
    /// What each of its values can be.
    values: Spelled,
}

impl Parameter {
    pub(super) fn new(declared: &letterhead_document::Parameter<'static>) -> Option<Self> {
        let is_header = match declared.place() {
            "query" => false,
            "header" => true,
            _ => return None,
        };
        Some(Self {
            name: declared.name(),
            is_header,
            required: declared.is_required(),
            values: Spelled::new(declared.schema()?),
        })
    }

    pub(super) fn admit(&self, request: &Request) -> Result<(), Refusal> {
        // What isn't text is no value that a schema has.
        let texts: Vec<Option<&str>> = if self.is_header {
            let values = request.headers.get_all(self.name).into_iter();
            values.map(|it| it.to_str().ok()).collect()
        } else {
            request.queries(self.name).map(Some).collect()
        };
        if self.required && texts.is_empty() {
            return Err(Refusal::MissingParameter(self.name.to_owned()));
        }
        let is_valid = |text: Option<&str>| text.is_some_and(|text| self.values.has(text));
        let Some(text) = texts.into_iter().find(|text| !is_valid(*text)) else {
            return Ok(());
        };
        let pointer = format!("/{}", self.name);
        let reason = match text {
            Some(text) => format!("\"{text}\" is not what the parameter takes"),
            None => "the value is not text".to_owned(),
        };
        Err(Refusal::Invalid(vec![Flaw { pointer, reason }]))
    }
}

pub(super) struct Body {
    required: bool,
    validator: Validator,
}

impl Body {
    pub(super) fn new(declared: RequestBody<'_>) -> Option<Self> {
        Some(Self { required: declared.is_required(), validator: validator(declared.schema()?) })
    }

    pub(super) fn admit(&self, request: &mut Request) -> Result<(), Refusal> {
        if request.body.is_empty() && !self.required {
            return Ok(());
        }
        if !is_json(request.header(CONTENT_TYPE.as_str())) {
            return Err(Refusal::NotDeclaredAsJson);
        }
        let json = serde_json::from_slice(&request.body)
            .map_err(|error| Refusal::NotJson(error.to_string()))?;
        let flaws: Vec<_> = self.validator.iter_errors(&json).map(|it| flaw(&it)).collect();
        if !flaws.is_empty() {
            return Err(Refusal::Invalid(flaws));
        }
        request.json = json;
        Ok(())
    }
}
