//! The lines that a location is about, for the forms that draw no carets.

use std::ops::Range;

use letterhead_diagnostics::Location;

/// Longer lines are shown in part: this many bytes before and behind the mark.
const AROUND: usize = 160;
/// Longer marks are cut off.
const LONGEST: usize = 800;

/// Lines of a text, one of them with a mark.
pub(super) struct Excerpt<'a> {
    pub(super) before: &'a str,
    pub(super) mark: &'a str,
    pub(super) after: &'a str,
}

/// The marked lines, and `lines` on either side of them.
pub(super) fn excerpt<'a>(location: &Location<'a>, lines: usize) -> Excerpt<'a> {
    let text = location.source.text();
    let start = (location.span.start as usize).min(text.len());
    let end = (location.span.end as usize).clamp(start, text.len());
    let end = floor(text, end.min(start + LONGEST)).max(start);
    // No further than what is shown: a line may be the whole page.
    let reach = AROUND * (lines + 1);
    let before = ceil(text, start.saturating_sub(reach));
    let behind = floor(text, end + reach);
    let first =
        edge(text[before..start].rmatch_indices('\n').map(|(at, _)| before + at + 1), lines);
    let last = edge(text[end..behind].match_indices('\n').map(|(at, _)| end + at), lines);
    let (first, last) = (first.unwrap_or(before), last.unwrap_or(behind));
    let part = |range: Range<usize>| text.get(range).unwrap_or_default();
    Excerpt { before: part(first..start), mark: part(start..end), after: part(end..last) }
}

fn edge(mut breaks: impl Iterator<Item = usize>, lines: usize) -> Option<usize> {
    breaks.nth(lines)
}

/// The character's start at or behind a byte.
fn ceil(text: &str, byte: usize) -> usize {
    (byte..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

/// The character's start at or before a byte.
fn floor(text: &str, byte: usize) -> usize {
    (0..=byte.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}
