//! The operations of the documents, as the shell has them.

use std::sync::{LazyLock, OnceLock};

use letterhead::Repeatable;
use letterhead_document::{Document, Schema, Source};
use letterhead_spec::{VENDORS, Vendor};

/// An operation of a vendor's document.
#[derive(Clone, Copy)]
pub(super) struct Operation {
    pub(super) vendor: &'static Vendor,
    pub(super) node: letterhead_document::Operation<'static>,
}

/// A parameter that a caller gives.
#[derive(Clone, Copy)]
pub(super) struct Parameter(letterhead_document::Parameter<'static>);

/// What a parameter's value is.
pub(super) enum Kind {
    Text,
    Integer,
    Boolean,
    OneOf(Vec<&'static str>),
}

/// The vendor's document, read when it is first asked for.
fn document(vendor: &'static Vendor) -> &'static Document {
    static DOCUMENTS: LazyLock<Vec<OnceLock<Document>>> =
        LazyLock::new(|| VENDORS.iter().map(|_| OnceLock::new()).collect());

    let index = VENDORS.iter().position(|row| row.id == vendor.id).unwrap_or_default();
    // The tests hold the documents to it that they can be read.
    DOCUMENTS[index].get_or_init(|| Document::read(Source::new(vendor.file, vendor.document())).0)
}

impl Operation {
    /// The operations of a vendor, in the order of its document.
    pub(super) fn all(vendor: &'static Vendor) -> impl Iterator<Item = Self> {
        document(vendor).operations().map(move |node| Self { vendor, node })
    }

    /// What the document calls it: `getOrganization`.
    pub(super) fn id(self) -> &'static str {
        self.node.id().unwrap_or_default()
    }

    /// What the shell calls it: `get-organization`.
    pub(super) fn name(self) -> String {
        kebab(self.id())
    }

    /// The first of its tags.
    pub(super) fn tag(self) -> &'static str {
        self.node.node.list("tags").first().and_then(|tag| tag.as_str()).unwrap_or_default()
    }

    pub(super) fn summary(self) -> &'static str {
        self.node.node.text("summary").unwrap_or_default()
    }

    pub(super) fn description(self) -> &'static str {
        self.node.node.text("description").unwrap_or_default()
    }

    /// The page of the vendor that it was written from.
    pub(super) fn page(self) -> Option<&'static str> {
        self.node.node.get("externalDocs")?.text("url")
    }

    pub(super) fn repeatable(self) -> Repeatable {
        match self.node.node.text("x-repeatable") {
            Some("always") => Repeatable::Always,
            Some("same-request-id") => Repeatable::SameRequestId,
            _ => Repeatable::Never,
        }
    }

    /// The clouds that offer it; none where all of them do.
    pub(super) fn clouds(self) -> Vec<&'static str> {
        self.node.node.list("x-clouds").iter().filter_map(|cloud| cloud.as_str()).collect()
    }

    /// The parameters but for those that the library supplies.
    pub(super) fn parameters(self) -> impl Iterator<Item = Parameter> {
        let own = |it: &letterhead_document::Parameter<'_>| it.node.get("x-supplied-by").is_none();
        self.node.parameters().into_iter().filter(own).map(Parameter)
    }

    /// The schema of its body, and whether there has to be one.
    pub(super) fn body(self) -> Option<(Option<Schema<'static>>, bool)> {
        let body = self.node.request_body()?;
        Some((body.schema(), body.is_required()))
    }

    /// The schema of what a success returns.
    pub(super) fn success(self) -> Option<Schema<'static>> {
        let mut responses = self.node.responses();
        responses.find_map(|it| it.status.text.starts_with('2').then(|| it.schema()).flatten())
    }

    /// The member of a page that has the items, where it is a list.
    pub(super) fn list(self) -> Option<&'static str> {
        let items = self.vendor.items;
        let is_list = |it: Schema<'_>| it.find(|part| part.text("type")) == Some("array");
        self.success()?.property(items).any(is_list).then_some(items)
    }
}

impl Parameter {
    /// The name on the wire, which no option of the program has.
    pub(super) fn wire(self) -> &'static str {
        self.0.name()
    }

    /// The name of its option: `name-starts-with` for `name.startsWith`.
    pub(super) fn option(self) -> String {
        kebab(self.wire())
    }

    pub(super) fn place(self) -> &'static str {
        self.0.place()
    }

    pub(super) fn is_required(self) -> bool {
        self.0.is_required()
    }

    pub(super) fn schema(self) -> Option<Schema<'static>> {
        self.0.schema()
    }

    pub(super) fn description(self) -> &'static str {
        self.0.node.text("description").unwrap_or_default()
    }

    /// Whether there may be several values.
    pub(super) fn is_list(self) -> bool {
        self.schema().is_some_and(|schema| schema.items().next().is_some())
    }

    /// What each of its values is.
    pub(super) fn kind(self) -> Kind {
        let Some(schema) = self.schema() else { return Kind::Text };
        let schema = schema.items().next().unwrap_or(schema);
        let values = schema.find(|part| Some(part.list("enum")).filter(|list| !list.is_empty()));
        let values = values.into_iter().flatten().filter_map(|value| value.as_str());
        let values: Vec<_> = values.collect();
        match schema.find(|part| part.text("type")) {
            _ if !values.is_empty() => Kind::OneOf(values),
            Some("integer") => Kind::Integer,
            Some("boolean") => Kind::Boolean,
            _ => Kind::Text,
        }
    }
}

/// A name in lower case, its words joined by hyphens.
fn kebab(name: &str) -> String {
    let mut kebab = String::new();
    let mut before = '-';
    for c in name.chars() {
        let begins =
            c.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit());
        if (begins || !c.is_ascii_alphanumeric()) && !kebab.is_empty() {
            kebab.push('-');
        }
        if c.is_ascii_alphanumeric() {
            kebab.push(c.to_ascii_lowercase());
        }
        before = c;
    }
    kebab
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_a_shell() {
        for (name, option) in [
            ("getOrganization", "get-organization"),
            ("name.startsWith", "name-starts-with"),
            ("_lineCount", "line-count"),
            ("MS-ContinuationToken", "ms-continuation-token"),
            ("If-Match", "if-match"),
            ("id", "id"),
            ("customer_tenant_id", "customer-tenant-id"),
        ] {
            assert_eq!(kebab(name), option);
        }
    }

    #[test]
    fn every_document_is_read() {
        for vendor in VENDORS {
            Document::parse(vendor.file, vendor.document()).unwrap();
            for operation in Operation::all(vendor) {
                assert!(!operation.summary().is_empty(), "{}", operation.id());
                assert!(operation.node.node.text("x-repeatable").is_some(), "{}", operation.id());
                let is_list =
                    operation.id().starts_with("list") && operation.id() != "listResources";
                assert!(!is_list || operation.list().is_some(), "{}", operation.id());
            }
        }
    }
}
