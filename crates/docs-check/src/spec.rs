//! The documents, as far as pages can be held against them.

use letterhead_document::{Document, Kind as Value, Node, Span};
use serde_json::Value as Json;

use crate::name::Name;
use crate::target::Servers;

/// The documents that pages are held against.
#[derive(Debug, Default)]
pub struct Documents(pub(crate) Vec<Spec>);

/// A document.
#[derive(Debug)]
pub(crate) struct Spec {
    pub(crate) document: Document,
    /// The document as JSON, for its schemas.
    pub(crate) json: Json,
    /// The same without `nullable`.
    pub(crate) strict: Json,
    pub(crate) operations: Vec<Operation>,
    pub(crate) settled: Vec<Settled>,
}

/// An operation of a document.
#[derive(Debug)]
pub(crate) struct Operation {
    /// In capitals.
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) span: Span,
    /// The page that it was written from.
    pub(crate) own: Option<Name>,
    /// The pages that its decisions name.
    pub(crate) named: Vec<Name>,
    pub(crate) clouds: Option<(Vec<String>, Span)>,
    pub(crate) parameters: Vec<Parameter>,
    /// Alternatives, each with the headers that it takes together.
    pub(crate) security: Vec<Vec<String>>,
    pub(crate) request: Option<Body>,
    pub(crate) responses: Vec<Response>,
}

#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) place: String,
    pub(crate) required: bool,
    pub(crate) of_type: Option<String>,
    pub(crate) values: Vec<String>,
    pub(crate) span: Span,
}

#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) schema: Json,
    /// Where the schema stands, the component where it is one.
    pub(crate) schema_at: Span,
    pub(crate) span: Span,
    pub(crate) required: bool,
}

#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: String,
    pub(crate) headers: Vec<String>,
    pub(crate) body: Option<Body>,
    pub(crate) span: Span,
}

/// A finding that a decision has settled.
#[derive(Debug)]
pub(crate) struct Settled {
    pub(crate) key: String,
    pub(crate) decision: String,
    pub(crate) span: Span,
    /// The pages that show what was settled.
    pub(crate) pages: Vec<Name>,
}

impl Documents {
    /// Adds a document; `name` is how messages call it.
    ///
    /// # Errors
    /// A document that isn't well-formed.
    pub fn add(&mut self, name: &str, text: &str) -> Result<(), letterhead_document::Fault> {
        let document = Document::parse(name, text)?;
        let json = document.to_json();
        let mut strict = json.clone();
        if let Some(schemas) = strict.pointer_mut("/components/schemas") {
            without_null(schemas);
        }
        let operations = operations(&document);
        let settled = settled(&document);
        self.0.push(Spec {
            document,
            json,
            strict,
            operations,
            settled,
        });
        Ok(())
    }

    /// The servers of all documents.
    #[must_use]
    pub fn servers(&self) -> Servers {
        let lists = self
            .0
            .iter()
            .filter_map(|spec| spec.document.root().get("servers"));
        let urls = lists
            .flat_map(Node::items)
            .filter_map(|server| text(server, "url"));
        Servers::new(urls.map(str::to_owned))
    }
}

fn text<'d>(node: &'d Node, key: &str) -> Option<&'d str> {
    node.get(key).and_then(Node::as_str)
}

/// The node, or the component that it refers to.
fn resolved<'d>(document: &'d Document, node: &'d Node) -> &'d Node {
    let component = text(node, "$ref").and_then(|reference| {
        let pointer = reference.strip_prefix('#')?;
        document.root().follow(pointer).ok()
    });
    component.unwrap_or(node)
}

fn own_page(node: &Node) -> Option<Name> {
    text(node.get("externalDocs")?, "url").map(Name::of_url)
}

fn operations(document: &Document) -> Vec<Operation> {
    let root = document.root();
    let paths = root.get("paths").into_iter().flat_map(Node::members);
    let found = paths.flat_map(|(path, item)| {
        let shared = item.get("parameters");
        let methods = item
            .members()
            .filter(|(method, _)| letterhead_document::METHODS.contains(&method.text.as_str()));
        methods.map(move |(method, node)| {
            let lists = shared.into_iter().chain(node.get("parameters"));
            Operation {
                method: method.text.to_uppercase(),
                path: path.text.to_string(),
                span: method.span,
                own: own_page(node),
                named: decisions(node)
                    .filter_map(|one| text(one, "page").map(Name::of_page))
                    .collect(),
                clouds: node.entry("x-clouds").map(|(key, list)| {
                    let names = list.items().iter().filter_map(Node::as_str);
                    (names.map(str::to_owned).collect(), key.span)
                }),
                parameters: lists
                    .flat_map(Node::items)
                    .filter_map(|item| parameter(document, item))
                    .collect(),
                security: security(document, node),
                request: node.entry("requestBody").and_then(|(key, body)| {
                    self::body(document, resolved(document, body), key.span)
                }),
                responses: responses(document, node),
            }
        })
    });
    found.collect()
}

