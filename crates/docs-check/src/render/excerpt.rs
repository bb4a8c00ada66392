//! The lines that a location is about, for the forms that draw no carets.

use letterhead_diagnostics::Location;
use letterhead_document::Span;

/// Longer lines are shown in part: this many bytes before and behind the mark.
const AROUND: u32 = 160;
/// Longer marks are cut off.
const LONGEST: u32 = 800;

/// Lines of a text, one of them with a mark.
pub(super) struct Excerpt {
    pub(super) before: String,
    pub(super) mark: String,
    pub(super) after: String,
}

/// The marked lines, and `lines` on either side of them.
pub(super) fn excerpt(location: &Location<'_>, lines: usize) -> Excerpt {
    let Location { source, span, .. } = location;
    let start = source.floor(span.start);
    let end = source.floor(span.end.min(start.saturating_add(LONGEST))).max(start);
    // No further than what is shown: a line may be the whole page.
    let reach = AROUND.saturating_mul(u32::try_from(lines).unwrap_or(u32::MAX).saturating_add(1));
    let part = |start: u32, end: u32| source.slice(Span { start, end });
    let mut before = part(source.floor(start.saturating_sub(reach)), start);
    let mut after = part(end, source.floor(end.saturating_add(reach)));
    if let Some(first) = edge(before.rmatch_indices('\n').map(|(at, _)| at + 1), lines) {
        before.drain(..first);
    }
    if let Some(last) = edge(after.match_indices('\n').map(|(at, _)| at), lines) {
        after.truncate(last);
    }
    Excerpt { before, mark: part(start, end), after }
}

fn edge(mut breaks: impl Iterator<Item = usize>, lines: usize) -> Option<usize> {
    breaks.nth(lines)
}
