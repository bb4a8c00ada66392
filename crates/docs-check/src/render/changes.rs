//! What changed since the lock.

use std::io::{self, Write};

use annotate_snippets::Level;
use letterhead_document::Place;
use serde_json::{Value, json};

use super::excerpt::{self, Shown};
use super::{Format, Look, count, github};
use crate::diff::{Change, Changes};
use crate::files::Folder;
use crate::spec::Documents;

const NEXT: &str = "change the document or settle it there, `cargo xtask docs check`, then `cargo xtask docs lock`";

/// Writes what changed; `lock_name` is how messages call the lock.
///
/// # Errors
/// What `out` can't take.
pub fn changed(
    (folder, documents, changes): (&Folder, &Documents, &Changes),
    lock_name: &str,
    (format, look): (Format, Look),
    out: &mut dyn Write,
) -> io::Result<()> {
    let places = |change: &Change| {
        let page = change
            .page
            .map(|(page, span)| Shown::of_page(&folder.pages[page].source, span, "", look.width));
        let document = change.document.map(|(spec, span)| {
            let document = &documents.0[spec];
            Shown::of_document(document, span, "written from this page", look.width)
        });
        (page, document)
    };
    match format {
        Format::Human => {
            for change in &changes.facts {
                let (page, document) = places(change);
                let shown: Vec<Shown<'_>> = page.into_iter().chain(document).collect();
                let before = change
                    .locked
                    .map(|line| format!("before: {lock_name}:{line}\n"));
                let help = before.unwrap_or_default() + NEXT;
                let title = (Level::ERROR, "fact-changed", change.message.as_str());
                writeln!(out, "{}\n", excerpt::finding(title, &shown, &help, look))?;
            }
            summary(folder, changes, out)
        }
        Format::Json => {
            let rows: Vec<Value> = changes
                .facts
                .iter()
                .map(|change| row(change, places(change), lock_name))
                .collect();
            let moved = changes
                .moved
                .iter()
                .map(|(from, to)| json!({"from": from, "to": to}));
            let report = json!({
                "facts": rows,
                "wording": changes.wording,
                "moved": moved.collect::<Vec<_>>(),
                "new": changes.new,
                "absent": changes.absent,
            });
            serde_json::to_writer_pretty(&mut *out, &report)?;
            writeln!(out)
        }
        Format::Github => {
            for change in &changes.facts {
                let (page, document) = places(change);
                let page = page.map(|page| format!("\nsee {}:{}", page.name, page.place.line));
                let message = format!(
                    "{}{}\nhelp: {NEXT}",
                    change.message,
                    page.unwrap_or_default()
                );
                let start = Place {
                    line: change.locked.unwrap_or(1),
                    column: 1,
                };
                let at = document.as_ref().map_or((lock_name, start), |document| {
                    (document.name, document.place)
                });
                github::command(out, "error", at, "fact-changed", &message)?;
            }
            Ok(())
        }
    }
}

fn row(
    change: &Change,
    (page, document): (Option<Shown<'_>>, Option<Shown<'_>>),
    lock_name: &str,
) -> Value {
    let place = |shown: Shown<'_>| json!({"file": shown.name, "line": shown.place.line, "column": shown.place.column});
    let mut row = json!({"code": "fact-changed", "message": change.message, "path": change.path, "help": NEXT});
    if let Some(page) = page {
        row["page"] = json!(page.name);
        row["line"] = json!(page.place.line);
        row["column"] = json!(page.place.column);
    }
    if let Some(line) = change.locked {
        row["locked"] = json!({"file": lock_name, "line": line});
    }
    if let Some(document) = document {
        row["document"] = place(document);
    }
    row
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
        writeln!(
            out,
            "not in these folders: {path}, as no page of its vendor is"
        )?;
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
