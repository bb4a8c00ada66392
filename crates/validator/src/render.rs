//! Reports as text: for people and for programs.

use std::io::{self, Write};

use letterhead_diagnostics::{self as diagnostics, Format, Location, Look, Severity, Tool, count};

use crate::check::Report;
use crate::finding::Finding;
use crate::rule::Rule;
use crate::rules;

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
    let tool = Tool {
        name: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        rules: rules::all().map(|rule| rule as _).collect(),
    };
    let all = reports.iter().flat_map(|report| {
        let findings = report.findings.iter();
        findings.map(|finding| finding.located(report))
    });
    diagnostics::write(&all.collect::<Vec<_>>(), &tool, (format, look), out)?;
    match format {
        Format::Human => summary(reports, out),
        _ => Ok(()),
    }
}

/// How many findings more there are where the documents are to become Rust.
fn further(reports: &[Report], out: &mut dyn Write) -> io::Result<()> {
    match reports.iter().map(|report| report.further).sum() {
        0 => Ok(()),
        some => writeln!(out, "{} with `--for rust`", count(some, "more finding")),
    }
}

impl Finding {
    /// The finding with the source of its document.
    pub(crate) fn located<'a>(&'a self, report: &'a Report) -> diagnostics::Finding<'a> {
        let source = report.document.source();
        let also = self.also.as_ref();
        let also = also.map(|(span, label)| Location::labelled(source, *span, label));
        let own = Location::new(source, self.span);
        diagnostics::Finding {
            rule: self.rule,
            severity: self.severity,
            message: self.message.as_str().into(),
            help: self.help.as_str().into(),
            locations: [own].into_iter().chain(also).collect(),
        }
    }
}

impl diagnostics::Rule for Rule {
    fn code(&self) -> &str {
        self.code
    }

    fn summary(&self) -> &str {
        self.summary
    }

    fn severity(&self) -> Severity {
        self.severity
    }

    fn reason(&self) -> Option<&str> {
        Some(self.reason)
    }

    /// The crate's documentation, where the rule's static has the text of its page.
    fn help_uri(&self) -> Option<String> {
        let name = self.code.replace(['-', '.'], "_").to_uppercase();
        Some(format!(
            "https://docs.rs/letterhead-validator/{}/letterhead_validator/rules/{}/static.{name}.html",
            env!("CARGO_PKG_VERSION"),
            self.family.name()
        ))
    }

    fn family(&self) -> Option<&str> {
        Some(self.family.name())
    }
}

/// The documents without findings, then `3 errors, 1 warning in 2 documents`.
fn summary(reports: &[Report], out: &mut dyn Write) -> io::Result<()> {
    let (clean, faulty): (Vec<_>, Vec<_>) =
        reports.iter().partition(|report| report.findings.is_empty());
    for report in clean {
        let operations = count(report.document.operations().count(), "operation");
        writeln!(out, "{}: {operations}, clean", report.document.name())?;
    }
    if faulty.is_empty() {
        return further(reports, out);
    }
    let counts = [Severity::Error, Severity::Warning].map(|severity| {
        let findings = faulty.iter().flat_map(|report| &report.findings);
        let number = findings.filter(|finding| finding.severity == severity).count();
        (number > 0).then(|| count(number, severity.name()))
    });
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    let documents = match faulty.len() {
        some if some < reports.len() => format!("{some} of {}", count(reports.len(), "document")),
        all => count(all, "document"),
    };
    writeln!(out, "{} in {documents}", counts.join(", "))?;
    further(reports, out)
}
