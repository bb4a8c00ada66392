//! What rustdoc says of an operation: what it does, the safe way to the same, the vendor's page, a sample,
//! and what the vendor's failures mean.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use letterhead_document::Media;
use openapiv3::{Components, OpenAPI, Operation as Described, PathItem, Server, StatusCode};
use serde_json::Value;

use super::examples::{members, value};
use super::model::{Body, Operation, Retried};
use crate::prep::{rustdoc, walk};
use crate::sample;

/// A sample sets no more members of a body than this.
const MOST_MEMBERS: usize = 3;

/// What the document says of its operations, by their ids.
pub(super) struct Docs {
    operations: BTreeMap<String, Text>,
    module: String,
    variable: String,
}

#[derive(Default)]
struct Text {
    summary: String,
    description: String,
    is_deprecated: bool,
    /// The call to use instead.
    convenience: Option<String>,
    page: Option<Link>,
    /// Pages that say more of the operation, each with the call for what it describes.
    further: Vec<(Link, Option<String>)>,
    /// The server of its own that the document has it on.
    server: Option<String>,
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
                operations.insert(id.to_owned(), Text::of(model, item, operation));
            }
        }
        Self {
            operations,
            module: sample::module(stem),
            variable: sample::variable(stem).to_owned(),
        }
    }

    /// The documentation of the client's method, with all there is.
    pub(super) fn of_method(
        &self,
        operation: &Operation,
        sample: Option<&str>,
        headers: Option<&str>,
    ) -> String {
        let Some(text) = self.operations.get(&operation.id) else {
            return String::new();
        };
        let mut parts = vec![text.summary(), text.deprecated().to_owned()];
        parts.extend(text.instead("Self"));
        parts.push(text.description.clone());
        parts.extend(text.page.as_ref().map(Link::of_vendor));
        parts.extend(text.further.iter().map(|(link, call)| {
            let call = call.as_ref().map(|call| format!(": `{call}`"));
            format!("More on [{}]({}){}.", link.title, link.url, call.unwrap_or_default())
        }));
        parts.push(rules(operation));
        parts.extend(text.server());
        parts.extend(headers.map(|view| {
            format!(
                "[`types::{view}::of`] reads the headers of its reply that the document describes."
            )
        }));
        parts.extend(sample.map(str::to_owned));
        parts.push(text.failures());
        joined(&parts)
    }

    /// The documentation of the builder, whose method has the rest.
    pub(super) fn of_builder(&self, operation: &Operation, method: &str) -> String {
        let Some(text) = self.operations.get(&operation.id) else {
            return String::new();
        };
        let mut parts = vec![text.summary(), text.deprecated().to_owned()];
        parts.extend(text.instead("super::Client"));
        parts.push(format!(
            "A call of [`Client::{method}`](super::Client::{method}), which has a sample and the meaning \
             of each error."
        ));
        parts.extend(text.page.as_ref().map(Link::of_vendor));
        parts.push(rules(operation));
        parts.extend(text.server());
        joined(&parts)
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
        let text = self.operations.get(&operation.id);
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
                let set: Vec<String> =
                    members.map(|(name, value)| format!(".{name}({value})")).collect();
                let _ = writeln!(calls, "    .body_map(|body| body{})", set.concat());
            }
        }
        format!(
            "```no_run\n# async fn run({variable}: letterhead::{module}::Client{taken}) -> Result<(), \
             letterhead::Error> {{\n{calls}    .send()\n    .await?;\n# Ok(()) }}\n```"
        )
    }
}

