//! For a terminal, in the manner of Rust's compiler.

use annotate_snippets::{AnnotationKind, Level, Origin, Padding, Renderer, Snippet};

use crate::excerpt::{Excerpt, excerpts};
use crate::{Finding, Location, Look, Severity};

/// One finding with the lines that it is about.
#[must_use]
pub fn human(finding: &Finding<'_>, look: Look) -> String {
    let mut group = level(finding.severity)
        .primary_title(&*finding.message)
        .id(finding.rule.code())
        .elements(std::iter::empty::<Padding>());
    let excerpts = excerpts(&finding.locations, look.width);
    for (index, excerpt) in excerpts.iter().enumerate() {
        if index > 0 {
            group = group.element(Padding);
        }
        // An excerpt of its own would get line and column within itself, so the place is an element of
        // its own; the renderer then starts the excerpt with a line that says no more than `:::`.
        group = group.element(origin(&excerpt.first)).element(snippet(excerpt, index == 0));
    }
    if let Some(address) = finding.locations.first().and_then(address) {
        group = group.element(Level::NOTE.message(address));
    }
    if !finding.help.is_empty() {
        group = group.element(Level::HELP.message(&*finding.help));
    }
    let group = [group];
    let plain = Renderer::plain().term_width(look.width).render(&group);
    let shown = if look.colour {
        Renderer::styled().term_width(look.width).render(&group)
    } else {
        plain.clone()
    };
    let lines = shown.lines().zip(plain.lines());
    let lines = lines.filter(|(_, plain)| plain.trim() != ":::");
    lines.map(|(line, _)| line.trim_end()).collect::<Vec<_>>().join("\n")
}

/// The place in the document's own terms, which is all that helps where it is one long line.
fn address(location: &Location<'_>) -> Option<String> {
    let Location { pointer, operation, .. } = location;
    match (pointer.is_empty(), operation.is_empty()) {
        (true, _) => None,
        (false, true) => Some(format!("at {pointer}")),
        (false, false) => Some(format!("in `{operation}`, at {pointer}")),
    }
}

fn origin<'a>(location: &Location<'a>) -> Origin<'a> {
    let place = location.start();
    Origin::path(location.source.name()).line(place.line).char_column(place.column)
}

/// An excerpt with its marks; `is_first` where it shows the finding's own location.
fn snippet<'a>(
    excerpt: &'a Excerpt<'_>,
    is_first: bool,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let marks = excerpt.marks.iter().enumerate().map(|(index, mark)| {
        let kind =
            if is_first && index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        let (span, label) = mark;
        kind.span(span.clone()).label((!label.is_empty()).then_some(*label))
    });
    Snippet::source(excerpt.text.as_str()).line_start(excerpt.line).annotations(marks)
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    }
}
