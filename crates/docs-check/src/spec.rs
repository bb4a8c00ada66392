//! The documents, as far as pages can be held against them.

use letterhead_document::{
    CredentialPlace, Document, Fault, Node, Parameter, RequestBody, Response, Schema, Server, Span,
};

use crate::clouds::{CloudNames, Clouds};
use crate::name::Name;
use crate::target::{Servers, loose};

/// The documents that pages are held against.
#[derive(Debug, Default)]
pub struct Documents(pub(crate) Vec<Described>);

/// A document, and what its vendor's pages have in common.
#[derive(Debug)]
pub(crate) struct Described {
    pub(crate) document: Document,
    vendor: Vendor,
}

/// What the pages of a vendor have in common.
#[derive(Clone, Debug, Default)]
pub struct Vendor {
    /// The base paths that pages show the same operations below. The first one is the document's.
    pub bases: Vec<String>,
    /// What pages call its clouds. The first one is meant where a page names the product alone.
    pub clouds: Vec<CloudNames>,
}

impl From<&letterhead_spec::Vendor> for Vendor {
    fn from(row: &letterhead_spec::Vendor) -> Self {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let clouds = row.page_clouds.iter().map(|cloud| CloudNames {
            name: cloud.name.to_owned(),
            names: owned(cloud.names),
            marks: owned(cloud.marks),
        });
        Self { bases: owned(row.page_bases), clouds: clouds.collect() }
    }
}

/// What the documents know beforehand of the pages.
#[derive(Clone, Debug, Default)]
pub struct Known {
    pub(crate) servers: Servers,
    pub(crate) clouds: Clouds,
}

/// A document.
pub(crate) struct Spec<'d> {
    document: &'d Document,
    bases: &'d [String],
    pub(crate) operations: Vec<Operation<'d>>,
    pub(crate) settled: Vec<Settled<'d>>,
}

/// An operation of a document.
pub(crate) struct Operation<'d> {
    /// In capitals.
    pub(crate) method: &'static str,
    pub(crate) path: &'d str,
    pub(crate) span: Span,
    /// The page that it was written from, and then further pages that are about it.
    pub(crate) pages: Vec<PageLink<'d>>,
    /// The pages that its decisions name.
    pub(crate) named: Vec<Name>,
    pub(crate) clouds: Option<(Vec<&'d str>, Span)>,
    /// Who may call it: an application alone, an application for a user.
    pub(crate) credentials: Option<(Vec<&'d str>, Span)>,
    pub(crate) parameters: Vec<Parameter<'d>>,
    /// Alternatives, each with the headers that it takes together.
    pub(crate) security: Vec<Vec<&'d str>>,
    pub(crate) request: Option<RequestBody<'d>>,
    pub(crate) responses: Vec<Response<'d>>,
}

/// A page that an operation names.
pub(crate) struct PageLink<'d> {
    pub(crate) name: Name,
    url: &'d str,
    pub(crate) span: Span,
}

/// A finding that a decision has settled.
pub(crate) struct Settled<'d> {
    pub(crate) key: &'d str,
    pub(crate) decision: &'d str,
    pub(crate) span: Span,
    /// The page that shows what was settled.
    pub(crate) page: Option<Name>,
    /// Whether it is settled for the whole document.
    is_whole: bool,
}

impl Documents {
    /// Adds a document; `name` is how messages call it.
    ///
    /// # Errors
    /// A document that isn't well-formed.
    pub fn add(&mut self, name: &str, text: &str) -> Result<(), Fault> {
        self.add_of(Vendor::default(), name, text)
    }

    /// Adds the document of a vendor.
    ///
    /// # Errors
    /// A document that isn't well-formed.
    pub fn add_of(&mut self, vendor: Vendor, name: &str, text: &str) -> Result<(), Fault> {
        self.0.push(Described { document: Document::parse(name, text)?, vendor });
        Ok(())
    }

    /// What they know beforehand of the pages: their servers, and the names of their clouds.
    #[must_use]
    pub fn known(&self) -> Known {
        let servers = self.0.iter().flat_map(|described| described.document.servers());
        let urls = servers.filter_map(|server: Server<'_>| server.url());
        let clouds = self.0.iter().map(|described| described.vendor.clouds.clone());
        Known { servers: Servers::new(urls.map(str::to_owned)), clouds: Clouds(clouds.collect()) }
    }

    pub(crate) fn specs(&self) -> Vec<Spec<'_>> {
        self.0.iter().map(Spec::of).collect()
    }
}

