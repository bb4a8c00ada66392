//! All facts, so that a maintainer sees what was understood.

use std::collections::HashMap;
use std::io::{self, Write};

use comfy_table::{CellAlignment, ColumnConstraint, Table, Width, presets};
use letterhead_diagnostics::{Format, count};
use serde::Serialize;

use crate::fact::{Fact, Kind, Page, Side, credential, inside};
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
    let pages = || folder.pages.iter().filter(|page| page.is_about_api());
    if format == Format::Json {
        let rows = pages().flat_map(|page| {
            let called = Called::of(page);
            page.facts.iter().map(move |fact| {
                let place = page.source.place(fact.span.start);
                Row {
                    page: page.source.name(),
                    line: place.line,
                    column: place.column,
                    kind: &fact.kind,
                    operations: called.about(fact).to_vec(),
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
    for page in pages() {
        writeln!(out, "{}", page.source.name())?;
        if !page.facts.is_empty() {
            writeln!(out, "{}", table(page).trim_fmt())?;
        }
        total += page.facts.len();
        writeln!(out)?;
    }
    let pages = count(pages().count(), "page");
    writeln!(out, "{} on {pages}, {} read", count(total, "fact"), folder.count)
}

/// The facts of a page: the place, the kind and the text of each.
fn table(page: &Page) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    for fact in &page.facts {
        let place = page.source.place(fact.span.start);
        let (noun, text) = fact.kind.words();
        table.add_row([format!("{}:{}", place.line, place.column), noun, text]);
    }
    // The same on every page.
    for (column, (width, padding)) in [(8, (2, 2)), (16, (0, 1)), (0, (0, 0))].iter().enumerate() {
        if let Some(column) = table.column_mut(column) {
            let width = width + padding.0 + padding.1;
            column.set_padding(*padding);
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(width)));
        }
    }
    if let Some(column) = table.column_mut(0) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// What the operations of each group of a page are called.
pub(super) struct Called(HashMap<usize, Vec<String>>);

impl Called {
    pub(super) fn of(page: &Page) -> Self {
        let mut called: HashMap<usize, Vec<String>> = HashMap::new();
        for (method, path, fact) in page.operations() {
            called.entry(fact.group).or_default().push(format!("{method} {path}"));
        }
        Self(called)
    }

    /// The operations that a fact is about.
    pub(super) fn about(&self, fact: &Fact) -> &[String] {
        let is_one = matches!(fact.kind, Kind::Operation { .. }) || fact.group == 0;
        self.0.get(&fact.group).filter(|_| !is_one).map(Vec::as_slice).unwrap_or_default()
    }
}

impl Kind {
    /// Its kind and its text.
    pub(super) fn words(&self) -> (String, String) {
        let note = |of_type: &Option<String>, required: &Option<bool>| {
            let of_type = of_type.as_ref().map(|name| format!(": {name}")).unwrap_or_default();
            let required = match required {
                Some(true) => ", required",
                Some(false) => ", optional",
                None => "",
            };
            of_type + required
        };
        let of_side = |side: &Side, noun| format!("{:<8} {noun}", side.name());
        match self {
            Self::Title { title } => ("title".to_owned(), title.clone()),
            Self::Date { date } => ("date".to_owned(), date.clone()),
            Self::Cloud { cloud, offered } => {
                let noun = if *offered { "cloud" } else { "no cloud" };
                (noun.to_owned(), cloud.clone())
            }
            Self::Operation { method, path, server, shown } => {
                let server = server.as_deref().unwrap_or_default();
                let text = format!("{method} {server}{path} ({})", shown.name());
                ("operation".to_owned(), text)
            }
            Self::Parameter { place, name, of_type, required } => (
                format!("{:<6} parameter", place.name()),
                format!("{name}{}", note(of_type, required)),
            ),
            Self::Header { side, name } => (of_side(side, "header"), name.clone()),
            Self::Member { side, name, of_type, required, parent, .. } => {
                let path = inside(parent.as_deref(), name);
                (of_side(side, "member"), format!("{path}{}", note(of_type, required)))
            }
            Self::Property { schema, name, of_type, required, read_only } => {
                let read_only = if *read_only { ", read-only" } else { "" };
                let text = format!("{schema}.{name}{}{read_only}", note(of_type, required));
                ("property".to_owned(), text)
            }
            Self::Credential { app, user } => {
                ("credential".to_owned(), credential(*app, *user).to_owned())
            }
            Self::QueryValue { name, key, value } => {
                let key = key.as_ref().map(|key| format!(".{key}")).unwrap_or_default();
                let value = value.as_ref().map(|value| format!(": {value}")).unwrap_or_default();
                ("query value".to_owned(), format!("{name}{key}{value}"))
            }
            Self::EnumValue { name, value } => {
                ("enum value".to_owned(), format!("{name}: {value}"))
            }
            Self::Sample { side, status, error, json } => {
                let members = count(json.leaves().len(), "value");
                let members = if *error { format!("{members} of an error") } else { members };
                let text = match status {
                    Some(status) => format!("{status} {members}"),
                    None => members,
                };
                (of_side(side, "sample"), text)
            }
            Self::NoBody { side } => (of_side(side, "body"), "none".to_owned()),
            Self::Status { status } => ("status".to_owned(), status.to_string()),
            Self::Repair { repair, side } => (of_side(side, "repair"), repair.name().to_owned()),
            Self::Unreadable { side: Some(side), reason } => {
                (of_side(side, "sample"), format!("unreadable: {reason}"))
            }
            Self::Unreadable { side: None, reason } => {
                ("table".to_owned(), format!("unreadable: {reason}"))
            }
            Self::Misplaced { side } => {
                let other = if *side == Side::Request { "response" } else { "request" };
                (of_side(side, "sample"), format!("where a {other} should be"))
            }
        }
    }
}