/// The first server of an operation that has none of the document's.
fn own_server(model: &OpenAPI, item: &PathItem, operation: &Described) -> Option<String> {
    let own =
        [&operation.servers, &item.servers].into_iter().find(|servers| !servers.is_empty())?;
    let plain = |server: &Server| server.url.trim_end_matches('/').to_owned();
    let shared: Vec<String> = model.servers.iter().map(plain).collect();
    let is_shared = |url: &String| shared.contains(url) || shared.is_empty() && url.is_empty();
    let own: Vec<String> = own.iter().map(plain).collect();
    if own.iter().any(is_shared) { None } else { own.into_iter().next() }
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
    let is_bytes = |body: &Body| matches!(body.media, Media::Bytes | Media::Multipart);
    let may_stream = operation.arguments.iter().flat_map(|it| &it.bodies).any(is_bytes);
    let stream = if may_stream {
        " With a stream in its body it is sent once, and never retried."
    } else {
        ""
    };
    let offered = match operation.clouds.join(", ") {
        clouds if clouds.is_empty() => clouds,
        clouds => format!(" It is offered in: {clouds}."),
    };
    let own = operation.takes.as_deref();
    let is_token = |(slot, name): &(String, String)| slot == "Scheme" && name == "bearer";
    let renews = if own.is_none_or(|own| own.iter().flatten().any(is_token)) {
        ", and once with a new token after 401"
    } else {
        ""
    };
    let takes = own.map(takes).unwrap_or_default();
    format!(
        "{retried}, as [`RetryPolicy`](crate::RetryPolicy) has it{renews}.{stream}{offered}{takes}"
    )
}

