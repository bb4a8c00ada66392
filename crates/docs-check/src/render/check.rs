//! What a comparison came to.

use std::io::{self, Write};

use annotate_snippets::Level;
use serde_json::{Value, json};

use super::excerpt::{self, Shown};
use super::{Format, Look, count, github};
use crate::compare::{Finding, Outcome};
use crate::files::Folder;
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
    let view = View {
        folder,
        documents,
        outcome,
    };
    match format {
        Format::Human => view.human(look, coverage, out),
        Format::Json => view.json(out),
        Format::Github => view.github(out),
    }
}

struct View<'a> {
    folder: &'a Folder,
    documents: &'a Documents,
    outcome: &'a Outcome,
}

impl View<'_> {
    /// The places of a finding: a stale decision is found in the document, all others on a page.
    fn places(&self, finding: &Finding, width: usize) -> Vec<Shown<'_>> {
        let page = finding.page.map(|(page, span)| {
            let source = &self.folder.pages[page].source;
            Shown::of_page(source, span, "", width)
        });
        let also = finding
            .page
            .zip(finding.also.as_ref())
            .map(|((page, _), (span, label))| {
                Shown::of_page(&self.folder.pages[page].source, *span, label, width)
            });
        let document = finding.document.as_ref().map(|(spec, span, label)| {
            Shown::of_document(&self.documents.0[*spec], *span, label, width)
        });
        if finding.code == "stale-decision" {
            return document.into_iter().collect();
        }
        page.into_iter().chain(also).chain(document).collect()
    }

    fn human(&self, look: Look, coverage: bool, out: &mut dyn Write) -> io::Result<()> {
        for finding in &self.outcome.findings {
            let places = self.places(finding, look.width);
            let title = (Level::ERROR, finding.code, finding.message.as_str());
            let help = format!("{}\nkey: `{}`", finding.help, finding.key);
            let help = if finding.code == "stale-decision" {
                &finding.help
            } else {
                &help
            };
            writeln!(out, "{}\n", excerpt::finding(title, &places, help, look))?;
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
        let facts: usize = self.folder.pages.iter().map(|page| page.facts.len()).sum();
        writeln!(
            out,
            "{} read, {} of them about the documents; {}; {} settled; {}",
            count(self.folder.count, "page"),
            self.outcome.compared.len(),
            count(facts, "fact"),
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
            if all {
                ":"
            } else {
                " (`--coverage` lists them)"
            }
        )?;
        for page in list.iter().filter(|_| all) {
            let inside = match page.inside {
                0 => String::new(),
                number => format!(", {number} of the documents"),
            };
            let name = self.folder.pages[page.page].source.name();
            writeln!(
                out,
                "  {name}: {}{inside}",
                count(page.outside, "operation")
            )?;
        }
        Ok(())
    }

    fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        let row = |finding: &Finding| {
            let mut row = json!({
                "code": finding.code,
                "key": finding.key,
                "message": finding.message,
                "help": finding.help,
            });
            if let Some((page, span)) = finding.page {
                let source = &self.folder.pages[page].source;
                let place = source.place(span.start);
                row["page"] = json!(source.name());
                row["line"] = json!(place.line);
                row["column"] = json!(place.column);
                if let Some((span, message)) = &finding.also {
                    let place = source.place(span.start);
                    row["also"] =
                        json!({"line": place.line, "column": place.column, "message": message});
                }
            }
            if let Some((spec, span, _)) = &finding.document {
                let document = &self.documents.0[*spec];
                let place = document.place(span.start);
                row["document"] =
                    json!({"file": document.name(), "line": place.line, "column": place.column});
            }
            row
        };
        let settled = self.outcome.settled.iter().map(|quiet| {
            let mut row = row(&quiet.finding);
            row["decision"] = json!(quiet.decision);
            row
        });
        let coverage = self.outcome.coverage.iter().map(|page| {
            json!({
                "page": self.folder.pages[page.page].source.name(),
                "outside": page.outside,
                "inside": page.inside,
            })
        });
        let facts: usize = self.folder.pages.iter().map(|page| page.facts.len()).sum();
        let report = json!({
            "pages": self.folder.count,
            "compared": self.outcome.compared.len(),
            "facts": facts,
            "findings": self.outcome.findings.iter().map(row).collect::<Vec<_>>(),
            "settled": settled.collect::<Vec<Value>>(),
            "coverage": coverage.collect::<Vec<Value>>(),
        });
        serde_json::to_writer_pretty(&mut *out, &report)?;
        writeln!(out)
    }

    fn github(&self, out: &mut dyn Write) -> io::Result<()> {
        for finding in &self.outcome.findings {
            let places = self.places(finding, 120);
            // The document is what a pull request can change.
            let Some(first) = places.last() else {
                continue;
            };
            let others = places.iter().rev().skip(1);
            let others: Vec<String> = others
                .map(|place| format!("{}:{}", place.name, place.place.line))
                .collect();
            let mut message = finding.message.clone();
            if !others.is_empty() {
                message = format!("{message}\nsee {}", others.join(", "));
            }
            let message = format!("{message}\nhelp: {}", finding.help);
            github::command(
                out,
                "error",
                (first.name, first.place),
                finding.code,
                &message,
            )?;
        }
        Ok(())
    }
}
