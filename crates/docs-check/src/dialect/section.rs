//! What a part of a page is about, as its headings say it.

use super::Reading;
use super::names::type_names;
use crate::fact::Side;
use crate::inline::Inline;
use crate::languages::{Topic, topic};
use crate::target::loose;

/// What a section is about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Role {
    /// Parameters of the path or the query; whether it is about the query alone.
    Parameters(bool),
    Headers(Side),
    Body(Side),
    Example(Option<Side>),
    /// Of statuses, errors and what comes back: nothing that is sent.
    Results,
    /// How a filter is written, or an order.
    Filter,
    Request,
    Other,
}

/// A heading, or a bold line in its place, and what it is about.
#[derive(Clone, Debug)]
pub(super) struct Section {
    /// Of a heading; a bold line is below all of them.
    level: usize,
    pub(super) role: Role,
    /// Its title, and the original's.
    pub(super) names: Vec<String>,
    /// Whether it is named after what its parent is about, and has no role of its own.
    pub(super) is_part: bool,
}

impl Section {
    pub(super) fn is_below_title(&self) -> bool {
        self.level > 1
    }
}

/// The level of a bold line.
pub(super) const LABEL: usize = 7;

impl Role {
    /// The side that samples below it travel.
    pub(super) fn side(self) -> Option<Side> {
        match self {
            Self::Body(side) | Self::Headers(side) => Some(side),
            Self::Example(side) => side,
            Self::Results => Some(Side::Response),
            Self::Parameters(_) | Self::Filter | Self::Request | Self::Other => None,
        }
    }

    fn of(title: &str) -> Self {
        let Topic { request, response, returns, body, header, parameter, example, error, .. } =
            topic(title);
        let lower = title.to_lowercase();
        let side = if response { Side::Response } else { Side::Request };
        let properties = lower.contains("propert") && (request || response);
        if header {
            Self::Headers(side)
        } else if orders(&lower) || lower.contains("filter") && !example && !lower.contains("uri") {
            Self::Filter
        } else if example {
            // `Request/Response examples` are both.
            let both = request && response && lower.contains(['/', '&']);
            Self::Example((!both && (request || response)).then_some(side))
        } else if body || properties {
            Self::Body(side)
        } else if parameter || lower.contains("query string") {
            Self::Parameters(lower.contains("query"))
        } else if error || response || returns {
            Self::Results
        } else if request {
            Self::Request
        } else {
            Self::Other
        }
    }
}

/// Whether a title in lower case is about how results are ordered.
fn orders(title: &str) -> bool {
    title.contains("orderby") || title.contains("order by")
}

impl Reading<'_> {
    /// Whether the section says how results are ordered.
    pub(super) fn is_about_order(&self) -> bool {
        let section = self.sections.last();
        section.is_some_and(|section| section.names.iter().any(|name| orders(&name.to_lowercase())))
    }

    pub(super) fn role(&self) -> Role {
        self.sections.last().map_or(Role::Other, |section| section.role)
    }

    /// Enters the section below a heading or a bold line.
    pub(super) fn enter_section(&mut self, level: usize, text: &Inline, title: &str) {
        // A translated heading has the name of the original as its anchor, and words of one language mean something
        // else in another.
        let original = text.anchor.as_ref().map(|anchor| anchor.replace('-', " "));
        let own = match &original {
            _ if level == 1 => Role::Other,
            Some(original) => match Role::of(original) {
                Role::Other if !self.is_translated => Role::of(title),
                role => role,
            },
            None => Role::of(title),
        };
        let is_part = own == Role::Other;
        let names: Vec<String> = std::iter::once(title.to_owned()).chain(original).collect();
        let body = if is_part { self.continued_body(level, &names) } else { None };
        let keep = self.sections.iter().position(|section| section.level >= level);
        let keep = keep.unwrap_or(self.sections.len());
        self.sections.truncate(keep);
        let role = if is_part { body.unwrap_or(self.role()) } else { own };
        self.sections.push(Section { level, role, names, is_part });
    }

    /// The body that a heading goes on with: one beside it whose tables have a member or a type of its name, or
    /// the one that it stands below in all but its level, when the sentence before it names the same type.
    fn continued_body(&self, level: usize, names: &[String]) -> Option<Role> {
        let is_body = |role: &Role| matches!(role, Role::Body(_));
        let beside = self.sections.iter().rfind(|section| section.level == level);
        let beside = beside.map(|section| section.role).filter(is_body).filter(|_| {
            let mut tables = self.bodies.iter().filter(|table| table.group == self.group);
            tables.any(|table| names.iter().any(|name| table.names(name)))
        });
        let announced = || {
            let types: Vec<String> = self.leads.iter().flat_map(type_names).collect();
            let is_named = |name: &String| types.iter().any(|of| loose(of) == loose(name));
            Some(self.role()).filter(is_body).filter(|_| names.iter().any(is_named))
        };
        beside.or_else(announced)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_have_a_role() {
        let request = Side::Request;
        for (title, role) in [
            ("Request syntax", Role::Request),
            ("URI parameters", Role::Parameters(false)),
            ("Query parameters", Role::Parameters(true)),
            ("Supported OrderBy parameters", Role::Filter),
            ("Request headers", Role::Headers(request)),
            ("Parameters of the body", Role::Body(request)),
            ("Request body", Role::Body(request)),
            ("Request example", Role::Example(Some(request))),
            ("Sample request", Role::Example(Some(request))),
            ("REST response", Role::Results),
            ("Response success and error codes", Role::Results),
            ("Response example (failure)", Role::Example(Some(Side::Response))),
            ("Request/Response examples", Role::Example(None)),
            ("Filter syntax", Role::Filter),
            ("Billing profile", Role::Other),
            ("Anforderungstext", Role::Body(request)),
            ("Corps de demande", Role::Body(request)),
            ("要求本文", Role::Body(request)),
            ("응답 예제", Role::Example(Some(Side::Response))),
            ("Voorbeeldverzoek", Role::Example(Some(request))),
        ] {
            assert_eq!(Role::of(title), role, "{title}");
        }
    }
}
