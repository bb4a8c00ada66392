//! Reports as text: for people and for programs.

mod excerpt;
mod github;
mod human;
mod json;
mod pages;
mod sarif;

use std::io::{self, Write};

use letterhead_document::{Place, Span};

use crate::{Diagnostic, Report, Severity};

pub use pages::{explain, list_rules, rules_page};

/// The forms that reports come in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For a terminal: each finding with the lines it is about.
    #[default]
    Human,
    /// One array with an object for each finding.
    Json,
    /// SARIF 2.1.0, for code scanning services.
    Sarif,
    /// Workflow commands, which GitHub shows beside the lines of a pull request.
    Github,
}

/// How text for people looks.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Whether it has colours.
    pub colour: bool,
    /// How many characters fit on a line.
    pub width: usize,
}

impl Default for Look {
    /// What a file or another program gets: the same everywhere.
    fn default() -> Self {
        Self {
            colour: false,
            width: 120,
        }
    }
}

/// Writes what was found in all documents.
///
/// # Errors
/// What `out` can't take.
pub fn render(
    reports: &[Report],
    format: Format,
    look: Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Human => human::write(reports, look, out),
        Format::Json => json::write(reports, out),
        Format::Sarif => sarif::write(reports, out),
        Format::Github => github::write(reports, out),
    }
}

/// The findings of all documents, in order.
fn findings(reports: &[Report]) -> impl Iterator<Item = (&Report, &Diagnostic)> {
    reports
        .iter()
        .flat_map(|report| report.diagnostics.iter().map(move |found| (report, found)))
}

/// Where a span starts, and the place after its end.
fn places(report: &Report, span: Span) -> (Place, Place) {
    let end = span.end.max(span.start);
    (
        report.document.place(span.start),
        report.document.place(end),
    )
}

impl Severity {
    /// Its name in every format.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}
