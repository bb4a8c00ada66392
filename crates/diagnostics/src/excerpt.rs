//! The part of a text that a location is shown with: whole lines, or the surroundings of a span in a line
//! that is too long to show.

use std::ops::Range;

use letterhead_document::{Source, Span};

use crate::Location;

/// A part of a text with the spans in it, to be shown as if it were the file from `line` on.
pub(crate) struct Excerpt<'a> {
    pub(crate) text: String,
    pub(crate) line: usize,
    /// The spans, in bytes of `text`, and their labels.
    pub(crate) marks: Vec<(Range<usize>, &'a str)>,
    /// The first location that it shows.
    pub(crate) first: Location<'a>,
}

/// Longer lines are shown in part.
const LONGEST_LINE: usize = 500;
/// Locations that are further apart are shown apart.
const LARGEST: usize = 16_000;

/// The excerpts that show all locations, in order: a single one for neighbours that are near each other.
pub(crate) fn excerpts<'a>(locations: &[Location<'a>], width: usize) -> Vec<Excerpt<'a>> {
    let mut excerpts = Vec::new();
    let mut rest = locations;
    while !rest.is_empty() {
        let near = (2..=rest.len()).take_while(|length| lines(&rest[..*length]).is_some()).last();
        let (group, others) = rest.split_at(near.unwrap_or(1));
        excerpts.push(match lines(group) {
            Some(range) if group.len() > 1 => together(group, range),
            _ => around(group[0], width),
        });
        rest = others;
    }
    excerpts
}

/// The lines of locations in the same text that are near each other and short.
fn lines(locations: &[Location<'_>]) -> Option<Range<usize>> {
    let source = locations[0].source;
    if locations.iter().any(|other| !std::ptr::eq(other.source, source)) {
        return None;
    }
    let starts = || locations.iter().map(|location| location.span.start);
    let start = source.line(starts().min()?).start as usize;
    let end = source.line(starts().max()?).end as usize;
    let is_short = |line: &str| line.len() <= LONGEST_LINE;
    let near = end - start <= LARGEST && text(source, start..end).lines().all(is_short);
    near.then_some(start..end)
}

/// Locations that are near each other, in one excerpt.
fn together<'a>(locations: &[Location<'a>], lines: Range<usize>) -> Excerpt<'a> {
    let source = locations[0].source;
    let marks = locations.iter().map(|location| {
        let mark = on_one_line(location);
        (mark.start - lines.start..mark.end - lines.start, location.label)
    });
    let upper = locations.iter().map(|location| location.span.start).min();
    Excerpt {
        marks: marks.collect(),
        line: source.place(upper.unwrap_or_default()).line,
        text: text(source, lines),
        first: locations[0],
    }
}

/// The line that a location starts on, or as much of it on both sides as fits on some lines.
fn around(location: Location<'_>, width: usize) -> Excerpt<'_> {
    let source = location.source;
    let line = source.line(location.span.start);
    let (mut start, mut end) = (line.start as usize, line.end as usize);
    let mut mark = on_one_line(&location);
    if end - start > LONGEST_LINE {
        // Several times the width: the renderer cuts the rest itself, where it looks best.
        let reach = 4 * width;
        mark.end = floor(source, mark.end.min(mark.start + width / 2));
        start = start.max(floor(source, mark.start.saturating_sub(reach)));
        end = end.min(floor(source, mark.end + reach));
    }
    Excerpt {
        text: text(source, start..end),
        line: location.start().line,
        marks: vec![(mark.start - start..mark.end - start, location.label)],
        first: location,
    }
}

/// The bytes of a location up to the end of the line that it starts on.
fn on_one_line(location: &Location<'_>) -> Range<usize> {
    let Location { source, span, .. } = location;
    let line: Span = source.line(span.start);
    let inside = |at: u32| floor(source, at.clamp(line.start, line.end) as usize);
    inside(span.start)..inside(span.end.max(span.start))
}

/// The last byte up to `at` that a character starts with.
fn floor(source: &Source, at: usize) -> usize {
    source.floor(byte(at)) as usize
}

fn text(source: &Source, range: Range<usize>) -> String {
    source.slice(Span { start: byte(range.start), end: byte(range.end) })
}

fn byte(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
