//! What a document says of one operation, held against each request and each answer.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::{Arc, OnceLock};

use http::HeaderMap;
use http::header::CONTENT_TYPE;
use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use letterhead_document::json_schema;
use serde_json::Value;

use crate::reply::Reply;
use crate::vendor::{Flaw, Refusal, Request};

const BOM: &[u8] = b"\xef\xbb\xbf";

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
    pub(crate) fn objection(&self, reply: &Reply) -> Option<String> {
        let status = reply.status.as_str();
        let class = format!("{}XX", &status[..1]);
        let answer = [status, &class, "default"]
            .iter()
            .find_map(|key| self.answers.get(*key));
        match answer {
            Some(answer) => answer.objection(reply),
            None => Some(format!("{status} is not declared")),
        }
    }
}

/// A parameter of the query or a header.
struct Parameter {
    name: String,
    is_header: bool,
    required: bool,
    /// What each of its values can be.
    values: Spelled,
}

impl Parameter {
    fn new(document: &Value, parameter: &Value) -> Option<Self> {
        let is_header = match parameter["in"].as_str()? {
            "query" => false,
            "header" => true,
            _ => return None,
        };
        Some(Self {
            name: parameter["name"].as_str()?.to_owned(),
            is_header,
            required: parameter["required"] == true,
            values: Spelled::new(document, &parameter["schema"]),
        })
    }

    fn admit(&self, request: &Request) -> Result<(), Refusal> {
        // What isn't text is no value that a schema has.
        let texts: Vec<Option<&str>> = if self.is_header {
            let values = request.headers.get_all(&self.name).into_iter();
            values.map(|it| it.to_str().ok()).collect()
        } else {
            request.queries(&self.name).map(Some).collect()
        };
        if self.required && texts.is_empty() {
            return Err(Refusal::MissingParameter(self.name.clone()));
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

struct Body {
    required: bool,
    validator: Validator,
}

impl Body {
    fn new(document: &Value, operation: &Value) -> Option<Self> {
        let body = resolve(document, operation.get("requestBody")?);
        Some(Self {
            required: body["required"] == true,
            validator: validator(document, json_content(body)?),
        })
    }

    fn admit(&self, request: &mut Request) -> Result<(), Refusal> {
        if request.body.is_empty() && !self.required {
            return Ok(());
        }
        if !is_json(request.header(CONTENT_TYPE.as_str())) {
            return Err(Refusal::NotDeclaredAsJson);
        }
        let json = serde_json::from_slice(&request.body)
            .map_err(|error| Refusal::NotJson(error.to_string()))?;
        let flaws: Vec<_> = self
            .validator
            .iter_errors(&json)
            .map(|it| flaw(&it))
            .collect();
        if !flaws.is_empty() {
            return Err(Refusal::Invalid(flaws));
        }
        request.json = json;
        Ok(())
    }
}

/// What may be sent with one status.
struct Answer {
    document: Arc<Value>,
    /// As it stands in the document, references resolved.
    declared: Value,
    /// Made when it is needed first: there are many answers, and few of them are ever given.
    made: OnceLock<Made>,
}

struct Made {
    headers: Vec<Header>,
    /// Of the JSON, if there is a body at all.
    body: Option<Validator>,
}

struct Header {
    name: String,
    required: bool,
    values: Spelled,
}

impl Header {
    fn objection(&self, sent: &HeaderMap) -> Option<String> {
        let mut texts = sent.get_all(&self.name).iter().map(|it| it.to_str().ok());
        if self.required && !sent.contains_key(&self.name) {
            return Some(format!("{} is missing", self.name));
        }
        let is_valid = texts.all(|text| text.is_some_and(|text| self.values.has(text)));
        (!is_valid).then(|| format!("{} is not what the header takes", self.name))
    }
}

impl Answer {
    fn new(document: &Arc<Value>, answer: &Value) -> Self {
        Self {
            document: Arc::clone(document),
            declared: resolve(document, answer).clone(),
            made: OnceLock::new(),
        }
    }

    fn objection(&self, reply: &Reply) -> Option<String> {
        let made = self.made.get_or_init(|| Made {
            headers: headers(&self.document, &self.declared),
            body: json_content(&self.declared).map(|schema| validator(&self.document, schema)),
        });
        let mut headers = made.headers.iter();
        headers
            .find_map(|header| header.objection(&reply.headers))
            .or_else(|| made.objection_to_body(reply))
    }
}

fn headers(document: &Value, answer: &Value) -> Vec<Header> {
    let declared = answer["headers"].as_object().into_iter().flatten();
    declared
        .map(|(name, header)| {
            let header = resolve(document, header);
            Header {
                name: name.clone(),
                required: header["required"] == true,
                values: Spelled::new(document, &header["schema"]),
            }
        })
        .collect()
}

impl Made {
    fn objection_to_body(&self, reply: &Reply) -> Option<String> {
        let body = reply.sent();
        let Some(validator) = &self.body else {
            return (!body.is_empty()).then(|| "no body is declared".to_owned());
        };
        if body.is_empty() && reply.status.is_client_error() {
            // Gateways refuse without a word as well.
            return None;
        }
        let declared = reply.headers.get(CONTENT_TYPE);
        if !is_json(declared.and_then(|it| it.to_str().ok())) {
            return Some("it isn't declared as JSON".to_owned());
        }
        // A byte order mark is how Partner Center begins.
        let json = match serde_json::from_slice(body.strip_prefix(BOM).unwrap_or(&body)) {
            Ok(json) => json,
            Err(error) => return Some(error.to_string()),
        };
        let Flaw { pointer, reason } = flaw(&validator.iter_errors(&json).next()?);
        Some(format!("{pointer}: {reason}"))
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