/// The credentials that an operation takes, in the words of the library's own errors.
fn takes(takes: &[Vec<(String, String)>]) -> String {
    let part = |(slot, name): &(String, String)| match (slot.as_str(), name.as_str()) {
        ("Header", name) => format!("a key in the header `{name}`"),
        ("Query", name) => format!("a key in the query `{name}`"),
        ("Cookie", name) => format!("a key in the cookie `{name}`"),
        (_, "bearer") => "a bearer token".to_owned(),
        (_, "basic") => "a user and a password".to_owned(),
        (_, scheme) => format!("a credential of the scheme `{scheme}`"),
    };
    let (whole, none): (Vec<_>, Vec<_>) = takes.iter().partition(|parts| !parts.is_empty());
    let whole =
        whole.into_iter().map(|parts| parts.iter().map(part).collect::<Vec<_>>().join(" and "));
    let none = (!none.is_empty() || takes.is_empty()).then(|| "no credential".to_owned());
    format!(" It takes {}.", whole.chain(none).collect::<Vec<_>>().join(", or "))
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
            let value = value(model, parameter)?;
            Some((parameter.parameter_data_ref().name.clone(), value))
        });
        Self {
            summary: text(&operation.summary),
            description: text(&operation.description),
            is_deprecated: operation.deprecated,
            convenience: extension("x-convenience").and_then(Value::as_str).map(str::to_owned),
            page: operation
                .external_docs
                .as_ref()
                .map(|docs| Link::of(docs.description.as_deref().unwrap_or_default(), &docs.url)),
            further: further.collect(),
            server: own_server(model, item, operation),
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

    fn deprecated(&self) -> &'static str {
        if self.is_deprecated { "**Deprecated** by the vendor." } else { "" }
    }

    fn server(&self) -> Option<String> {
        let url = self.server.as_ref()?;
        Some(format!(
            "The document has it on a server of its own, `{url}`, and it is sent to the client's base URL \
             all the same: set up a client for that server."
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
        Self { title: rustdoc(title.trim_end_matches('.')), url: url.to_owned() }
    }
}

fn joined(parts: &[String]) -> String {
    let parts: Vec<&str> = parts.iter().map(|part| part.trim()).collect();
    let said: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    said.join("\n\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::model;
    use super::*;

    #[test]
    fn an_operation_leads_to_its_convenience_its_page_and_its_errors() {
        let body = json!({"application/json": {
            "schema": {"type": "object", "properties": {
                "name": {"type": "string"}, "kind": {"type": "string", "enum": ["cat"]},
                "secret": {"type": "string", "format": "password"},
            }},
            "example": {"name": "Tom", "kind": "cat", "secret": "s"},
        }});
        let model: OpenAPI = serde_json::from_value(json!({
            "openapi": "3.0.3",
            "info": {"title": "Pets", "version": "1"},
            "paths": {"/pets/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": true, "example": "p1",
                    "schema": {"type": "string"}}],
                "patch": {
                    "operationId": "updatePet",
                    "deprecated": true,
                    "summary": "Update a pet",
                    "description": "Replaces [it].",
                    "externalDocs": {"url": "https://pets.example/update", "description": "Pets."},
                    "x-convenience": "pet(…).update(…)",
                    "requestBody": {"content": body},
                    "responses": {
                        "200": {"description": "d"},
                        "404": {"description": "There is\nno such pet."},
                        "default": {"description": "Code 7."},
                    },
                },
            }},
        }))
        .unwrap();
        let operation = model::operations(&model).remove(0);
        let docs = Docs::of(&model, "pet-shop");
        let required = [("id".to_owned(), "id")].into_iter();
        let sample = docs.sample(&operation, "update_pet", required, Some("PetPatch"));
        assert_eq!(
            sample,
            "```no_run\n# async fn run(pet: letterhead::pet_shop::Client) -> Result<(), \
             letterhead::Error> {\nlet reply = pet\n    .update_pet()\n    .id(\"p1\")\n    \
             .body_map(|body| body.name(\"Tom\"))\n    .send()\n    .await?;\n# Ok(()) }\n```"
        );
        assert_eq!(
            docs.of_method(&operation, None, Some("ListHeaders")),
            "Update a pet.\n\n**Deprecated** by the vendor.\n\n**Use [`pet(…).update(…)`](Self::pet) instead**: it makes the change safely, \
             or finds what the change needs.\n\nReplaces \\[it\\].\n\nVendor's page: \
             [Pets](https://pets.example/update).\n\nIt is retried only where nothing was sent, and after \
             429, as [`RetryPolicy`](crate::RetryPolicy) has it, and once with a new token after \
             401.\n\n[`types::ListHeaders::of`] reads the headers of its reply that the document \
             describes.\n\n# Errors\n\nAll that an [`Error`](crate::Error) is for. What the vendor means by each \
             status:\n\n- 404: There is no such pet.\n- Other failures: Code 7."
        );
        let builder = docs.of_builder(&operation, "update_pet");
        assert!(
            builder.contains("by the vendor.\n\n**Use [`pet(…).update(…)`](super::Client::pet)")
        );
        assert!(builder.contains("[`Client::update_pet`](super::Client::update_pet)"));
    }

    #[test]
    fn a_server_of_its_own_is_named() {
        let operation = |servers: serde_json::Value| json!({"operationId": "a", "responses": {}, "servers": servers});
        let own = json!([{"url": "https://files.pets.example/"}]);
        let shared =
            json!([{"url": "https://files.pets.example"}, {"url": "https://pets.example"}]);
        let model: OpenAPI = serde_json::from_value(json!({
            "openapi": "3.0.3", "info": {"title": "Pets", "version": "1"},
            "servers": [{"url": "https://pets.example/"}],
            "paths": {
                "/a": {"get": operation(own.clone())}, "/b": {"get": operation(shared)},
                "/c": {"servers": own, "get": operation(json!([]))},
            },
        }))
        .unwrap();
        let servers = model.paths.iter().filter_map(|(_, item)| {
            let item = item.as_item()?;
            Some(own_server(&model, item, item.get.as_ref()?))
        });
        let own = Some("https://files.pets.example".to_owned());
        assert_eq!(servers.collect::<Vec<_>>(), [own.clone(), None, own]);
    }

    #[test]
    fn what_an_operation_takes_is_said_as_the_library_says_it() {
        let part = |slot: &str, name: &str| (slot.to_owned(), name.to_owned());
        let (key, token) = (part("Header", "x-key"), part("Scheme", "bearer"));
        assert_eq!(takes(&[]), " It takes no credential.");
        assert_eq!(
            takes(&[vec![], vec![key.clone(), token], vec![part("Query", "key")]]),
            " It takes a key in the header `x-key` and a bearer token, or a key in the query `key`, or no credential."
        );
        assert_eq!(takes(&[vec![key]]), " It takes a key in the header `x-key`.");
    }
}
