//! From the located tree to `openapiv3`, whose own errors have no place.

use openapiv3::{
    Components, Info, OpenAPI, Operation, Parameter, ReferenceOr, RequestBody, Response, Schema,
};
use serde::de::DeserializeOwned;

use crate::document::Document;
use crate::fault::Fault;
use crate::operation::is_method;
use crate::tree::{Node, Span};

impl Document {
    /// The document as the typed model.
    ///
    /// # Errors
    /// The first part that the model refuses, at its line and column.
    pub fn openapi(&self) -> Result<OpenAPI, Fault> {
        let root = self.root();
        serde_json::from_value(root.to_json()).map_err(|error| {
            let refused = locate(root).unwrap_or_else(|| Refused {
                span: root.span,
                part: None,
                reason: error.to_string(),
            });
            let fault = self.fault(refused.span, refused.reason);
            match refused.part {
                Some(part) => fault.in_operation(part),
                None => fault,
            }
        })
    }
}

/// The smallest part that the model refuses.
struct Refused {
    span: Span,
    part: Option<String>,
    reason: String,
}

impl Refused {
    fn in_part(mut self, part: impl Into<String>) -> Self {
        self.part = Some(part.into());
        self
    }
}

/// Reads the document again piece by piece, smallest pieces first, to find the one that is refused.
fn locate(root: &Node) -> Option<Refused> {
    if let Some(refused) = root.get("info").and_then(refused::<Info>) {
        return Some(refused.in_part("info"));
    }
    for (path, item) in root.get("paths").into_iter().flat_map(Node::members) {
        for (method, operation) in item.members() {
            if method.text == "parameters"
                && let Some(refused) = in_list::<Parameter>(operation, "parameter")
            {
                return Some(refused.in_part(path.text.as_str()));
            }
            if is_method(&method.text)
                && let Some(refused) = in_operation(operation)
            {
                let id = operation
                    .get("operationId")
                    .and_then(Node::as_str)
                    .map_or_else(|| format!("{} {}", method.text, path.text), str::to_owned);
                return Some(refused.in_part(format!("operation {id}")));
            }
        }
    }
    let components = root.get("components")?;
    in_map::<Schema>(components.get("schemas"), "schema")
        .or_else(|| in_map::<Response>(components.get("responses"), "response"))
        .or_else(|| in_map::<Parameter>(components.get("parameters"), "parameter"))
        .or_else(|| in_map::<RequestBody>(components.get("requestBodies"), "request body"))
        .or_else(|| refused::<Components>(components))
}

fn in_operation(operation: &Node) -> Option<Refused> {
    let parameters = operation.get("parameters");
    parameters
        .and_then(|list| in_list::<Parameter>(list, "parameter"))
        .or_else(|| refused::<RequestBody>(operation.get("requestBody")?))
        .or_else(|| in_map::<Response>(operation.get("responses"), "response"))
        .or_else(|| refused::<Operation>(operation))
}

fn in_list<T: DeserializeOwned>(list: &Node, what: &str) -> Option<Refused> {
    list.items().iter().find_map(|item| {
        let name = item.get("name").and_then(Node::as_str).unwrap_or("?");
        let mut refused = refused::<T>(item)?;
        refused.reason = format!("{what} `{name}`: {}", refused.reason);
        Some(refused)
    })
}

fn in_map<T: DeserializeOwned>(map: Option<&Node>, what: &str) -> Option<Refused> {
    map.into_iter().flat_map(Node::members).find_map(|(key, item)| {
        let mut refused = refused::<T>(item)?;
        refused.span = key.span;
        refused.reason = format!("{what} `{}`: {}", key.text, refused.reason);
        Some(refused)
    })
}

fn refused<T: DeserializeOwned>(node: &Node) -> Option<Refused> {
    let error = if node.get("$ref").is_some() {
        serde_json::from_value::<ReferenceOr<T>>(node.to_json()).err()
    } else {
        serde_json::from_value::<T>(node.to_json()).err()
    };
    error.map(|error| Refused { span: node.span, part: None, reason: error.to_string() })
}

#[cfg(test)]
mod tests {
    use crate::document::Document;

    fn fault(body: &str) -> String {
        let text = format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\n{body}");
        let document = Document::parse("t.yaml", &text).unwrap();
        document.openapi().unwrap_err().to_string()
    }

    #[test]
    fn a_refused_part_is_named_at_its_place() {
        assert_eq!(
            fault(
                "paths:\n  /a:\n    get:\n      operationId: getA\n      parameters:\n        \
                 - {name: q, in: qurey}\n      responses: {}\n"
            ),
            "t.yaml:8:11: operation getA: parameter `q`: unknown variant `qurey`, expected one of \
             `query`, `header`, `path`, `cookie`"
        );
        assert_eq!(
            fault("paths:\n  /a:\n    get:\n      responses:\n        '200': {}\n"),
            "t.yaml:7:9: operation get /a: response `200`: missing field `description`"
        );
        assert_eq!(
            fault("paths: {}\ncomponents:\n  schemas:\n    A: {type: object, required: true}\n"),
            "t.yaml:6:5: schema `A`: invalid type: boolean `true`, expected a sequence"
        );
    }
}
