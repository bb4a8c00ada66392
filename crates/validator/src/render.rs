//! Reports as text: for people and for programs.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::io::{self, Write};

use letterhead_diagnostics::{self as diagnostics, Format, Location, Look, Severity, Tool, count};
use letterhead_document::Span;

use crate::check::Report;
use crate::finding::Finding;
use crate::rule::Rule;
use crate::rules;

/// The program that everybody has: `cargo xtask validate-spec` does the same.
const PROGRAM: &str = "letterhead-lint";

/// What is shown of reports, and how.
#[derive(Clone, Copy, Debug, Default)]
pub struct View {
    /// The form.
    pub format: Format,
    /// How text for people looks.
    pub look: Look,
    /// How many findings are shown at most; all where it isn't said.
    pub most: Option<usize>,
    /// Whether findings are counted by their rules, and not shown.
    pub statistics: bool,
}

/// Writes what was found in all documents.
///
/// # Errors
/// What `out` can't take.
pub fn render(reports: &[Report], view: &View, out: &mut dyn Write) -> io::Result<()> {
    let tool = Tool {
        name: PROGRAM,
        package: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        rules: rules::all().map(|rule| rule as _).collect(),
    };
    let is_human = view.format == Format::Human;
    let most = if view.statistics && is_human { Some(0) } else { view.most };
    let all = reports.iter().flat_map(|report| {
        let findings = report.findings.iter();
        findings.map(|finding| finding.located(report))
    });
    let shown = all.take(most.unwrap_or(usize::MAX));
    diagnostics::write(&shown.collect::<Vec<_>>(), &tool, (view.format, view.look), out)?;
    if !is_human {
        return Ok(());
    }
    let count: usize = reports.iter().map(|report| report.findings.len()).sum();
    if most.is_some_and(|most| most < count) {
        statistics(reports, out)?;
        writeln!(out)?;
    }
    summary(reports, out)
}

/// How often each rule is broken, and in how many documents: the most frequent ones first.
fn statistics(reports: &[Report], out: &mut dyn Write) -> io::Result<()> {
    let mut counts: HashMap<(Severity, &Rule), (usize, usize)> = HashMap::new();
    for report in reports {
        let mut seen = HashSet::new();
        for finding in &report.findings {
            let of = (finding.severity, finding.rule);
            let (findings, documents) = counts.entry(of).or_default();
            *findings += 1;
            *documents += usize::from(seen.insert(of));
        }
    }
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_by_key(|((severity, rule), (findings, _))| {
        (Reverse(*severity), Reverse(*findings), rule.code)
    });
    for ((severity, rule), (findings, documents)) in rows {
        let documents = diagnostics::count(documents, "document");
        writeln!(out, "{findings:>7}  {}[{}] in {documents}", severity.name(), rule.code)?;
    }
    Ok(())
}

/// How many findings more there are where the documents are to become Rust.
fn further(reports: &[Report], out: &mut dyn Write) -> io::Result<()> {
    match reports.iter().map(|report| report.further).sum() {
        0 => Ok(()),
        some => writeln!(out, "{} with `--for rust`", count(some, "more finding")),
    }
}

impl Finding {
    /// The finding with the text of its file.
    pub(crate) fn located<'a>(&'a self, report: &'a Report) -> diagnostics::Finding<'a> {
        let location = |span: Span, label| {
            let file = report.document.file(span.start);
            Location::labelled(file.source, file.local(span), label)
        };
        let also = self.also.as_ref().map(|(span, label)| location(*span, label.as_str()));
        let operation = self.operation.as_deref().unwrap_or_default();
        let own = location(self.span, "").at(&self.pointer, operation);
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

    /// Its page up to the cases, and how to see it in a terminal.
    fn page(&self) -> Option<String> {
        let shown = self.page.split("```diff ").take(2).collect::<Vec<_>>().join("```diff ");
        let command = format!("`{PROGRAM} --explain {}` shows what is found in it.", self.code);
        Some(format!("{}\n\n{command}\n", shown.trim_end()))
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
