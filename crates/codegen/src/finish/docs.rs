//! What rustdoc says of an operation: what it does, the safe way to the same, the vendor's page, a sample,
//! and what the vendor's failures mean.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use openapiv3::{
    Components, MediaType, OpenAPI, Operation as Described, Parameter, ParameterSchemaOrContent,
    PathItem, ReferenceOr, Schema, SchemaKind, StatusCode, StringFormat, Type,
    VariantOrUnknownOrEmpty,
};
use serde_json::Value;

use super::model::{Operation, Retried};
use super::syntax::plain;
use crate::prep::{rust_name, rustdoc, walk};
use crate::sample;

/// A sample sets no more members of a body than this.
const MOST_MEMBERS: usize = 3;

/// What the document says of its operations, by their [`plain`] names.
pub(super) struct Docs {
    operations: BTreeMap<String, Text>,
    module: String,
    variable: String,
}

#[derive(Default)]
struct Text {
    summary: String,
    description: String,
    /// The call to use instead.
    convenience: Option<String>,
    page: Option<Link>,
    /// Pages that say more of the operation, each with the call for what it describes.
    further: Vec<(Link, Option<String>)>,
    /// What failures there are, and what each means.
    failures: Vec<(String, String)>,
    /// Rust for the examples of parameters, by their names on the wire.
    values: BTreeMap<String, String>,
    /// Members of the body's example that are set in one word, and Rust for it.
    members: Vec<(String, String)>,
}

struct Link {
    title: String,
    url: String,
}

impl Docs {
    /// `model` is the document before its errors are taken out.
    pub(super) fn of(model: &OpenAPI, stem: &str) -> Self {
        let mut operations = BTreeMap::new();
        for (_, item) in model.paths.iter() {
            let Some(item) = item.as_item() else { continue };
            for (_, operation) in item.iter() {
                let id = operation.operation_id.as_deref().unwrap_or_default();
                operations.insert(plain(id), Text::of(model, item, operation));
            }
        }
        Self {
            operations,
            module: sample::module(stem),
            variable: sample::variable(stem).to_owned(),
        }
    }

    /// The documentation of the client's method, with all there is.
    pub(super) fn of_method(&self, operation: &Operation, sample: Option<&str>) -> String {
        let Some(text) = self.operations.get(&plain(&operation.id)) else {
            return String::new();
        };
        let mut parts = vec![text.summary()];
        parts.extend(text.instead("Self"));
        parts.push(text.description.clone());
        parts.extend(text.page.as_ref().map(Link::of_vendor));
        parts.extend(text.further.iter().map(|(link, call)| {
            let call = call.as_ref().map(|call| format!(": `{call}`"));
            format!(
                "More on [{}]({}){}.",
                link.title,
                link.url,
                call.unwrap_or_default()
            )
        }));
        parts.push(rules(operation));
        parts.extend(sample.map(str::to_owned));
        parts.push(text.failures());
        joined(parts)
    }

    /// The documentation of the builder, whose method has the rest.
    pub(super) fn of_builder(&self, operation: &Operation, method: &str) -> String {
        let Some(text) = self.operations.get(&plain(&operation.id)) else {
            return String::new();
        };
        let mut parts = vec![text.summary()];
        parts.extend(text.instead("super::Client"));
        parts.push(format!(
            "A call of [`Client::{method}`](super::Client::{method}), which has a sample and the meaning \
             of each error."
        ));
        parts.extend(text.page.as_ref().map(Link::of_vendor));
        parts.push(rules(operation));
        joined(parts)
    }

