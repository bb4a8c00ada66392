//! All facts, so that a maintainer sees what was understood.

use std::io::{self, Write};

use serde::Serialize;

use super::{Format, count};
use crate::fact::{Fact, Kind, Page};
use crate::files::Folder;

#[derive(Serialize)]
struct Row<'a> {
    page: &'a str,
    line: usize,
    column: usize,
    #[serde(flatten)]
    kind: &'a Kind,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    operations: Vec<String>,
}

/// Writes all facts of all pages, in their order.
///
/// # Errors
/// What `out` can't take.
pub fn facts(folder: &Folder, format: Format, out: &mut dyn Write) -> io::Result<()> {
    if format == Format::Json {
        let rows = folder.pages.iter().flat_map(|page| {
            page.facts.iter().map(|fact| {
                let place = page.source.place(fact.span.start);
                Row {
                    page: page.source.name(),
                    line: place.line,
                    column: place.column,
                    kind: &fact.kind,
                    operations: about(page, fact),
                }
            })
        });
        // One object a line: as easy to read as to search.
        write!(out, "[")?;
        for (index, row) in rows.enumerate() {
            write!(out, "{}", if index == 0 { "\n  " } else { ",\n  " })?;
            serde_json::to_writer(&mut *out, &row)?;
        }
        return writeln!(out, "\n]");
    }
    let mut total = 0;
    for page in &folder.pages {
        writeln!(out, "{}", page.source.name())?;
        for fact in &page.facts {
            let place = page.source.place(fact.span.start);
            let at = format!("{}:{}", place.line, place.column);
            writeln!(out, "  {at:>8}  {}", fact.kind.words())?;
        }
        total += page.facts.len();
        writeln!(out)?;
    }
    let pages = count(folder.pages.len(), "page");
    writeln!(
        out,
        "{} on {pages}, {} read",
        count(total, "fact"),
        folder.count
    )
}

/// The operations that a fact is about.
fn about(page: &Page, fact: &Fact) -> Vec<String> {
    if matches!(fact.kind, Kind::Operation { .. }) || fact.group == 0 {
        return Vec::new();
    }
    let own = page
        .operations()
        .filter(|(.., operation)| operation.group == fact.group);
    own.map(|(method, path, _)| format!("{method} {path}"))
        .collect()
}

impl Kind {
    /// The fact as a line.
    fn words(&self) -> String {
        let note = |of_type: &Option<String>, required: &Option<bool>| {
            let of_type = of_type
                .as_ref()
                .map(|name| format!(": {name}"))
                .unwrap_or_default();
            let required = match required {
                Some(true) => ", required",
                Some(false) => ", optional",
                None => "",
            };
            of_type + required
        };
        match self {
            Self::Title { title } => format!("title            {title}"),
            Self::Date { date } => format!("date             {date}"),
            Self::Cloud { cloud } => format!("cloud            {}", cloud.name()),
            Self::Operation {
                method,
                path,
                server,
                shown,
            } => {
                let server = server.as_deref().unwrap_or_default();
                format!(
                    "operation        {method} {server}{path} ({})",
                    shown.name()
                )
            }
            Self::Parameter {
                place,
                name,
                of_type,
                required,
            } => format!(
                "{:<6} parameter {name}{}",
                place.name(),
                note(of_type, required)
            ),
            Self::Header { side, name } => format!("{:<8} header  {name}", side.name()),
            Self::Member {
                side,
                name,
                of_type,
                required,
                ..
            } => format!(
                "{:<8} member  {name}{}",
                side.name(),
                note(of_type, required)
            ),
            Self::EnumValue { name, value } => format!("enum value       {name}: {value}"),
            Self::Sample { side, status, json } => {
                let status = status
                    .map(|status| format!(" {status}"))
                    .unwrap_or_default();
                let members = json.leaves().len();
                format!(
                    "{:<8} sample {status} {}",
                    side.name(),
                    count(members, "value")
                )
            }
            Self::NoBody { side } => format!("{:<8} body    none", side.name()),
            Self::Status { status } => format!("status           {status}"),
            Self::Repair { repair, side } => {
                format!("{:<8} repair  {}", side.name(), repair.name())
            }
            Self::Unreadable { side, reason } => {
                format!("{:<8} sample  unreadable: {reason}", side.name())
            }
        }
    }
}
