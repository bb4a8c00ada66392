//! Operations: a method and an address, in a line of their own, in passing, or wherever else they are found.

use std::ops::Range;

use letterhead_document::Span;

use super::Reading;
use super::tables::is_below_base;
use crate::fact::{Kind, Place, Shown};
use crate::inline::Inline;
use crate::languages::{introduces, topic};
use crate::target::{self, Target, starts_address};

/// Whether a text leads on to another request: one of its sentences names a method in capitals beside the word, and
/// the address to send it to; or the last one names a method that isn't `own`, and what follows.
pub(super) fn announces_request(text: &str, own: &str, has_link: bool) -> bool {
    let mut sentences = text.split(". ").flat_map(|part| part.split('。')).peekable();
    while let Some(sentence) = sentences.next() {
        let named = requested(sentence);
        let is_last = sentences.peek().is_none();
        let leads = has_link || ["URL", "URI"].iter().any(|word| sentence.contains(word));
        if named.is_some_and(|method| leads || is_last && method != own && introduces(sentence)) {
            return true;
        }
    }
    false
}

/// The method that stands beside the word for a request.
fn requested(text: &str) -> Option<&'static str> {
    let words: Vec<&str> =
        text.split([' ', '-']).filter(|word| !word.is_empty()).take(200).collect();
    words.windows(2).find_map(|pair| {
        let method = |word: &str| target::method(word).filter(|method| *method == word);
        let is_request = |word: &str| topic(word).request;
        let first = method(pair[0]).filter(|_| is_request(pair[1]));
        first.or_else(|| method(pair[1]).filter(|_| is_request(pair[0])))
    })
}

impl Reading<'_> {
    /// A line that is a method and an address, either of them bold or code or neither.
    pub(super) fn operation_line(&mut self, text: &Inline) -> bool {
        let words = text.text().trim();
        let Some((verb, address)) = words.split_once(char::is_whitespace) else {
            return false;
        };
        let Some(method) = target::method(verb.trim_matches(['*', '`'])) else {
            return false;
        };
        // In a generated reference the path is code, and more may follow on the same line.
        let code = text.code.first().filter(|code| {
            let between = text.text().get(text.text().len() - address.len()..code.start);
            between.is_some_and(|between| between.trim().is_empty())
        });
        let is_reference = code.is_some();
        let address = code.map_or(address, |code| &text.text()[code.clone()]);
        let is_address = starts_address(address.trim_start()) || address.contains("://");
        let plain = is_reference || words.len() < 400 && !address.trim_start().starts_with('<');
        if !is_address || !plain {
            return false;
        }
        let version = address.to_ascii_lowercase().contains("http/");
        if !is_reference && !version && address.trim().contains(char::is_whitespace) {
            return false;
        }
        let Some(target) = target::target(address, &self.known.servers) else {
            return false;
        };
        let from = text.text().find(address).unwrap_or_default();
        let span = text.located.span(from, from + address.trim_end().len());
        self.open();
        self.operation(method, target, span, Shown::Heading);
        if is_reference {
            self.reference_level = Some(self.level);
        }
        true
    }

    /// An item that is nothing but a method and an address below a base. A path alone is only mentioned.
    pub(super) fn operation_item(&mut self, text: &Inline) -> bool {
        let words = text.text().trim();
        let address = words.split_once(char::is_whitespace).map(|(_, address)| address);
        // What is code as a whole is mentioned, too.
        let is_code =
            text.code.first().is_some_and(|code| text.text()[..code.start].trim().is_empty());
        !is_code && address.is_some_and(is_below_base) && self.operation_line(text)
    }

    /// Operations that are mentioned in running text, as code.
    pub(super) fn in_passing(&mut self, text: &Inline) {
        for Range { start, end } in &text.code {
            let code = &text.text()[*start..*end];
            let Some((verb, address)) = code.split_once(' ') else {
                continue;
            };
            let is_address = address.starts_with(['/', '{']) || address.contains("://");
            let found = target::method(verb).filter(|_| is_address);
            let target = found.and_then(|_| target::target(address, &self.known.servers));
            if let (Some(method), Some(target)) = (found, target) {
                let group = self.group;
                self.groups += 1;
                self.group = self.groups;
                let span = text.located.span(*start, *end);
                self.operation(method, target, span, Shown::Text);
                self.group = group;
            }
        }
    }

    /// Starts a group of its own for the facts that follow.
    pub(super) fn open(&mut self) {
        self.groups += 1;
        self.group = self.groups;
        self.group_start = self.facts.len();
        self.has_body = false;
        self.has_response = false;
        self.is_complete = false;
        self.is_elsewhere = false;
        self.silent_body = None;
        self.preamble = false;
    }

    pub(super) fn operation(
        &mut self,
        method: &'static str,
        target: Target,
        span: Span,
        shown: Shown,
    ) {
        if shown != Shown::Text {
            self.method = method;
        }
        self.add(
            span,
            Kind::Operation {
                method: method.to_owned(),
                path: target.path,
                server: target.foreign,
                shown,
            },
        );
        for (name, value) in target.query {
            let kind = Kind::Parameter {
                place: Place::Query,
                name: name.clone(),
                of_type: None,
                required: None,
            };
            self.add(span, kind);
            self.query_value(&name, &value, span);
            self.queries.push((self.group, span, name, value));
        }
    }
}