    /// The call of `method` with its `required` arguments, each with its name on the wire.
    pub(super) fn sample<'a>(
        &self,
        operation: &Operation,
        method: &str,
        required: impl Iterator<Item = (String, &'a str)>,
        body: Option<&str>,
    ) -> String {
        let (module, variable) = (&self.module, &self.variable);
        let text = self.operations.get(&plain(&operation.id));
        let mut taken = String::new();
        let mut calls = format!("let reply = {variable}\n    .{method}()\n");
        for (name, wire) in required {
            let value = text.and_then(|text| text.values.get(wire));
            let value = value.map_or("\"…\"", String::as_str);
            let _ = writeln!(calls, "    .{name}({value})");
        }
        if let Some(body) = body {
            let members = text.map(|text| text.members.as_slice()).unwrap_or_default();
            // A PUT replaces all members, and so has to have all of them.
            if members.is_empty() || operation.method == "PUT" {
                let _ = write!(taken, ", body: letterhead::{module}::types::{body}");
                calls.push_str("    .body(body)\n");
            } else {
                let members = members.iter().take(MOST_MEMBERS);
                let set: Vec<String> = members
                    .map(|(name, value)| format!(".{name}({value})"))
                    .collect();
                let _ = writeln!(calls, "    .body_map(|body| body{})", set.concat());
            }
        }
        format!(
            "```no_run\n# async fn run({variable}: letterhead::{module}::Client{taken}) -> Result<(), \
             letterhead::Error> {{\n{calls}    .send()\n    .await?;\n# Ok(()) }}\n```"
        )
    }
}

/// When the operation is retried, and where it is offered.
fn rules(operation: &Operation) -> String {
    let retried = match operation.retried {
        Retried::Always => "It is retried after every failure that may pass",
        Retried::SameRequestId => {
            "It is retried under its request id where no response came and after 429, not after another \
             response"
        }
        Retried::Never => "It is retried only where nothing was sent, and after 429",
    };
    let offered = match operation.clouds.join(", ") {
        clouds if clouds.is_empty() => clouds,
        clouds => format!(" It is offered in: {clouds}."),
    };
    format!(
        "{retried}, as [`RetryPolicy`](crate::RetryPolicy) has it, and once with a new token after 401.\
         {offered}"
    )
}

impl Link {
    fn of_vendor(&self) -> String {
        format!("Vendor's page: [{}]({}).", self.title, self.url)
    }
}

impl Text {
    fn of(model: &OpenAPI, item: &PathItem, operation: &Described) -> Self {
        let none = Components::default();
        let components = model.components.as_ref().unwrap_or(&none);
        let text = |text: &Option<String>| rustdoc(text.as_deref().unwrap_or_default());
        let extension = |name: &str| operation.extensions.get(name);
        let further = extension("x-further-pages").and_then(Value::as_array);
        let further = further.into_iter().flatten().map(|page| {
            let text = |name: &str| page.get(name).and_then(Value::as_str);
            let (title, url) = (text("description"), text("url"));
            let link = Link::of(title.unwrap_or_default(), url.unwrap_or_default());
            (link, text("x-convenience").map(str::to_owned))
        });
        let responses = operation.responses.responses.iter();
        let responses = responses.map(|(status, response)| (Some(status), response));
        let default = operation.responses.default.iter();
        let failures = responses
            .chain(default.map(|response| (None, response)))
            .filter(|(status, _)| !status.is_some_and(walk::is_success))
            .filter_map(|(status, response)| {
                let response = walk::response(components, response)?;
                let status =
                    status.map_or_else(|| "Other failures".to_owned(), StatusCode::to_string);
                let words: Vec<&str> = response.description.split_whitespace().collect();
                Some((status, rustdoc(&words.join(" "))))
            });
        let parameters = operation.parameters.iter().chain(&item.parameters);
        let values = parameters.filter_map(|parameter| {
            let parameter = walk::parameter(components, parameter)?;
            let value = example(model, parameter)?;
            Some((parameter.parameter_data_ref().name.clone(), value))
        });
        Self {
            summary: text(&operation.summary),
            description: text(&operation.description),
            convenience: extension("x-convenience")
                .and_then(Value::as_str)
                .map(str::to_owned),
            page: operation
                .external_docs
                .as_ref()
                .map(|docs| Link::of(docs.description.as_deref().unwrap_or_default(), &docs.url)),
            further: further.collect(),
            failures: failures.collect(),
            values: values.collect(),
            members: members(model, components, operation).unwrap_or_default(),
        }
    }

