//! For a terminal, as Rust's compiler says it.

use std::io::{self, Write};

use annotate_snippets::{Annotation, AnnotationKind, Level, Origin, Padding, Renderer, Snippet};
use letterhead_document::Span;

use super::excerpt::{Excerpt, excerpts};
use super::{Look, findings};
use crate::{Diagnostic, Report, Severity};

pub(super) fn write(reports: &[Report], look: Look, out: &mut dyn Write) -> io::Result<()> {
    for (report, found) in findings(reports) {
        writeln!(out, "{}\n", shown(report, found, look))?;
    }
    for report in reports {
        if report.diagnostics.is_empty() {
            let operations = count(report.document.operations().count(), "operation");
            writeln!(out, "{}: {operations}, clean", report.document.name())?;
        }
    }
    summary(reports, out)
}

/// One finding with the lines that it is about.
pub(super) fn shown(report: &Report, found: &Diagnostic, look: Look) -> String {
    let second = found.also.as_ref().map(|(span, _)| *span);
    let label = found.also.as_ref().map(|(_, label)| label.as_str());
    let excerpts = excerpts(&report.document, found.span, second, look.width);
    let kinds = [AnnotationKind::Primary, AnnotationKind::Context];
    let title = level(found.severity)
        .primary_title(&found.message)
        .id(found.rule.code);
    let mut group = title.element(origin(report, found.span));
    match (excerpts.as_slice(), second) {
        ([upper, lower], Some(second)) => {
            group = group
                .element(snippet(upper, &kinds[..1], None))
                .element(Padding)
                .element(origin(report, second))
                .element(snippet(lower, &kinds[1..], label));
        }
        (all, _) => group = group.elements(all.iter().map(|one| snippet(one, &kinds, label))),
    }
    if !found.help.is_empty() {
        group = group.element(Level::HELP.message(&found.help));
    }
    // An excerpt of its own would get line and column within itself, so the place is an element of its
    // own; the renderer then starts the excerpt with a line that says no more than `:::`.
    let group = [group];
    let plain = Renderer::plain().term_width(look.width).render(&group);
    let shown = if look.colour {
        Renderer::styled().term_width(look.width).render(&group)
    } else {
        plain.clone()
    };
    let lines = shown.lines().zip(plain.lines());
    let lines = lines.filter(|(_, plain)| plain.trim() != ":::");
    lines
        .map(|(line, _)| line.trim_end())
        .collect::<Vec<_>>()
        .join("\n")
}

fn origin(report: &Report, span: Span) -> Origin<'_> {
    let place = report.document.place(span.start);
    Origin::path(report.document.name())
        .line(place.line)
        .char_column(place.column)
}

/// An excerpt with its marks, the last of a `Context` kind with a label.
fn snippet<'a>(
    excerpt: &Excerpt<'a>,
    kinds: &[AnnotationKind],
    label: Option<&'a str>,
) -> Snippet<'a, Annotation<'a>> {
    let marks = excerpt.marks.iter().zip(kinds).map(|(mark, kind)| {
        let label = match kind {
            AnnotationKind::Context => label,
            _ => None,
        };
        kind.span(mark.clone()).label(label)
    });
    Snippet::source(excerpt.text)
        .line_start(excerpt.line)
        .annotations(marks)
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    }
}

/// `3 errors, 1 warning in 2 documents`, where anything was found.
fn summary(reports: &[Report], out: &mut dyn Write) -> io::Result<()> {
    let of = |severity| {
        findings(reports)
            .filter(|(_, found)| found.severity == severity)
            .count()
    };
    let counts = [
        (of(Severity::Error), "error"),
        (of(Severity::Warning), "warning"),
    ];
    let counts: Vec<String> = counts
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| count(number, what))
        .collect();
    if counts.is_empty() {
        return Ok(());
    }
    let with = reports
        .iter()
        .filter(|report| !report.diagnostics.is_empty());
    let documents = match with.count() {
        some if some < reports.len() => format!("{some} of {}", count(reports.len(), "document")),
        all => count(all, "document"),
    };
    writeln!(out, "{} in {documents}", counts.join(", "))
}

fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}
