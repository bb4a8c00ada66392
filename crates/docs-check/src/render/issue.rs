//! The body of an issue: Markdown that a cron job files.

use std::fmt::Write as _;
use std::io::{self, Write};

use letterhead_diagnostics::{Location, count, one_line};
use letterhead_document::Source;

use super::changes::located;
use super::check::{Extent, View};
use super::excerpt::excerpt;
use crate::compare::Outcome;
use crate::diff::Changes;
use crate::files::Folder;
use crate::spec::Documents;

/// GitHub takes no more than 65,536 characters.
const LONGEST: usize = 60_000;

/// Writes the findings as the body of an issue.
///
/// # Errors
/// What `out` can't take.
pub fn findings_issue(
    (folder, documents, outcome): (&Folder, &Documents, &Outcome),
    extent: Extent,
    out: &mut dyn Write,
) -> io::Result<()> {
    let view = View { folder, documents, outcome };
    let mut body = Body::default();
    body.add(&format!(
        "{} in {}; {} settled; {} read, {} of them about the documents.\n",
        count(outcome.findings.len(), "finding"),
        count(outcome.kinds().len(), "kind"),
        count(outcome.settled.len(), "contradiction"),
        count(folder.count, "page"),
        outcome.compared.len(),
    ));
    if !outcome.findings.is_empty() {
        body.add("| findings | kind | what should hold |\n|---:|---|---|");
        for (rule, findings) in outcome.kinds() {
            let (number, code) = (findings.len(), rule.code);
            body.add(&format!("| {number} | `{code}` | {} |", rule.summary));
        }
    }
    for (rule, findings) in outcome.kinds() {
        body.add(&format!("\n## `{}`: {}", rule.code, count(findings.len(), "finding")));
        let shown = extent.max.unwrap_or(findings.len());
        for finding in findings.iter().take(shown) {
            let located = view.located(finding);
            body.item(
                &located.message,
                &located.locations,
                &format!("key: {}", code(&finding.key)),
            );
        }
        if let more @ 1.. = findings.len().saturating_sub(shown) {
            body.add(&format!("\n{more} more of this kind."));
        }
    }
    body.write(out)
}

/// Writes what changed since the lock as the body of an issue.
///
/// # Errors
/// What `out` can't take.
pub fn changes_issue(
    (folder, documents, changes): (&Folder, &Documents, &Changes),
    locked: &Source,
    extent: Extent,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut body = Body::default();
    body.add(&format!(
        "{} changed; the wording alone of {}; {} moved; {} read.",
        count(changes.facts.len(), "fact"),
        count(changes.wording.len(), "page"),
        count(changes.moved.len(), "page"),
        count(folder.count, "page"),
    ));
    let shown = extent.max.unwrap_or(changes.facts.len());
    for change in changes.facts.iter().take(shown) {
        let finding = located(change, folder, documents);
        let before = change.locked.map_or_else(String::new, |line| {
            format!("before: {}", code(&format!("{}:{line}", locked.name())))
        });
        body.item(&finding.message, &finding.locations, &before);
    }
    if let more @ 1.. = changes.facts.len().saturating_sub(shown) {
        body.add(&format!("\n{more} more."));
    }
    for (from, to) in &changes.moved {
        body.add(&format!("\nmoved: {} is {} now", code(from), code(to)));
    }
    body.write(out)
}

#[derive(Default)]
struct Body {
    text: String,
    /// How many pieces found no room.
    left_out: usize,
}

impl Body {
    /// Adds a piece, whole or not at all.
    fn add(&mut self, piece: &str) {
        if self.left_out > 0 || self.text.len() + piece.len() > LONGEST {
            self.left_out += 1;
            return;
        }
        let _ = writeln!(self.text, "{piece}");
    }

    fn item(&mut self, message: &str, locations: &[Location<'_>], last: &str) {
        let mut item = format!("\n- [ ] {}\n", plain(message));
        for location in locations {
            let place = location.start();
            let at = format!("{}:{}:{}", location.source.name(), place.line, place.column);
            let label = if location.label.is_empty() { "page" } else { location.label };
            let shown = excerpt(location, 0);
            let line = format!("{}{}{}", shown.before, shown.mark, shown.after);
            let line = code(line.trim());
            let _ = writeln!(item, "  - {}: {}: {line}", plain(label), code(&at));
        }
        if !last.is_empty() {
            let _ = writeln!(item, "  - {last}");
        }
        self.add(item.trim_end());
    }

    fn write(self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(self.text.as_bytes())?;
        match self.left_out {
            0 => Ok(()),
            number => writeln!(out, "\n{number} more found no room here."),
        }
    }
}

/// Text on one line as code, whatever backticks are in it.
fn code(text: &str) -> String {
    let text = one_line(text.to_owned());
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let space = if longest > 0 { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// A message whose parts in backticks stay code; outside of them nothing becomes markup.
fn plain(message: &str) -> String {
    let mut text = String::new();
    for (index, part) in one_line(message.to_owned()).split('`').enumerate() {
        if index > 0 {
            text.push('`');
        }
        for c in part.chars() {
            if index % 2 == 0
                && matches!(c, '<' | '>' | '*' | '_' | '[' | ']' | '@' | '#' | '|' | '\\')
            {
                text.push('\\');
            }
            text.push(c);
        }
    }
    text
}