    /// The summary as a sentence.
    fn summary(&self) -> String {
        let text = self.summary.trim();
        match text.chars().last() {
            Some(last) if last.is_alphanumeric() => format!("{text}."),
            _ => text.to_owned(),
        }
    }

    fn instead(&self, client: &str) -> Option<String> {
        let call = self.convenience.as_ref()?;
        let (name, _) = call.split_once('(')?;
        Some(format!(
            "**Use [`{call}`]({client}::{name}) instead**: it makes the change safely, or finds what the \
             change needs."
        ))
    }

    fn failures(&self) -> String {
        let mut text = "# Errors\n\nAll that an [`Error`](crate::Error) is for.".to_owned();
        if !self.failures.is_empty() {
            text.push_str(" What the vendor means by each status:\n");
        }
        for (status, meaning) in &self.failures {
            let _ = write!(text, "\n- {status}: {meaning}");
        }
        text
    }
}

impl Link {
    fn of(title: &str, url: &str) -> Self {
        Self {
            title: rustdoc(title.trim_end_matches('.')),
            url: url.to_owned(),
        }
    }
}

/// Rust for a parameter's example, or for a value of its type.
fn example(model: &OpenAPI, parameter: &Parameter) -> Option<String> {
    let data = parameter.parameter_data_ref();
    let ParameterSchemaOrContent::Schema(schema) = &data.format else {
        return None;
    };
    let schema = walk::schema(model, schema)?;
    let named = data.examples.values().find_map(|example| {
        let example = example.as_item()?;
        example.value.as_ref()
    });
    let given = data.example.as_ref().or(named);
    let given = given.or(schema.schema_data.example.as_ref());
    given.and_then(literal).or_else(|| {
        let value = match &schema.schema_kind {
            SchemaKind::Type(Type::Integer(_) | Type::Number(_)) => "1",
            SchemaKind::Type(Type::Boolean(_)) => "true",
            SchemaKind::Type(Type::Array(_)) => return None,
            _ => "\"…\"",
        };
        Some(value.to_owned())
    })
}

fn literal(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(format!("{text:?}")),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Array(items) => {
            let items: Option<Vec<String>> = items.iter().map(literal).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        Value::Null | Value::Object(_) => None,
    }
}

/// The members of the body's example that are plain texts and flags.
fn members(
    model: &OpenAPI,
    components: &Components,
    operation: &Described,
) -> Option<Vec<(String, String)>> {
    let body = walk::request_body(components, operation.request_body.as_ref()?)?;
    let media: &MediaType = body.content.values().next()?;
    let named = media.examples.values().find_map(|example| {
        let example = example.as_item()?;
        example.value.as_ref()
    });
    let example = media.example.as_ref().or(named)?.as_object()?;
    let schema = walk::schema(model, media.schema.as_ref()?)?;
    let SchemaKind::Type(Type::Object(object)) = &schema.schema_kind else {
        return None;
    };
    let found = example.iter().filter_map(|(name, value)| {
        let member: &ReferenceOr<Box<Schema>> = object.properties.get(name)?;
        let member = walk::schema(model, member)?;
        let is_plain = match &member.schema_kind {
            SchemaKind::Type(Type::String(string)) => {
                let password = VariantOrUnknownOrEmpty::Item(StringFormat::Password);
                string.enumeration.is_empty() && string.format != password
            }
            SchemaKind::Type(Type::Boolean(_)) => true,
            _ => false,
        };
        Some((rust_name(name), literal(value)?)).filter(|_| is_plain)
    });
    Some(found.collect())
}

fn joined(parts: Vec<String>) -> String {
    let parts: Vec<&str> = parts.iter().map(|part| part.trim()).collect();
    let said: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    said.join("\n\n")
}
