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
        /// The cloud.
        cloud: Cloud,
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
        /// The body, repaired.
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
    /// A sample that can't be read.
    Unreadable {
        /// Which way it travels.
        side: Side,
        /// Why.
        reason: String,
    },
}

fn plain<S: serde::Serializer>(node: &Node, serializer: S) -> Result<S::Ok, S::Error> {
    node.to_json().serialize(serializer)
}

/// The clouds that a service is offered in, as the documents name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cloud {
    /// The one for everybody.
    Global,
    /// The one operated by 21Vianet.
    China,
    /// The German one, closed in 2021.
    Germany,
    /// The one for the US Government.
    UsGovernment,
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

impl Cloud {
    /// Its name in the documents.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::China => "china",
            Self::Germany => "germany",
            Self::UsGovernment => "us-government",
        }
    }

    /// Its name in a sentence.
    #[must_use]
    pub fn place(self) -> &'static str {
        match self {
            Self::Global => "the global cloud",
            Self::China => "the cloud operated by 21Vianet",
            Self::Germany => "Germany",
            Self::UsGovernment => "US Government",
        }
    }
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
