//! A finding with the lines that it is about, the page's and the document's.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Origin, Padding, Renderer, Snippet};
use letterhead_document::{Document, Place, Span};

use super::Look;
use crate::source::Source;

/// Longer lines are shown in part.
const LONGEST_LINE: usize = 300;

/// A place in a file, ready to be shown.
pub(super) struct Shown<'a> {
    pub(super) name: &'a str,
    pub(super) place: Place,
    text: &'a str,
    mark: Range<usize>,
    pub(super) label: String,
}

impl<'a> Shown<'a> {
    pub(super) fn of_page(source: &'a Source, span: Span, label: &str, width: usize) -> Self {
        let (text, mark) = around(source.text(), source.line(span.start), span, width);
        Self {
            name: source.name(),
            place: source.place(span.start),
            text,
            mark,
            label: label.to_owned(),
        }
    }

    pub(super) fn of_document(
        document: &'a Document,
        span: Span,
        label: &str,
        width: usize,
    ) -> Self {
        let (text, mark) = around(document.text(), document.line(span.start), span, width);
        Self {
            name: document.name(),
            place: document.place(span.start),
            text,
            mark,
            label: label.to_owned(),
        }
    }
}

/// The line that a span starts on, or as much of it as a reader can take in, and what to underline in it.
fn around(text: &str, line: Span, span: Span, width: usize) -> (&str, Range<usize>) {
    let (mut start, mut end) = (line.start as usize, line.end as usize);
    let inside = |byte: u32| boundary(text, (byte as usize).clamp(start, end));
    let mut mark = inside(span.start)..inside(span.end.max(span.start));
    if end - start > LONGEST_LINE {
        mark.end = boundary(text, mark.end.min(mark.start + width));
        start = boundary(text, start.max(mark.start.saturating_sub(width / 3)));
        end = boundary(text, end.min(mark.end + width / 3));
    }
    (&text[start..end], mark.start - start..mark.end - start)
}

fn boundary(text: &str, byte: usize) -> usize {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}

/// The whole finding as text.
pub(super) fn finding(
    title: (Level<'_>, &str, &str),
    places: &[Shown<'_>],
    help: &str,
    look: Look,
) -> String {
    let (level, code, message) = title;
    let mut group = level
        .primary_title(message)
        .id(code)
        .elements(std::iter::empty::<Padding>());
    for (index, shown) in places.iter().enumerate() {
        let kind = if index == 0 {
            AnnotationKind::Primary
        } else {
            AnnotationKind::Context
        };
        let origin = Origin::path(shown.name)
            .line(shown.place.line)
            .char_column(shown.place.column);
        let label = (!shown.label.is_empty()).then_some(shown.label.as_str());
        let snippet = Snippet::source(shown.text)
            .line_start(shown.place.line)
            .annotation(kind.span(shown.mark.clone()).label(label));
        if index > 0 {
            group = group.element(Padding);
        }
        group = group.element(origin).element(snippet);
    }
    if !help.is_empty() {
        group = group.element(Level::HELP.message(help));
    }
    // An excerpt would get line and column within itself, so the place is an element of its own; the
    // renderer then starts the excerpt with a line that says no more than `:::`.
    let group = [group];
    let plain = Renderer::plain().term_width(look.width).render(&group);
    let text = if look.colour {
        Renderer::styled().term_width(look.width).render(&group)
    } else {
        plain.clone()
    };
    let lines = text.lines().zip(plain.lines());
    let lines = lines.filter(|(_, plain)| plain.trim() != ":::");
    lines
        .map(|(line, _)| line.trim_end())
        .collect::<Vec<_>>()
        .join("\n")
}
