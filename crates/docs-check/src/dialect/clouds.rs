//! Where a service is offered and where not, as Microsoft Learn says it at the top of a page: bullets under a
//! label, or a label and names between bars.

use std::ops::Range;

use super::Reading;
use super::offers::{Offer, offers};
use crate::fact::Kind;
use crate::inline::Inline;
use crate::languages::{is_cut, names_roles, scope_label};

/// Longer lines are no lists of names.
const LONGEST: usize = 4000;

impl Reading<'_> {
    /// An item of the list at the top.
    pub(super) fn cloud_item(&mut self, text: &Inline) -> bool {
        let words = text.text().trim();
        // A name, not a sentence.
        let is_label = scope_label(words).is_some();
        let is_sentence = words.ends_with(['.', '。']) && !is_label;
        if words.len() > 200 || is_sentence || !text.code.is_empty() {
            return false;
        }
        // Under a bold line even an unknown name of the product is one: it is the first.
        let first = || self.facts.iter().all(|fact| !matches!(fact.kind, Kind::Cloud { .. }));
        let is_named = self.labelled && words.len() < 60 && first();
        let mut found = self.offers(text, (0, 0..text.text().len()), (!self.negative, true));
        if found.is_empty() && is_named {
            found.extend(self.first_cloud(0..text.text().len(), !self.negative));
        }
        let is_one = !found.is_empty();
        for Offer { cloud, offered, .. } in found {
            self.add(text.span, Kind::Cloud { cloud, offered });
        }
        is_one
    }

    fn clouds(&self, text: &str) -> Vec<String> {
        self.known.clouds.named(text, is_cut)
    }

    /// What a part of a text says about the clouds that it names.
    fn offers(
        &self,
        text: &Inline,
        range: (usize, Range<usize>),
        list: (bool, bool),
    ) -> Vec<Offer> {
        let all = &text.text()[range.1.clone()];
        // Between bars and in brackets a part of a name is enough.
        let is_parted = all.contains(BARS) || all.contains(['(', '（']);
        let named = |piece: &str| {
            let beside = if is_parted { all } else { piece };
            self.known.clouds.named_among(piece, beside, is_cut)
        };
        offers((text.text(), &text.lines), range, list, &named)
    }

    fn first_cloud(&self, range: Range<usize>, offered: bool) -> Option<Offer> {
        let cloud = self.known.clouds.first()?.to_owned();
        Some(Offer { cloud, offered, range })
    }

    /// `**Applies to**: A | B`, `**Applies to: A, B**`, and the same of what it does not apply to.
    pub(super) fn cloud_line(&mut self, text: &Inline) -> bool {
        let mut found = false;
        let names = text.text();
        if names.len() > LONGEST {
            return false;
        }
        let all_names =
            names.contains(BARS) && names.split(BARS).all(|name| !self.clouds(name).is_empty());
        for Labelled { label, names } in labelled(text, all_names) {
            found |= self.cloud_names(text, label, names);
        }
        found
    }

    fn cloud_names(&mut self, text: &Inline, label: Range<usize>, range: Range<usize>) -> bool {
        let names = &text.text()[range.clone()];
        let first = names.split(BARS).next().unwrap_or_default();
        let first = range.start..range.start + first.len();
        let mut found = self.offers(text, (label.start, range), (true, false));
        // Beside a cloud that is known, a name in yet another language is the product's.
        let is_unknown =
            names.contains(BARS) && found.iter().all(|one| one.range.start >= first.end);
        let offered = || found.first().is_some_and(|one| one.offered);
        if is_unknown && offered() {
            let product = self.first_cloud(first, true);
            found.splice(0..0, product);
        }
        let is_line = !found.is_empty();
        for Offer { cloud, offered, range } in found {
            let span = text.located.span(range.start, range.end);
            self.add(span, Kind::Cloud { cloud, offered });
        }
        is_line
    }
}

/// What stands between names.
const BARS: [char; 2] = ['|', '｜'];

/// A label, and the bytes of the names behind it.
struct Labelled {
    label: Range<usize>,
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
        label: label.clone(),
        names: *names..end.max(*names),
    });
    // Any bold word may stand before a colon, and roles have bars between them as well.
    let counts = |one: &Labelled| {
        let label = &all[one.label.clone()];
        let is_scope = label.is_empty() || one.label.end == one.names.start;
        let has_bars = all[one.names.clone()].contains(BARS);
        !names_roles(label) && (is_scope || has_bars || scope_label(label).is_some())
    };
    found.filter(counts).collect()
}

/// The label of a line without a bold one before a colon.
fn first_label(text: &Inline, all_names: bool) -> Option<(Range<usize>, usize)> {
    let all = text.text();
    let phrase = scope_label(all);
    let has_bars = all.contains(BARS);
    let colon = all.find([':', '：']).filter(|_| phrase.is_some() || all_names || has_bars);
    if let Some(colon) = colon {
        let width = all[colon..].chars().next().map_or(1, char::len_utf8);
        return Some((0..colon, colon + width));
    }
    if let Some(end) = phrase {
        return Some((0..end, end));
    }
    let strong = text.strong.first().filter(|_| text.strong_start().is_some());
    match strong {
        _ if all_names => Some((0..0, 0)),
        Some(strong) if has_bars => Some((strong.clone(), strong.end)),
        _ => None,
    }
}
