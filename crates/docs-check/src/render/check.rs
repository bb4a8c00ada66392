//! The result of a comparison as text.

use std::io::{self, Write};

use letterhead_diagnostics::{self as diagnostics, Format, Location, Look, count, human, one_line};
use serde_json::{Value, json};

use super::tool::tool;
use crate::compare::{Finding, Outcome, Quiet};
use crate::files::Folder;
use crate::rules;
use crate::spec::Documents;

/// How much of a comparison is written for people.
#[derive(Clone, Copy, Debug, Default)]
pub struct Extent {
    /// Whether to list the pages with operations outside the documents, and the operations without a page.
    pub coverage: bool,
    /// How many findings of each kind are shown; all where it is missing.
    pub max: Option<usize>,
}

/// Writes the findings, what was settled, and what lies outside the documents.
///
/// # Errors
/// What `out` can't take.
pub fn checked(
    (folder, documents, outcome): (&Folder, &Documents, &Outcome),
    (format, look): (Format, Look),
    extent: Extent,
    out: &mut dyn Write,
) -> io::Result<()> {
    let view = View { folder, documents, outcome };
    match format {
        Format::Human => view.human(look, extent, out),
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

/// A comparison with its sources.
pub(super) struct View<'a> {
    pub(super) folder: &'a Folder,
    pub(super) documents: &'a Documents,
    pub(super) outcome: &'a Outcome,
}

impl<'a> View<'a> {
    /// A finding with its sources: a stale decision is found in the document, all others on a page.
    pub(super) fn located(&self, finding: &'a Finding) -> diagnostics::Finding<'a> {
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

    fn human(&self, look: Look, extent: Extent, out: &mut dyn Write) -> io::Result<()> {
        let kinds = self.outcome.kinds();
        for (rule, findings) in &kinds {
            if kinds.len() > 1 {
                writeln!(out, "{}: {}\n", rule.code, count(findings.len(), "finding"))?;
            }
            let shown = extent.max.unwrap_or(findings.len());
            for finding in findings.iter().take(shown) {
                let mut located = self.located(finding);
                if !is_stale(finding) {
                    located.help = format!("{}\nkey: `{}`", finding.help, finding.key).into();
                }
                writeln!(out, "{}\n", human(&located, look))?;
            }
            if let more @ 1.. = findings.len().saturating_sub(shown) {
                writeln!(out, "{more} more; `--only {}` without `--max` shows them\n", rule.code)?;
            }
        }
        self.settled(out)?;
        self.coverage(extent.coverage, out)?;
        self.unread(extent.coverage, out)?;
        if kinds.len() > 1 {
            writeln!(out, "found:")?;
            for (rule, findings) in &kinds {
                writeln!(out, "  {:>4} {:<25} {}", findings.len(), rule.code, rule.summary)?;
            }
        }
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

    /// What decisions have settled: one line for each key, with the first place.
    fn settled(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut lines: Vec<(&Quiet, usize)> = Vec::new();
        for quiet in &self.outcome.settled {
            match lines.iter_mut().find(|(first, _)| first.settles == quiet.settles) {
                Some((_, number)) => *number += 1,
                None => lines.push((quiet, 1)),
            }
        }
        if !lines.is_empty() {
            writeln!(out, "settled by decisions of the documents:")?;
        }
        for (quiet, number) in lines {
            let (source, span) = match (quiet.finding.page, &quiet.finding.document) {
                (Some((page, span)), _) => (&self.folder.pages[page].source, span),
                (None, Some((spec, span, _))) => (self.documents.0[*spec].document.source(), *span),
                (None, None) => continue,
            };
            let place = source.place(span.start);
            let (line, column) = (place.line, place.column);
            let more = match number {
                1 => String::new(),
                number => format!(", {} more", number - 1),
            };
            let Quiet { decision, settles, .. } = quiet;
            writeln!(out, "  {}:{line}:{column}: {settles} ({decision}{more})", source.name())?;
        }
        Ok(())
    }

    /// The operations that no page here is about.
    fn unread(&self, all: bool, out: &mut dyn Write) -> io::Result<()> {
        for (index, described) in self.documents.0.iter().enumerate() {
            let own = self.outcome.unread.iter().filter(|unread| unread.document == index);
            let own: Vec<_> = own.collect();
            // A document that these folders have nothing about wasn't meant.
            if own.is_empty() || own.len() == described.document.operations().count() {
                continue;
            }
            writeln!(
                out,
                "no page here: for {} of {}{}",
                count(own.len(), "operation"),
                described.document.name(),
                if all { ":" } else { " (`--coverage` lists them)" }
            )?;
            for unread in own.iter().filter(|_| all) {
                writeln!(out, "  {}", unread.operation)?;
            }
        }
        Ok(())
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
            row["settles"] = json!(quiet.settles);
            Ok(row)
        });
        let coverage = self.outcome.coverage.iter().map(|page| {
            json!({
                "page": self.folder.pages[page.page].source.name(),
                "outside": page.outside,
                "inside": page.inside,
            })
        });
        let unread = self.outcome.unread.iter().map(|unread| {
            json!({
                "document": self.documents.0[unread.document].document.name(),
                "operation": unread.operation,
            })
        });
        let kinds = self.outcome.kinds().into_iter();
        let kinds: serde_json::Map<_, _> =
            kinds.map(|(rule, all)| (rule.code.to_owned(), json!(all.len()))).collect();
        let report = json!({
            "pages": self.folder.count,
            "compared": self.outcome.compared.len(),
            "facts": self.facts(),
            "kinds": kinds,
            "findings": findings.collect::<io::Result<Vec<Value>>>()?,
            "settled": settled.collect::<io::Result<Vec<Value>>>()?,
            "coverage": coverage.collect::<Vec<Value>>(),
            "unread": unread.collect::<Vec<Value>>(),
        });
        serde_json::to_writer_pretty(&mut *out, &report)?;
        writeln!(out)
    }

    fn row(&self, finding: &'a Finding) -> io::Result<Value> {
        let mut row = serde_json::to_value(self.located(finding))?;
        row["key"] = json!(finding.key);
        Ok(row)
    }

    pub(super) fn facts(&self) -> usize {
        self.folder.pages.iter().map(|page| page.facts.len()).sum()
    }
}

pub(super) fn is_stale(finding: &Finding) -> bool {
    finding.rule == &rules::STALE_DECISION
}
