//! `letterhead matrix`: members by targets, with what is equal folded.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::ValueEnum;
use comfy_table::{ContentArrangement, Table, presets};
use letterhead_diagnostics::count;
use serde_json::Value;

use crate::company;
use crate::connect::Session;
use crate::exit::Exit;
use crate::mapping::is_impersonal;
use crate::output::Output;
use crate::select::{Selected, select};
use crate::target::Snapshot;
use crate::value::is_none;
use crate::vendors::Vendors;
use crate::{page, reading, shown};

/// How many targets are named where several are alike.
const NAMED: usize = 3;

/// Show which target has what: members by targets, with equal ones folded
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The company file, which names the targets
    #[arg(default_value = "company.yaml")]
    file: PathBuf,
    /// How the matrix is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum Format {
    #[default]
    Human,
    Html,
}

/// What a target has of a member.
#[derive(Clone, Debug, PartialEq)]
struct Cell {
    value: String,
    /// Whether it may say something about a person.
    is_personal: bool,
    /// Whether something else is wanted.
    is_odd: bool,
}

impl Cell {
    fn shown<'c>(&'c self, output: &Output) -> &'c str {
        if self.is_personal { output.personal(&self.value) } else { &self.value }
    }
}

/// Targets that have the same of every member.
struct Column {
    targets: Vec<String>,
    cells: BTreeMap<String, Cell>,
}

pub(crate) async fn run(
    arguments: Arguments,
    session: Session,
    output: &mut Output,
) -> anyhow::Result<Exit> {
    let file = company::read(&arguments.file, output)?;
    let vendors = Vendors::new(&session);
    let selected = select(&file, &vendors, output).await?;
    let make = |selected: &Selected, snapshot: Snapshot| cells(selected, &snapshot);
    let read = reading::each(&selected, &vendors, output, make).await;
    let mut columns: Vec<Column> = Vec::new();
    for (selected, cells) in selected.iter().zip(read) {
        let name = selected.target.shown(output.masks());
        let cells = cells.map_err(|error| error.context(format!("`{name}` couldn't be read")))?;
        match columns.iter_mut().find(|column| column.cells == cells) {
            Some(column) => column.targets.push(name),
            None => columns.push(Column { targets: vec![name], cells }),
        }
    }
    match arguments.format {
        Format::Human => human(&columns, output)?,
        Format::Html => html(&columns, output)?,
    }
    Ok(Exit::Done)
}

fn cells(selected: &Selected, snapshot: &Snapshot) -> BTreeMap<String, Cell> {
    let cells = selected.target.shape().cells(&snapshot.document, &selected.wanted).into_iter();
    let cells = cells.filter(|cell| !is_none(&cell.has) || cell.differs());
    let cells = cells.map(|cell| {
        let is_odd = cell.differs();
        let is_personal = !is_none(&cell.has) && !is_impersonal(&cell.member);
        let value = match &cell.has {
            value if is_none(value) => "nothing".to_owned(),
            Value::String(text) => shown::visible(text),
            value => shown::value(value),
        };
        (cell.member, Cell { value, is_personal, is_odd })
    });
    cells.collect()
}

/// The members that some target has, each with its cells: the columns with the same one together.
fn rows(columns: &[Column]) -> BTreeMap<&str, Vec<(&Cell, Vec<&Column>)>> {
    let mut rows: BTreeMap<&str, Vec<(&Cell, Vec<&Column>)>> = BTreeMap::new();
    for column in columns {
        for (member, cell) in &column.cells {
            let row = rows.entry(member).or_default();
            match row.iter_mut().find(|(known, _)| *known == cell) {
                Some((_, columns)) => columns.push(column),
                None => row.push((cell, vec![column])),
            }
        }
    }
    rows
}

fn human(columns: &[Column], output: &mut Output) -> io::Result<()> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(output.width()).unwrap_or(u16::MAX));
    table.set_header(["member", "value", "where"]);
    for (member, row) in rows(columns) {
        let is_same = row.len() == 1;
        for (index, (cell, columns)) in row.iter().enumerate() {
            let targets: Vec<_> = columns.iter().flat_map(|column| &column.targets).collect();
            let place = match targets.len() {
                number if is_same && number > 1 => format!("all {number}"),
                _ => named(&targets).join("\n"),
            };
            let mark = if cell.is_odd { "≠ " } else { "" };
            let member = if index == 0 { shown::visible(member) } else { String::new() };
            table.add_row([member, format!("{mark}{}", cell.shown(output)), place]);
        }
    }
    for line in table.lines() {
        writeln!(output, "{}", line.trim_end())?;
    }
    writeln!(output, "\n{}", summary(columns))
}

fn html(columns: &[Column], output: &mut Output) -> io::Result<()> {
    page::begin("letterhead matrix", &summary(columns), output)?;
    write!(output, "<div class=scroll><table>\n<thead><tr><th>member")?;
    for column in columns {
        let targets: Vec<_> = column.targets.iter().collect();
        let names = named(&targets).iter().map(|name| shown::html(name)).collect::<Vec<_>>();
        write!(output, "<th>{}", names.join("<br>"))?;
    }
    writeln!(output, "</thead>")?;
    for (member, row) in rows(columns) {
        write!(output, "<tr><th scope=row>{}", shown::html(member))?;
        let has_all = row.len() == 1 && row[0].1.len() == columns.len() && columns.len() > 1;
        if has_all {
            let value = shown::html(row[0].0.shown(output));
            writeln!(output, "<td colspan={} class=same>{value}", columns.len())?;
            continue;
        }
        for column in columns {
            match column.cells.get(member) {
                Some(cell) => {
                    let class = if cell.is_odd { " class=odd" } else { "" };
                    let value = shown::html(cell.shown(output));
                    write!(output, "<td{class}>{value}")?;
                }
                None => write!(output, "<td>")?,
            }
        }
        writeln!(output)?;
    }
    writeln!(output, "</table></div>")?;
    page::end(output)
}

/// The names of some targets, and how many more there are.
fn named(targets: &[&String]) -> Vec<String> {
    let mut names: Vec<_> = targets.iter().take(NAMED).map(|name| shown::visible(name)).collect();
    if targets.len() > NAMED {
        names.push(format!("and {} more", targets.len() - NAMED));
    }
    names
}

fn summary(columns: &[Column]) -> String {
    let targets = columns.iter().map(|column| column.targets.len()).sum();
    let cells = columns.iter().map(|column| {
        column.targets.len() * column.cells.values().filter(|cell| cell.is_odd).count()
    });
    let odd: usize = cells.sum();
    let alike = if columns.len() == targets {
        String::new()
    } else {
        format!(", {} different ones", columns.len())
    };
    match odd {
        0 => format!("{}{alike}, all as declared.", count(targets, "target")),
        odd => format!(
            "{}{alike}; {} not as declared.",
            count(targets, "target"),
            match odd {
                1 => "1 value is".to_owned(),
                odd => format!("{odd} values are"),
            }
        ),
    }
}
