//! Where in a request a credential is, whatever the document calls its scheme.

use std::fmt;

/// A place in a request that has a part of a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// The header of this name, in lower case.
    Header(&'static str),
    /// The header `authorization`, with this scheme in lower case before the value.
    Scheme(&'static str),
    /// The pair of this name in the query.
    #[allow(dead_code, reason = "for documents of other vendors")]
    Query(&'static str),
    /// The cookie of this name.
    #[allow(dead_code, reason = "for documents of other vendors")]
    Cookie(&'static str),
}

/// Where a token of a sign-in goes.
pub(crate) const TOKEN: Slot = Slot::Scheme("bearer");

impl Slot {
    /// The header that it is in; none where it is in the query.
    pub(crate) fn header(self) -> Option<&'static str> {
        match self {
            Self::Header(name) => Some(name),
            Self::Scheme(_) => Some("authorization"),
            Self::Cookie(_) => Some("cookie"),
            Self::Query(_) => None,
        }
    }

    /// Whether it is the pair of this name in the query.
    pub(crate) fn is_query(self, name: &str) -> bool {
        matches!(self, Self::Query(own) if own == name)
    }

    /// What stands before the value.
    pub(crate) fn prefix(self) -> String {
        match self {
            Self::Scheme("basic") => "Basic ".to_owned(),
            Self::Scheme("bearer") => "Bearer ".to_owned(),
            Self::Scheme(scheme) => format!("{scheme} "),
            Self::Cookie(name) => format!("{name}="),
            Self::Header(_) | Self::Query(_) => String::new(),
        }
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header(name) => write!(f, "a key in the header `{name}`"),
            Self::Scheme("bearer") => f.write_str("a bearer token"),
            Self::Scheme("basic") => f.write_str("a user and a password"),
            Self::Scheme(scheme) => write!(f, "a credential of the scheme `{scheme}`"),
            Self::Query(name) => write!(f, "a key in the query `{name}`"),
            Self::Cookie(name) => write!(f, "a key in the cookie `{name}`"),
        }
    }
}

/// Several slots that go together, for people.
pub(crate) fn together(slots: &[Slot]) -> String {
    let slots: Vec<String> = slots.iter().map(ToString::to_string).collect();
    slots.join(" and ")
}
