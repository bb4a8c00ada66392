//! The result of a comparison as text.

use std::io::{self, Write};

use letterhead_diagnostics::{self as diagnostics, Format, Location, Look, count, human, one_line};
use serde_json::{Value, json};

use super::tool::tool;
use crate::compare::{Finding, Outcome};
use crate::files::Folder;
use crate::rules;
use crate::spec::Documents;

/// Writes the findings, what was settled, and what lies outside the documents: each page of it where
/// `coverage` is asked for.
///
/// # Errors
/// What `out` can't take.
pub fn checked(
    (folder, documents, outcome): (&Folder, &Documents, &Outcome),
    (format, look): (Format, Look),
    coverage: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let view = View { folder, documents, outcome };
    match format {
        Format::Human => view.human(look, coverage, out),
        Format::Json => view.json(out),
        // The document is what a pull request can change.
        Format::Sarif | Format::Github => {
            let findings = outcome.findings.iter().map(|finding| {
                let mut finding = view.located(finding);
                finding.locations.reverse();
                finding
            });
            let findings: Vec<_> = findings.collect();
            diagnostics::write(&findings, &tool(), (format, look), out)
        }
    }
}

struct View<'a> {
    folder: &'a Folder,
    documents: &'a Documents,
    outcome: &'a Outcome,
}

impl<'a> View<'a> {
    /// A finding with its sources: a stale decision is found in the document, all others on a page.
    fn located(&self, finding: &'a Finding) -> diagnostics::Finding<'a> {
        let page = finding.page.filter(|_| !is_stale(finding));
        let page = page.map(|(page, span)| (&self.folder.pages[page].source, span));
        let own = page.map(|(source, span)| Location::new(source, span));
        let also = page.zip(finding.also.as_ref());
        let also =
            also.map(|((source, _), (span, label))| Location::labelled(source, *span, label));
        let document = finding.document.as_ref().map(|(spec, span, label)| {
            Location::labelled(self.documents.0[*spec].document.source(), *span, label)
        });
        diagnostics::Finding {
            rule: finding.rule,
            severity: diagnostics::Severity::Error,
            message: one_line(finding.message.clone()).into(),
            help: finding.help.as_str().into(),
            locations: own.into_iter().chain(also).chain(document).collect(),
        }
    }

    fn human(&self, look: Look, coverage: bool, out: &mut dyn Write) -> io::Result<()> {
        for finding in &self.outcome.findings {
            let mut located = self.located(finding);
            if !is_stale(finding) {
                located.help = format!("{}\nkey: `{}`", finding.help, finding.key).into();
            }
            writeln!(out, "{}\n", human(&located, look))?;
        }
        if !self.outcome.settled.is_empty() {
            writeln!(out, "settled by decisions of the documents:")?;
            for quiet in &self.outcome.settled {
                let (page, span) = quiet.finding.page.unwrap_or_default();
                let source = &self.folder.pages[page].source;
                let place = source.place(span.start);
                writeln!(
                    out,
                    "  {}:{}:{}: {} ({})",
                    source.name(),
                    place.line,
                    place.column,
                    quiet.finding.key,
                    quiet.decision
                )?;
            }
        }
        self.coverage(coverage, out)?;
        writeln!(
            out,
            "{} read, {} of them about the documents; {}; {} settled; {}",
            count(self.folder.count, "page"),
            self.outcome.compared.len(),
            count(self.facts(), "fact"),
            count(self.outcome.settled.len(), "contradiction"),
            match self.outcome.findings.len() {
                0 => "clean".to_owned(),
                number => count(number, "finding"),
            }
        )
    }

    fn coverage(&self, all: bool, out: &mut dyn Write) -> io::Result<()> {
        let list = &self.outcome.coverage;
        if list.is_empty() {
            return Ok(());
        }
        let operations: usize = list.iter().map(|page| page.outside).sum();
        writeln!(
            out,
            "outside the documents: {} on {}{}",
            count(operations, "operation"),
            count(list.len(), "page"),
            if all { ":" } else { " (`--coverage` lists them)" }
        )?;
        for page in list.iter().filter(|_| all) {
            let inside = match page.inside {
                0 => String::new(),
                number => format!(", {number} of the documents"),
            };
            let name = self.folder.pages[page.page].source.name();
            writeln!(out, "  {name}: {}{inside}", count(page.outside, "operation"))?;
        }
        Ok(())
    }

    fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        let findings = self.outcome.findings.iter().map(|finding| self.row(finding));
        let settled = self.outcome.settled.iter().map(|quiet| {
            let mut row = self.row(&quiet.finding)?;
            row["decision"] = json!(quiet.decision);
            Ok(row)
        });
        let coverage = self.outcome.coverage.iter().map(|page| {
            json!({
                "page": self.folder.pages[page.page].source.name(),
                "outside": page.outside,
                "inside": page.inside,
            })
        });
        let report = json!({
            "pages": self.folder.count,
            "compared": self.outcome.compared.len(),
            "facts": self.facts(),
            "findings": findings.collect::<io::Result<Vec<Value>>>()?,
            "settled": settled.collect::<io::Result<Vec<Value>>>()?,
            "coverage": coverage.collect::<Vec<Value>>(),
        });
        serde_json::to_writer_pretty(&mut *out, &report)?;
        writeln!(out)
    }

    fn row(&self, finding: &'a Finding) -> io::Result<Value> {
        let mut row = serde_json::to_value(self.located(finding))?;
        row["key"] = json!(finding.key);
        Ok(row)
    }

    fn facts(&self) -> usize {
        self.folder.pages.iter().map(|page| page.facts.len()).sum()
    }
}

fn is_stale(finding: &Finding) -> bool {
    finding.rule == &rules::STALE_DECISION
}
