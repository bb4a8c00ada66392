//! What the document says about arguments, which progenitor leaves out of its builders.

use std::collections::BTreeMap;

use openapiv3::{OpenAPI, Operation, ReferenceOr};

/// The descriptions of every operation's arguments, by operation and argument, both [`plain`].
pub(super) struct Docs(BTreeMap<String, BTreeMap<String, String>>);

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
            Some((plain(id), arguments(model, operation)))
        });
        Self(operations.collect())
    }

    /// What the document says about `argument` of `operation`.
    pub(super) fn find(&self, operation: &str, argument: &str) -> Option<&str> {
        let text = self.0.get(&plain(operation))?.get(&plain(argument))?;
        Some(text)
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
