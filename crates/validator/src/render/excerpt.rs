//! The part of a document that a finding is shown with: whole lines, or the surroundings of a place in
//! a line that is too long to show.

use std::ops::Range;

use letterhead_document::{Document, Span};

/// Text that holds all of `marks`, to be shown as if it were the file from `line` on.
pub(super) struct Excerpt<'d> {
    pub(super) text: &'d str,
    pub(super) line: usize,
    /// What to underline, in bytes of `text`.
    pub(super) marks: Vec<Range<usize>>,
}

/// Longer lines are shown in part.
const LONGEST_LINE: usize = 500;
/// Places further apart are shown apart.
const LARGEST: usize = 16_000;

/// The excerpts that show `first` and `second`: a single one where they are near each other.
pub(super) fn excerpts(
    document: &Document,
    first: Span,
    second: Option<Span>,
    width: usize,
) -> Vec<Excerpt<'_>> {
    let Some(second) = second else {
        return vec![around(document, first, width)];
    };
    let text = document.text();
    let (upper, lower) = (first.start.min(second.start), first.start.max(second.start));
    let start = document.line(upper).start as usize;
    let end = document.line(lower).end as usize;
    let near = end - start <= LARGEST
        && text[start..end]
            .lines()
            .all(|line| line.len() <= LONGEST_LINE);
    if !near {
        return vec![
            around(document, first, width),
            around(document, second, width),
        ];
    }
    let marks = [first, second].map(|span| {
        let mark = on_one_line(document, span);
        mark.start - start..mark.end - start
    });
    vec![Excerpt {
        text: &text[start..end],
        line: document.place(upper).line,
        marks: marks.into(),
    }]
}

/// The line that `span` starts on, or as much of it on both sides as a reader can take in.
fn around(document: &Document, span: Span, width: usize) -> Excerpt<'_> {
    let text = document.text();
    let line = document.line(span.start);
    let (mut start, mut end) = (line.start as usize, line.end as usize);
    let mut mark = on_one_line(document, span);
    if end - start > LONGEST_LINE {
        // Several times the width: the renderer cuts the rest itself, where it looks best.
        let reach = 4 * width;
        mark.end = floor(text, mark.end.min(mark.start + width / 2));
        start = start.max(ceil(text, mark.start.saturating_sub(reach)));
        end = end.min(floor(text, mark.end + reach));
    }
    Excerpt {
        text: &text[start..end],
        line: document.place(span.start).line,
        marks: std::iter::once(mark.start - start..mark.end - start).collect(),
    }
}

/// The bytes of a span up to the end of the line that it starts on.
fn on_one_line(document: &Document, span: Span) -> Range<usize> {
    let text = document.text();
    let line = document.line(span.start);
    let inside = |byte: u32| floor(text, byte.clamp(line.start, line.end) as usize);
    inside(span.start)..inside(span.end.max(span.start))
}

/// The last character boundary up to `byte`.
fn floor(text: &str, byte: usize) -> usize {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}

/// The first character boundary from `byte` on.
fn ceil(text: &str, byte: usize) -> usize {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte += 1;
    }
    byte
}
