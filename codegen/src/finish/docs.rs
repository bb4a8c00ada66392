//! What the document says about operations and arguments, and progenitor leaves out of its builders.

use std::collections::BTreeMap;

use openapiv3::{OpenAPI, Operation, ReferenceOr};
use syn::Ident;

/// What is said of every operation, by its [`plain`] name.
pub(super) struct Docs(BTreeMap<String, Said>);

struct Said {
    /// The descriptions of its arguments, by their [`plain`] names.
    arguments: BTreeMap<String, String>,
    /// `x-repeatable`.
    repeatable: Option<String>,
    /// `x-clouds`.
    clouds: Vec<String>,
}

/// A name without its case and its separators: the document's spelling and Rust's are the same.
pub(crate) fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

impl Docs {
    pub(super) fn of(model: &OpenAPI) -> Self {
        let operations = model.operations().filter_map(|(_, _, operation)| {
            let id = operation.operation_id.as_ref()?;
            Some((plain(id), Said::of(model, operation)))
        });
        Self(operations.collect())
    }

    /// What the document says about `argument` of `operation`.
    pub(super) fn find(&self, operation: &str, argument: &str) -> Option<&str> {
        let text = self
            .0
            .get(&plain(operation))?
            .arguments
            .get(&plain(argument))?;
        Some(text)
    }

    /// The layer's word for whether `operation` may be repeated; HTTP's rule for its method where the
    /// document doesn't say.
    pub(super) fn repeatable(&self, operation: &str, method: &Ident) -> Ident {
        let said = self.0.get(&plain(operation));
        let word = match said.and_then(|said| said.repeatable.as_deref()) {
            Some("always") => "Always",
            Some("same-request-id") => "SameRequestId",
            None if ["GET", "HEAD", "PUT", "DELETE"]
                .iter()
                .any(|name| method == name) =>
            {
                "Always"
            }
            _ => "Never",
        };
        Ident::new(word, method.span())
    }

    /// The clouds that offer `operation`; none where the document doesn't say.
    pub(super) fn clouds(&self, operation: &str) -> &[String] {
        self.0
            .get(&plain(operation))
            .map_or(&[], |said| &said.clouds)
    }
}

/// What a caller has to know of an operation's rules.
pub(super) fn rules(repeatable: &Ident, clouds: &[String]) -> String {
    let repeated = match repeatable.to_string().as_str() {
        "Always" => "It is repeated after whatever may pass",
        "SameRequestId" => {
            "It is repeated under its request id after no answer and after 429, not after another one"
        }
        _ => "It is repeated only where nothing was sent, and after 429",
    };
    let offered = match clouds.join(", ") {
        clouds if clouds.is_empty() => clouds,
        clouds => format!(" Offered in: {clouds}."),
    };
    format!(
        "{repeated}, as [`crate::RetryPolicy`] has it, and once with a new token after 401.{offered}"
    )
}

impl Said {
    fn of(model: &OpenAPI, operation: &Operation) -> Self {
        let extension = |name: &str| operation.extensions.get(name);
        let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
        let clouds = extension("x-clouds").and_then(|clouds| clouds.as_array());
        Self {
            arguments: arguments(model, operation),
            repeatable: extension("x-repeatable").and_then(text),
            clouds: clouds.into_iter().flatten().filter_map(text).collect(),
        }
    }
}

fn arguments(model: &OpenAPI, operation: &Operation) -> BTreeMap<String, String> {
    let components = model.components.as_ref();
    let parameters = operation.parameters.iter().filter_map(|parameter| {
        let parameter = match parameter {
            ReferenceOr::Item(parameter) => parameter,
            ReferenceOr::Reference { reference } => {
                let name = reference.strip_prefix("#/components/parameters/")?;
                components?.parameters.get(name)?.as_item()?
            }
        };
        let data = parameter.parameter_data_ref();
        Some((plain(&data.name), data.description.clone()?))
    });
    let body = operation.request_body.as_ref().and_then(|body| {
        let text = body.as_item()?.description.clone()?;
        Some(("body".to_owned(), text))
    });
    parameters.chain(body).collect()
}
