//! Where a service is offered and where not, as Microsoft Learn says it at the top of a page: bullets under a
//! label, or a label and names between bars.

use std::ops::Range;

use super::Reading;
use crate::fact::Kind;
use crate::inline::Inline;
use crate::languages::{is_cut, is_negative};

impl Reading<'_> {
    /// An item of the list at the top.
    pub(super) fn cloud_item(&mut self, text: &Inline) -> bool {
        let words = text.text().trim();
        // A name, not a sentence.
        if words.len() > 120 || words.ends_with(['.', '。']) || !text.code.is_empty() {
            return false;
        }
        // Under a bold line even an unknown name of the product is one: it is the first.
        let first = || self.facts.iter().all(|fact| !matches!(fact.kind, Kind::Cloud { .. }));
        let is_label = self.labelled && words.len() < 60 && first();
        let mut found = self.clouds(words);
        if found.is_empty() && is_label {
            found.extend(self.first_cloud());
        }
        let is_one = !found.is_empty();
        for cloud in found {
            let offered = !self.negative;
            self.add(text.span, Kind::Cloud { cloud, offered });
        }
        is_one
    }

    fn clouds(&self, text: &str) -> Vec<String> {
        self.known.clouds.named(text, is_cut)
    }

    fn first_cloud(&self) -> Option<String> {
        self.known.clouds.first().map(str::to_owned)
    }

    /// `**Applies to**: A | B`, `**Applies to: A, B**`, and the same of what it does not apply to.
    pub(super) fn cloud_line(&mut self, text: &Inline) -> bool {
        let mut found = false;
        let names = text.text();
        let all_names =
            names.contains('|') && names.split('|').all(|name| !self.clouds(name).is_empty());
        for Labelled { label, names } in labelled(text, all_names) {
            found |= self.cloud_names(text, &label, names);
        }
        found
    }

    fn cloud_names(&mut self, text: &Inline, label: &str, range: Range<usize>) -> bool {
        let offered = !is_negative(label);
        let names = &text.text()[range.clone()];
        let separator: &[char] = if names.contains('|') { &['|'] } else { &[',', '、', ';'] };
        // Beside a cloud that is known, a name in yet another language is the product's.
        let bars =
            names.contains('|') && names.split('|').any(|name| !self.clouds(name).is_empty());
        let mut found = false;
        let mut at = range.start;
        for name in names.split(separator) {
            // The words in brackets name the clouds without it.
            let name_only = name.split(['(', '（']).next().unwrap_or_default();
            let trimmed = name_only.trim().trim_matches('*').trim();
            // A sentence that happens to start in bold has no names between its commas.
            let is_first = bars && offered && at == range.start;
            let mut known = self.clouds(trimmed);
            if known.is_empty() && is_first {
                known.extend(self.first_cloud());
            }
            for cloud in known.into_iter().filter(|_| trimmed.len() < 200) {
                let start = at + name.find(trimmed).unwrap_or_default();
                let span = text.located.span(start, start + trimmed.len());
                self.add(span, Kind::Cloud { cloud, offered });
                found = true;
            }
            at += name.len() + 1;
        }
        found
    }
}

/// What a page says above the clouds that it is about.
const SCOPES: [&str; 4] =
    ["applies to", "does not apply to", "doesn't apply to", "not applicable to"];

/// Whether a heading stands above the clouds that a page is about, in place of a bold line.
pub(super) fn is_scope(title: &str) -> bool {
    let title = title.trim_end_matches([':', ' ']).to_ascii_lowercase();
    SCOPES.contains(&title.as_str())
}

/// A label, and the bytes of the names behind it.
struct Labelled {
    label: String,
    names: Range<usize>,
}

/// The labels of a line. Two lines without an empty one between them are one paragraph.
fn labelled(text: &Inline, all_names: bool) -> Vec<Labelled> {
    let all = text.text();
    let colon = |rest: &str| {
        let blanks = rest.len() - rest.trim_start().len();
        let colon = rest.trim_start().chars().next().filter(|c| matches!(c, ':' | '：'))?;
        Some(blanks + colon.len_utf8())
    };
    // A bold word that a colon follows, inside or outside, is a label.
    let labels = text.strong.iter().filter_map(|strong| {
        let words = &all[strong.clone()];
        if let Some(inside) = words.find([':', '：']) {
            let colon = words[inside..].chars().next().map_or(1, char::len_utf8);
            return Some((strong.start..strong.start + inside, strong.start + inside + colon));
        }
        Some((strong.clone(), strong.end + colon(&all[strong.end..])?))
    });
    let mut labels: Vec<(Range<usize>, usize)> = labels.collect();
    labels.retain(|(label, _)| !label.is_empty());
    if labels.first().is_none_or(|(label, _)| !all[..label.start].trim().is_empty()) {
        labels.clear();
        labels.extend(first_label(text, all_names));
    }
    let ends = labels.iter().skip(1).map(|(label, _)| label.start).chain([all.len()]);
    let found = labels.iter().zip(ends).map(|((label, names), end)| Labelled {
        label: all[label.clone()].to_owned(),
        names: *names..end.max(*names),
    });
    found.collect()
}

/// The label of a line without a bold one before a colon.
fn first_label(text: &Inline, all_names: bool) -> Option<(Range<usize>, usize)> {
    let all = text.text();
    let lower = all.to_ascii_lowercase();
    let starts = lower.trim_start();
    let phrase = SCOPES.into_iter().find(|phrase| starts.starts_with(phrase));
    let colon =
        all.find([':', '：']).filter(|_| phrase.is_some() || all_names || all.contains('|'));
    if let Some(colon) = colon {
        let width = all[colon..].chars().next().map_or(1, char::len_utf8);
        return Some((0..colon, colon + width));
    }
    if let Some(phrase) = phrase {
        let end = all.len() - starts.len() + phrase.len();
        return Some((0..end, end));
    }
    let strong = text.strong.first().filter(|_| text.strong_start().is_some());
    match strong {
        _ if all_names => Some((0..0, 0)),
        Some(strong) if all.contains('|') => Some((strong.clone(), strong.end)),
        _ => None,
    }
}
