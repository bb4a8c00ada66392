//! From the located tree to `openapiv3`, whose own errors have no place.

use openapiv3::{
    Components, Info, OpenAPI, Operation, Parameter, ReferenceOr, RequestBody, Response, Schema,
};
use serde::de::DeserializeOwned;

use crate::{Fault, METHODS, Node};

pub(crate) fn read(root: &Node) -> Result<OpenAPI, Fault> {
    serde_json::from_value(root.to_json())
        .map_err(|error| locate(root).unwrap_or_else(|| Fault::new(root.place, error.to_string())))
}

/// Reads the document again piece by piece, smallest pieces first, to find the one that is refused.
fn locate(root: &Node) -> Option<Fault> {
    if let Some(info) = root.get("info") {
        let fault = refused::<Info>(info).map(|fault| fault.in_operation("info"));
        if fault.is_some() {
            return fault;
        }
    }
    for (path, item) in root.get("paths").into_iter().flat_map(Node::members) {
        for (method, operation) in item.members() {
            if method.text == "parameters" {
                let fault = in_list::<Parameter>(operation, "parameter");
                if let Some(fault) = fault {
                    return Some(fault.in_operation(path.text.clone()));
                }
            }
            if METHODS.contains(&method.text.as_str())
                && let Some(fault) = in_operation(operation)
            {
                let id = operation
                    .get("operationId")
                    .and_then(Node::as_str)
                    .map_or_else(|| format!("{} {}", method.text, path.text), str::to_owned);
                return Some(fault.in_operation(format!("operation {id}")));
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

fn in_operation(operation: &Node) -> Option<Fault> {
    let parameters = operation.get("parameters");
    parameters
        .and_then(|list| in_list::<Parameter>(list, "parameter"))
        .or_else(|| refused::<RequestBody>(operation.get("requestBody")?))
        .or_else(|| in_map::<Response>(operation.get("responses"), "response"))
        .or_else(|| refused::<Operation>(operation))
}

fn in_list<T: DeserializeOwned>(list: &Node, what: &str) -> Option<Fault> {
    list.items().iter().find_map(|item| {
        let name = item.get("name").and_then(Node::as_str).unwrap_or("?");
        let fault = refused::<T>(item)?;
        Some(Fault::new(
            fault.place(),
            format!("{what} `{name}`: {}", fault.reason()),
        ))
    })
}

fn in_map<T: DeserializeOwned>(map: Option<&Node>, what: &str) -> Option<Fault> {
    map.into_iter()
        .flat_map(Node::members)
        .find_map(|(key, item)| {
            let fault = refused::<T>(item)?;
            Some(Fault::new(
                key.place,
                format!("{what} `{}`: {}", key.text, fault.reason()),
            ))
        })
}

fn refused<T: DeserializeOwned>(node: &Node) -> Option<Fault> {
    if node.get("$ref").is_some() {
        return serde_json::from_value::<ReferenceOr<T>>(node.to_json())
            .err()
            .map(|error| Fault::new(node.place, error.to_string()));
    }
    serde_json::from_value::<T>(node.to_json())
        .err()
        .map(|error| Fault::new(node.place, error.to_string()))
}

#[cfg(test)]
mod tests {
    use crate::Document;

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