impl<'d> Spec<'d> {
    fn of(Described { document, vendor }: &'d Described) -> Self {
        let operations = document.operations().map(|operation| operation.node);
        let holders = std::iter::once(document.root()).chain(operations);
        Self {
            document,
            bases: &vendor.bases,
            operations: document.operations().map(Operation::of).collect(),
            settled: holders.flat_map(settled).collect(),
        }
    }

    /// The schema that a page calls so, and its own name.
    pub(crate) fn schema(&self, name: &str) -> Option<(&'d str, Schema<'d>)> {
        let all = self.document.root().get("components")?.map("schemas");
        let (key, _) = all.into_iter().find(|(key, _)| loose(&key.text) == loose(name))?;
        Some((&key.text, self.document.schema(&key.text)?))
    }

    /// A path below another of the vendor's base paths: which one, and the path below the document's.
    pub(crate) fn rebased(&self, path: &str) -> Option<(&'d str, String)> {
        let (own, others) = self.bases.split_first()?;
        // A path may start with two slashes, and keeps them.
        let bare = path.trim_start_matches('/');
        let more = path[..path.len() - bare.len()].strip_prefix('/').unwrap_or_default();
        others.iter().find_map(|base| {
            let rest = bare.strip_prefix(base.trim_start_matches('/'))?;
            let is_below = rest.is_empty() || rest.starts_with('/');
            is_below.then(|| (base.as_str(), format!("{more}{own}{rest}")))
        })
    }
}

impl Settled<'_> {
    /// Whether a finding is what was settled. For a whole document, `*` in a key is any text.
    pub(crate) fn is(&self, key: &str) -> bool {
        if self.is_whole { is_like(self.key, key) } else { self.key == key }
    }

    /// Whether the key is about more than one operation.
    pub(crate) fn is_pattern(&self) -> bool {
        self.is_whole && self.key.contains('*')
    }
}

impl<'d> PageLink<'d> {
    fn of(node: &'d Node) -> Option<Self> {
        let url = node.get("url")?;
        Some(Self { name: Name::of_url(url.as_str()?), url: url.as_str()?, span: url.span })
    }

    /// The last segment of its address.
    pub(crate) fn last(&self) -> &'d str {
        self.url.trim_end_matches('/').rsplit('/').next().unwrap_or(self.url)
    }
}

impl<'d> Operation<'d> {
    /// The operation as keys and messages call it.
    pub(crate) fn called(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    fn of(operation: letterhead_document::Operation<'d>) -> Self {
        let node = operation.node;
        let decisions = node.list("x-decisions").iter();
        Self {
            method: operation.http_method(),
            path: &operation.path.text,
            span: operation.method.span,
            pages: own_page(node).into_iter().chain(further_pages(node)).collect(),
            named: decisions.filter_map(|one| one.text("page").map(Name::of_page)).collect(),
            clouds: words(node, "x-clouds"),
            credentials: words(node, "x-credentials"),
            parameters: operation.parameters(),
            security: operation.security().map(headers).collect(),
            request: operation.request_body(),
            responses: operation.responses().collect(),
        }
    }
}

/// The headers among the places of a credential; a page shows no key in a query as a header.
fn headers(places: Vec<CredentialPlace<'_>>) -> Vec<&str> {
    places.into_iter().filter_map(CredentialPlace::header).collect()
}

/// A list of words, and where it is.
fn words<'d>(node: &'d Node, name: &str) -> Option<(Vec<&'d str>, Span)> {
    let (key, list) = node.entry(name)?;
    Some((list.items().iter().filter_map(Node::as_str).collect(), key.span))
}

fn own_page(node: &Node) -> Option<PageLink<'_>> {
    PageLink::of(node.get("externalDocs")?)
}

fn further_pages(node: &Node) -> impl Iterator<Item = PageLink<'_>> {
    node.list("x-further-pages").iter().filter_map(PageLink::of)
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

/// Whether a text is what a pattern says, in which `*` is any text.
fn is_like(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(text) = text.strip_prefix(start) else {
        return false;
    };
    let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    ends.into_iter().any(|at| is_like(rest, &text[at..]))
}

/// The findings that the decisions of an operation, or of the whole document, have settled.
fn settled(node: &Node) -> impl Iterator<Item = Settled<'_>> {
    let own = own_page(node).map(|link| link.name);
    let is_whole = node.get("openapi").is_some();
    node.list("x-decisions").iter().flat_map(move |decision| {
        let page = decision.text("page").map(Name::of_page);
        let page = page.or_else(|| own.clone());
        decision.list("settles").iter().filter_map(move |key| {
            Some(Settled {
                key: key.as_str()?,
                decision: decision.text("id").unwrap_or_default(),
                span: key.span,
                page: page.clone(),
                is_whole,
            })
        })
    })
}
