//! What changed since the lock.

use std::io::{self, Write};

use letterhead_diagnostics::{
    self as diagnostics, Format, Location, Look, Severity, count, human, one_line,
};
use letterhead_document::{Source, Span};
use serde_json::{Value, json};

use super::check::Extent;
use super::tool::tool;
use crate::diff::{Change, Changes};
use crate::files::Folder;
use crate::rules;
use crate::spec::Documents;

const NEXT: &str = "change the document or settle it there, `cargo xtask docs check`, then `cargo xtask docs lock`";

/// Writes what changed since `locked`, the text of the lock, was written.
///
/// # Errors
/// What `out` can't take.
pub fn changed(
    (folder, documents, changes): (&Folder, &Documents, &Changes),
    locked: &Source,
    (format, look): (Format, Look),
    extent: Extent,
    out: &mut dyn Write,
) -> io::Result<()> {
    let located = |change| located(change, folder, documents);
    match format {
        Format::Human => {
            let shown = extent.max.unwrap_or(changes.facts.len());
            for change in changes.facts.iter().take(shown) {
                let mut finding = located(change);
                if let Some(line) = change.locked {
                    finding.help = format!("before: {}:{line}\n{NEXT}", locked.name()).into();
                }
                writeln!(out, "{}\n", human(&finding, look))?;
            }
            if let more @ 1.. = changes.facts.len().saturating_sub(shown) {
                writeln!(out, "{more} more without `--max`\n")?;
            }
            summary(folder, changes, out)
        }
        Format::Json => {
            let rows = changes.facts.iter().map(|change| {
                let mut row = serde_json::to_value(located(change))?;
                row["path"] = json!(change.path);
                if let Some(line) = change.locked {
                    row["locked"] = json!({"file": locked.name(), "line": line});
                }
                Ok(row)
            });
            let moved = changes.moved.iter().map(|(from, to)| json!({"from": from, "to": to}));
            let report = json!({
                "facts": rows.collect::<io::Result<Vec<Value>>>()?,
                "wording": changes.wording,
                "moved": moved.collect::<Vec<_>>(),
                "new": changes.new,
                "absent": changes.absent,
            });
            serde_json::to_writer_pretty(&mut *out, &report)?;
            writeln!(out)
        }
        // The document is what a pull request can change, or else the lock.
        Format::Sarif | Format::Github => {
            let findings = changes.facts.iter().map(|change| {
                let mut finding = located(change);
                if change.document.is_none() {
                    let line = line(locked, change.locked.unwrap_or(1));
                    finding.locations.push(Location::new(locked, line));
                }
                finding.locations.reverse();
                finding
            });
            let findings: Vec<_> = findings.collect();
            diagnostics::write(&findings, &tool(), (format, look), out)
        }
    }
}

/// A change with its sources: the page, and the document that was written from it.
pub(super) fn located<'a>(
    change: &'a Change,
    folder: &'a Folder,
    documents: &'a Documents,
) -> diagnostics::Finding<'a> {
    let page = change.page.map(|(page, span)| Location::new(&folder.pages[page].source, span));
    let document = change.document.map(|(spec, span)| {
        let source = documents.0[spec].document.source();
        Location::labelled(source, span, "written from this page")
    });
    diagnostics::Finding {
        rule: &rules::FACT_CHANGED,
        severity: Severity::Error,
        message: one_line(change.message.clone()).into(),
        help: NEXT.into(),
        locations: page.into_iter().chain(document).collect(),
    }
}

/// The line with this number.
fn line(source: &Source, number: usize) -> Span {
    let text = source.text();
    let start: usize =
        text.split_inclusive('\n').take(number.saturating_sub(1)).map(str::len).sum();
    source.line(u32::try_from(start).unwrap_or(u32::MAX))
}

fn summary(folder: &Folder, changes: &Changes, out: &mut dyn Write) -> io::Result<()> {
    for (from, to) in &changes.moved {
        writeln!(out, "moved: {from} is {to} now")?;
    }
    for path in &changes.wording {
        writeln!(out, "wording only: {path}")?;
    }
    for path in &changes.new {
        writeln!(out, "not locked yet: {path} is a page of the documents")?;
    }
    for path in &changes.absent {
        writeln!(out, "not in these folders: {path}, as no page of its vendor is")?;
    }
    let facts = match changes.facts.len() {
        0 => "no fact changed".to_owned(),
        number => format!("{} changed", count(number, "fact")),
    };
    writeln!(
        out,
        "{} read; {facts}; the wording alone of {}; {} moved",
        count(folder.count, "page"),
        count(changes.wording.len(), "page"),
        changes.moved.len()
    )
}
