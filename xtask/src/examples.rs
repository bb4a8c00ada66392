//! Every example of a document against its schema.

use jsonschema::Validator;
use letterhead_document::{Document, Fault, Node, json_schema};
use serde_json::Value;

/// How many examples there are, and which don't fit.
pub(crate) struct Checked {
    pub(crate) count: usize,
    pub(crate) faults: Vec<Fault>,
}

pub(crate) fn check(document: &Document) -> Checked {
    let mut walk = Walk {
        document,
        json: document.to_json(),
        checked: Checked {
            count: 0,
            faults: Vec::new(),
        },
    };
    walk.node(document.root());
    walk.checked
}

struct Walk<'a> {
    document: &'a Document,
    json: Value,
    checked: Checked,
}

impl Walk<'_> {
    /// Finds `example` and `examples` wherever they stand: beside a `schema` they are a media type's,
    /// a parameter's or a header's; elsewhere they are the schema's own.
    fn node(&mut self, node: &Node) {
        let schema = node.get("schema").unwrap_or(node);
        if let Some(example) = node.get("example") {
            self.example(schema, example);
        }
        for (_, example) in node.get("examples").into_iter().flat_map(Node::members) {
            if let Some(value) = self.resolved(example).get("value") {
                self.example(schema, &value.clone());
            }
        }
        for (key, value) in node.members() {
            match key.text.as_str() {
                // Examples are data, and extensions are nobody's schema.
                "example" | "examples" => {}
                extension if extension.starts_with("x-") => {}
                // Names of the author's choice, which may well be `example` or `schema`.
                "properties" | "schemas" => {
                    for (_, named) in value.members() {
                        self.node(named);
                    }
                }
                _ => self.node(value),
            }
        }
        for item in node.items() {
            self.node(item);
        }
    }

    fn example(&mut self, schema: &Node, example: &Node) {
        self.checked.count += 1;
        let schema = json_schema(&self.json, &schema.to_json());
        let validator: Validator = match jsonschema::validator_for(&schema) {
            Ok(validator) => validator,
            Err(error) => {
                let fault = format!("the schema of this example can't be used: {error}");
                return self.fault(example, fault);
            }
        };
        let value = example.to_json();
        let faults: Vec<(String, String)> = validator
            .iter_errors(&value)
            .map(|error| (error.instance_path().to_string(), error.to_string()))
            .collect();
        for (path, error) in faults {
            let span = at(example, &path);
            self.fault(
                span,
                if path.is_empty() {
                    format!("example: {error}")
                } else {
                    format!("example at `{path}`: {error}")
                },
            );
        }
    }

    fn fault(&mut self, node: &Node, reason: String) {
        let fault = self.document.fault(node.span, reason);
        self.checked.faults.push(fault);
    }

    /// The component that a named example refers to, or the example itself.
    fn resolved<'n>(&'n self, example: &'n Node) -> &'n Node {
        example
            .get("$ref")
            .and_then(Node::as_str)
            .and_then(|reference| reference.strip_prefix("#"))
            .map_or(example, |pointer| at(self.document.root(), pointer))
    }
}

/// The node at a JSON pointer, or the last one on the way to it.
fn at<'n>(node: &'n Node, pointer: &str) -> &'n Node {
    pointer.split('/').skip(1).fold(node, |node, part| {
        let part = part.replace("~1", "/").replace("~0", "~");
        let item = part
            .parse()
            .ok()
            .and_then(|index: usize| node.items().get(index));
        item.or_else(|| node.get(&part)).unwrap_or(node)
    })
}
