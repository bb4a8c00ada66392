//! The arguments of one call, each held against its schema.

use anyhow::{anyhow, bail};
use clap::ArgMatches;
use letterhead::{JsonRequest, RequestId};
use letterhead_document::Schema;
use serde_json::Value;

use super::body;
use super::operation::{Kind, Operation, Parameter};
use crate::json::Json;

/// One call that is ready to be sent.
pub(super) struct Call {
    pub(super) operation: Operation,
    parameters: Vec<(Parameter, String)>,
    body: Option<Json>,
    request_id: Option<RequestId>,
}

impl Call {
    /// Reads and checks what was given.
    ///
    /// # Errors
    /// A value that isn't what the document says, and a body that isn't either.
    pub(super) fn read(operation: Operation, arguments: &ArgMatches) -> anyhow::Result<Self> {
        let mut parameters = Vec::new();
        for parameter in operation.parameters() {
            for text in given(parameter, arguments) {
                check(parameter, &text)?;
                parameters.push((parameter, text));
            }
        }
        let body = match operation.body() {
            Some((schema, _)) => match arguments.get_one::<String>("body") {
                Some(given) => Some(body::read(given, schema, arguments.get_flag("unchecked"))?),
                None => None,
            },
            None => None,
        };
        let request_id = arguments.get_one("request-id").copied();
        Ok(Self { operation, parameters, body, request_id })
    }

    /// The same call of a client's, which has the path and the method.
    pub(super) fn of(&self, request: JsonRequest) -> JsonRequest {
        let request = request.named(self.operation.id()).repeatable(self.operation.repeatable());
        let request = match self.request_id {
            Some(id) => request.request_id(id),
            None => request,
        };
        let request = match &self.body {
            Some(body) => request.body(body),
            None => request,
        };
        self.parameters.iter().fold(request, |request, (parameter, text)| match parameter.place() {
            "path" => request.path(parameter.wire(), text),
            "query" => request.query(parameter.wire(), text),
            _ => request.extra_header(parameter.wire(), text),
        })
    }

    /// What the document's path is called by [`letterhead`]'s clients.
    pub(super) fn path(&self) -> &'static str {
        &self.operation.node.path.text
    }

    pub(super) fn body(&self) -> Option<&Json> {
        self.body.as_ref()
    }
}

/// The values of a parameter, as texts.
fn given(parameter: Parameter, arguments: &ArgMatches) -> Vec<String> {
    let id = parameter.wire();
    match parameter.kind() {
        Kind::Integer => {
            let numbers = arguments.get_many::<i64>(id).unwrap_or_default();
            numbers.map(ToString::to_string).collect()
        }
        _ => arguments.get_many::<String>(id).unwrap_or_default().cloned().collect(),
    }
}

/// # Errors
/// A value that the schema of its parameter refuses: a number out of bounds, a text of another form.
fn check(parameter: Parameter, text: &str) -> anyhow::Result<()> {
    let Some(schema) = parameter.schema() else { return Ok(()) };
    let schema = schema.items().next().unwrap_or(schema);
    let value = match parameter.kind() {
        Kind::Integer => text.parse::<i64>()?.into(),
        Kind::Boolean => Value::Bool(text == "true"),
        Kind::Text | Kind::OneOf(_) => Value::String(text.to_owned()),
    };
    let faults = faults(schema, &value)?;
    match faults.first() {
        None => Ok(()),
        Some((_, fault)) => bail!("`--{}`: {fault}", parameter.option()),
    }
}

/// What a schema says against a value: where, and what. Values aren't shown: they may be secrets.
pub(super) fn faults(schema: Schema<'_>, value: &Value) -> anyhow::Result<Vec<(String, String)>> {
    let validator = jsonschema::options()
        .build(&schema.to_json_schema())
        .map_err(|error| anyhow!("the document's schema can't be read: {error}"))?;
    let faults = validator.iter_errors(value);
    Ok(faults
        .map(|fault| (fault.instance_path().to_string(), fault.masked().to_string()))
        .collect())
}