fn decisions(node: &Node) -> impl Iterator<Item = &Node> {
    node.get("x-decisions").into_iter().flat_map(Node::items)
}

fn parameter(document: &Document, item: &Node) -> Option<Parameter> {
    let node = resolved(document, item);
    let schema = node.get("schema").map(|schema| resolved(document, schema));
    let values = schema.and_then(|schema| schema.get("enum"));
    Some(Parameter {
        name: text(node, "name")?.to_owned(),
        place: text(node, "in")?.to_owned(),
        required: node.get("required").is_some_and(Node::is_true),
        of_type: schema
            .and_then(|schema| text(schema, "type"))
            .map(str::to_owned),
        values: values
            .into_iter()
            .flat_map(Node::items)
            .filter_map(|value| value.as_str().map(str::to_owned))
            .collect(),
        span: node.members().next().map_or(item.span, |(key, _)| key.span),
    })
}

fn security(document: &Document, node: &Node) -> Vec<Vec<String>> {
    let root = document.root();
    let alternatives = node.get("security").or_else(|| root.get("security"));
    let schemes = root.at("/components/securitySchemes");
    let header = |name: &str| {
        let scheme = schemes.get(name)?;
        match text(scheme, "type")? {
            "apiKey" if text(scheme, "in") == Some("header") => {
                text(scheme, "name").map(str::to_owned)
            }
            "apiKey" => None,
            _ => Some("Authorization".to_owned()),
        }
    };
    let alternatives = alternatives.into_iter().flat_map(Node::items);
    alternatives
        .map(|one| {
            one.members()
                .filter_map(|(key, _)| header(&key.text))
                .collect()
        })
        .collect()
}

fn body(document: &Document, node: &Node, span: Span) -> Option<Body> {
    let content = node.get("content")?;
    let (_, json) = content
        .members()
        .find(|(key, _)| key.text.contains("json"))?;
    let (key, schema) = json.entry("schema")?;
    let component = text(schema, "$ref").and_then(|reference| {
        let name = reference.strip_prefix("#/components/schemas/")?;
        document.root().at("/components/schemas").entry(name)
    });
    Some(Body {
        schema: schema.to_json(),
        schema_at: component.map_or(key.span, |(key, _)| key.span),
        span,
        required: node.get("required").is_some_and(Node::is_true),
    })
}

fn responses(document: &Document, node: &Node) -> Vec<Response> {
    let all = node.get("responses").into_iter().flat_map(Node::members);
    all.map(|(status, response)| {
        let response = resolved(document, response);
        let headers = response.get("headers").into_iter().flat_map(Node::members);
        Response {
            status: status.text.to_string(),
            headers: headers.map(|(name, _)| name.text.to_string()).collect(),
            body: body(document, response, status.span),
            span: status.span,
        }
    })
    .collect()
}

fn settled(document: &Document) -> Vec<Settled> {
    let root = document.root();
    let mut all = Vec::new();
    let operations = document.operations().map(|(.., node)| node);
    for node in std::iter::once(root).chain(operations) {
        let own = own_page(node);
        for decision in decisions(node) {
            let page = text(decision, "page").map(Name::of_page);
            let pages: Vec<Name> = page.or_else(|| own.clone()).into_iter().collect();
            let keys = decision.get("settles").into_iter().flat_map(Node::items);
            all.extend(keys.filter_map(|key| {
                let Value::String(text) = &key.kind else {
                    return None;
                };
                Some(Settled {
                    key: text.to_string(),
                    decision: self::text(decision, "id").unwrap_or_default().to_owned(),
                    span: key.span,
                    pages: pages.clone(),
                })
            }));
        }
    }
    all
}

/// A schema that refuses null, with or without `nullable`.
pub(crate) fn without_null(schema: &mut Json) {
    match schema {
        Json::Object(members) => {
            if members.get("nullable").is_some_and(Json::is_boolean) {
                members.remove("nullable");
            }
            members.values_mut().for_each(without_null);
        }
        Json::Array(items) => items.iter_mut().for_each(without_null),
        _ => {}
    }
}
