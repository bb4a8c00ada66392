//! The documents, as far as pages can be held against them.

use letterhead_document::{
    Document, Fault, Node, Parameter, RequestBody, Response, Schema, Server, Span,
};

use crate::name::Name;
use crate::target::Servers;

/// The documents that pages are held against.
#[derive(Debug, Default)]
pub struct Documents(pub(crate) Vec<Document>);

/// A document.
pub(crate) struct Spec<'d> {
    pub(crate) operations: Vec<Operation<'d>>,
    pub(crate) settled: Vec<Settled<'d>>,
}

/// An operation of a document.
pub(crate) struct Operation<'d> {
    /// In capitals.
    pub(crate) method: &'static str,
    pub(crate) path: &'d str,
    pub(crate) span: Span,
    /// The page that it was written from.
    pub(crate) own: Option<Name>,
    /// The pages that its decisions name.
    pub(crate) named: Vec<Name>,
    pub(crate) clouds: Option<(Vec<&'d str>, Span)>,
    pub(crate) parameters: Vec<Parameter<'d>>,
    /// Alternatives, each with the headers that it takes together.
    pub(crate) security: Vec<Vec<&'d str>>,
    pub(crate) request: Option<RequestBody<'d>>,
    pub(crate) responses: Vec<Response<'d>>,
}

/// A finding that a decision has settled.
pub(crate) struct Settled<'d> {
    pub(crate) key: &'d str,
    pub(crate) decision: &'d str,
    pub(crate) span: Span,
    /// The page that shows what was settled.
    pub(crate) page: Option<Name>,
}

impl Documents {
    /// Adds a document; `name` is how messages call it.
    ///
    /// # Errors
    /// A document that isn't well-formed.
    pub fn add(&mut self, name: &str, text: &str) -> Result<(), Fault> {
        self.0.push(Document::parse(name, text)?);
        Ok(())
    }

    /// The servers of all documents.
    #[must_use]
    pub fn servers(&self) -> Servers {
        let servers = self.0.iter().flat_map(Document::servers);
        let urls = servers.filter_map(|server: Server<'_>| server.url());
        Servers::new(urls.map(str::to_owned))
    }

    pub(crate) fn specs(&self) -> Vec<Spec<'_>> {
        self.0.iter().map(Spec::of).collect()
    }
}

impl<'d> Spec<'d> {
    fn of(document: &'d Document) -> Self {
        let operations = document.operations().map(|operation| operation.node);
        let holders = std::iter::once(document.root()).chain(operations);
        Self {
            operations: document.operations().map(Operation::of).collect(),
            settled: holders.flat_map(settled).collect(),
        }
    }
}

impl<'d> Operation<'d> {
    fn of(operation: letterhead_document::Operation<'d>) -> Self {
        let node = operation.node;
        let decisions = node.list("x-decisions").iter();
        Self {
            method: operation.http_method(),
            path: &operation.path.text,
            span: operation.method.span,
            own: own_page(node),
            named: decisions.filter_map(|one| one.text("page").map(Name::of_page)).collect(),
            clouds: node.entry("x-clouds").map(|(key, list)| {
                let names = list.items().iter().filter_map(Node::as_str);
                (names.collect(), key.span)
            }),
            parameters: operation.parameters(),
            security: operation.security().collect(),
            request: operation.request_body(),
            responses: operation.responses().collect(),
        }
    }
}

fn own_page(node: &Node) -> Option<Name> {
    node.get("externalDocs")?.text("url").map(Name::of_url)
}

/// Where a parameter starts.
pub(crate) fn start_of(parameter: &Parameter<'_>) -> Span {
    let mut members = parameter.node.members();
    members.next().map_or(parameter.written.span, |(key, _)| key.span)
}

/// The values that a parameter can have, where they are listed.
pub(crate) fn values_of<'d>(parameter: &Parameter<'d>) -> Vec<&'d str> {
    let schema = parameter.schema().map(Schema::resolve);
    let values = schema.map(|schema| schema.node.list("enum").iter());
    values.into_iter().flatten().filter_map(Node::as_str).collect()
}

/// The findings that the decisions of an operation, or of the whole document, have settled.
fn settled(node: &Node) -> impl Iterator<Item = Settled<'_>> {
    let own = own_page(node);
    node.list("x-decisions").iter().flat_map(move |decision| {
        let page = decision.text("page").map(Name::of_page);
        let page = page.or_else(|| own.clone());
        decision.list("settles").iter().filter_map(move |key| {
            Some(Settled {
                key: key.as_str()?,
                decision: decision.text("id").unwrap_or_default(),
                span: key.span,
                page: page.clone(),
            })
        })
    })
}
