//! Rules that a page states in a sentence.

use super::Reading;
use super::section::Role;
use super::tables::is_header;
use crate::fact::Kind;
use crate::fact::Side;
use crate::inline::Inline;
use crate::languages::{credentials, is_nothing};

impl Reading<'_> {
    /// Whom a call may be made for: the sentence stands beside the link to the page about authentication.
    pub(super) fn credential(&mut self, text: &Inline) {
        let links = |(_, url): &(_, String)| url.contains("authentication");
        if !text.links.iter().any(links) {
            return;
        }
        let (app, user) = credentials(text.text());
        if (app || user) && !self.has_credential {
            self.has_credential = true;
            self.add(text.span, Kind::Credential { app, user });
        }
    }

    /// A header that a list about headers starts an item with: `**If-Match**: the ETag`.
    pub(super) fn header_item(&mut self, text: &Inline) {
        let Role::Headers(side) = self.role() else {
            return;
        };
        let first = text.strong.first().or(text.code.first());
        let Some(first) = first.filter(|first| text.text()[..first.start].trim().is_empty()) else {
            return;
        };
        let name = text.text()[first.clone()].trim_matches([':', ' ']);
        if self.group > 0 && name.contains('-') && is_header(name) {
            let name = name.to_owned();
            self.add(text.located.span(first.start, first.end), Kind::Header { side, name });
        }
    }

    /// A sentence in the section of a body that says that there is none.
    pub(super) fn no_body(&mut self, text: &Inline) {
        if let Some(span) = self.silent_body.take().filter(|_| is_nothing(text.text())) {
            self.add(span, Kind::NoBody { side: Side::Request });
        }
    }
}
