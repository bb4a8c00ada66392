//! The facts of a page.

use letterhead_document::Span;
use serde::Serialize;

use crate::json::{Node, Repair};
use letterhead_document::Source;

/// A page and its facts, in their order.
#[derive(Debug)]
pub struct Page {
    /// Where it lies below the folder that was read.
    pub path: String,
    /// Its text.
    pub source: Source,
    /// Whether a machine translated its prose, and with it what stands in tables.
    pub is_translated: bool,
    /// What it says.
    pub facts: Vec<Fact>,
}

/// One fact of a page, and where it stands.
#[derive(Debug)]
pub struct Fact {
    /// Its bytes in the page.
    pub span: Span,
    /// Which operations it is about: those whose group this is. 0 is the page itself.
    pub group: usize,
    /// What it says.
    pub kind: Kind,
}

/// The kinds of facts.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Kind {
    /// What the page is called.
    Title {
        /// The title.
        title: String,
    },
    /// When it was last edited.
    Date {
        /// The date, as it is written.
        date: String,
    },
    /// A cloud that it applies to, or says that it does not apply to.
    Cloud {
        /// What `x-clouds` calls it.
        cloud: String,
        /// Whether it applies to it.
        offered: bool,
    },
    /// A method and a path.
    Operation {
        /// The method, in capitals.
        method: String,
        /// The path below the server, placeholders in braces.
        path: String,
        /// Scheme and host, where they are none of the documents' servers.
        #[serde(skip_serializing_if = "Option::is_none")]
        server: Option<String>,
        /// How it is shown.
        shown: Shown,
    },
    /// A parameter in the path or in the query.
    Parameter {
        /// Where it travels.
        #[serde(rename = "in")]
        place: Place,
        /// Its name.
        name: String,
        /// Its type, as the page calls it.
        #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
        of_type: Option<String>,
        /// Whether it has to be sent.
        #[serde(skip_serializing_if = "Option::is_none")]
        required: Option<bool>,
    },
    /// A header.
    Header {
        /// Which way it travels.
        side: Side,
        /// Its name.
        name: String,
    },
    /// A member of a body, from a list or a table.
    Member {
        /// Which way it travels.
        side: Side,
        /// Its name.
        name: String,
        /// Its type, as the page calls it.
        #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
        of_type: Option<String>,
        /// Whether it has to be sent.
        #[serde(skip_serializing_if = "Option::is_none")]
        required: Option<bool>,
        /// How deep it stands in its list; lists on one line don't show it.
        #[serde(skip_serializing_if = "Option::is_none")]
        depth: Option<usize>,
        /// The object that it is in: its path in the body, such as `lineItems[]`; the name of its type (the same
        /// as in `schema`) where the page doesn't show where the type is used; none where it is the body itself.
        #[serde(skip_serializing_if = "Option::is_none")]
        parent: Option<String>,
        /// The type that its table describes, where the page names it.
        #[serde(skip_serializing_if = "Option::is_none")]
        schema: Option<String>,
    },
    /// A member of a type, from a table about the type.
    Property {
        /// The type, as the page calls it.
        schema: String,
        /// Its name.
        name: String,
        /// Its type, as the page calls it.
        #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
        of_type: Option<String>,
        /// Whether it has to be there.
        #[serde(skip_serializing_if = "Option::is_none")]
        required: Option<bool>,
        /// Whether the service alone sets it.
        #[serde(rename = "readOnly", skip_serializing_if = "is_false")]
        read_only: bool,
    },
    /// Whom a call may be made for: an application that signs in alone, a user who is signed in.
    Credential {
        /// Whether an application may make it alone.
        app: bool,
        /// Whether an application may make it for a user.
        user: bool,
    },
    /// A value in the query, or one inside of it where it is JSON; and the key of such a one.
    QueryValue {
        /// The parameter.
        name: String,
        /// The key in its JSON.
        #[serde(skip_serializing_if = "Option::is_none")]
        key: Option<String>,
        /// The value.
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<String>,
    },
    /// One of the values that a member or a parameter can have.
    EnumValue {
        /// The member or the parameter.
        name: String,
        /// The value.
        value: String,
    },
    /// A body.
    Sample {
        /// Which way it travels.
        side: Side,
        /// The status that it comes with.
        #[serde(skip_serializing_if = "Option::is_none")]
        status: Option<u16>,
        /// Whether it says that a call failed.
        #[serde(skip_serializing_if = "is_false")]
        error: bool,
        /// The body, repaired; where it can't be read whole, what can be.
        #[serde(serialize_with = "plain")]
        json: Node,
    },
    /// That there is no body.
    NoBody {
        /// Which way it would travel.
        side: Side,
    },
    /// The status of a response.
    Status {
        /// The status.
        status: u16,
    },
    /// Something that had to be done to a sample.
    Repair {
        /// What.
        repair: Repair,
        /// Which way the sample travels.
        side: Side,
    },
    /// A sample or a table that can't be read, or not whole.
    Unreadable {
        /// Which way the sample travels; none for a table.
        #[serde(skip_serializing_if = "Option::is_none")]
        side: Option<Side>,
        /// Why.
        reason: String,
    },
    /// A sample where the page promises the other side's: a request as the response.
    Misplaced {
        /// Which way it travels.
        side: Side,
    },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_false(flag: &bool) -> bool {
    !flag
}

fn plain<S: serde::Serializer>(node: &Node, serializer: S) -> Result<S::Ok, S::Error> {
    node.to_json().serialize(serializer)
}

/// How an operation is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shown {
    /// In a table of methods and addresses.
    Table,
    /// In a line of its own, above what it is about.
    Heading,
    /// As HTTP.
    Request,
    /// As a `curl` command.
    Curl,
    /// In passing.
    Text,
}

/// Where a parameter travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// The page doesn't say.
    Unknown,
}

/// Which way something travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// To the service.
    Request,
    /// Back from it.
    Response,
}

impl Shown {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Heading => "heading",
            Self::Request => "request",
            Self::Curl => "curl",
            Self::Text => "text",
        }
    }
}

impl Place {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Unknown => "unknown",
        }
    }
}

impl Side {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
        }
    }
}

/// A name inside of what has a path.
pub(crate) fn inside(parent: Option<&str>, name: &str) -> String {
    parent.map_or_else(|| name.to_owned(), |parent| format!("{parent}.{name}"))
}

/// A rule about credentials in words.
pub(crate) fn credential(app: bool, user: bool) -> &'static str {
    match (app, user) {
        (true, true) => "app or app+user",
        (true, false) => "app only",
        _ => "app+user only",
    }
}

impl Page {
    /// Whether it says anything about an API. Most pages of a repository don't.
    #[must_use]
    pub fn is_about_api(&self) -> bool {
        let about = |fact: &Fact| !matches!(fact.kind, Kind::Title { .. } | Kind::Date { .. });
        self.facts.iter().any(about)
    }

    /// The operations that it shows: method, path and the fact.
    pub fn operations(&self) -> impl Iterator<Item = (&str, &str, &Fact)> {
        self.facts.iter().filter_map(|fact| match &fact.kind {
            Kind::Operation { method, path, .. } => Some((method.as_str(), path.as_str(), fact)),
            _ => None,
        })
    }
}
