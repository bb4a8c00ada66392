//! `cargo xtask bench validate`: letterhead's validator and the common ones, on the same documents in the
//! same run.

mod documents;
mod faults;
mod measure;
mod table;
mod tools;

use std::fs;
use std::io::Write;

use anyhow::Context;
use clap::{Args, ValueEnum};

use letterhead_command::root;
use table::Costs;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Put the tables into docs/validator-benchmark.md.
    #[arg(long)]
    write: bool,
    /// Run everything once instead of five times, and leave the largest document out.
    #[arg(long)]
    quick: bool,
    /// Measure only this.
    #[arg(long, value_enum)]
    only: Option<Part>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Time and memory.
    Costs,
    /// The faults that are caught.
    Faults,
}

/// How many copies of a family of operations the documents of different sizes have.
const SIZES: [u32; 4] = [1, 10, 100, 1_000];

pub(crate) fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<bool> {
    let folder = root().join("target/bench-validate");
    fs::create_dir_all(&folder)?;
    say(out, "installing the tools, building this one")?;
    let tools = tools::install(&folder)?;
    let documents = if arguments.only == Some(Part::Faults) {
        Vec::new()
    } else {
        documents::prepare(&folder, &SIZES[..if arguments.quick { 3 } else { 4 }])?
    };
    // What the others do, and what only letterhead does, each on documents of every size.
    let mut columns = vec![
        tools[0].with("letterhead", "--generate=never"),
        tools[0].with("and the generator", "--generate=always"),
    ];
    columns.extend_from_slice(&tools[1..]);
    let mut costs = Costs { columns, rows: Vec::new() };
    for document in documents {
        let mut row = Vec::new();
        for tool in &costs.columns {
            say(out, &format!("{}: {}", tool.name, document.name))?;
            let command = || tool.command(&document.path);
            row.push(match tool.missing {
                None => measure::measure(&command, arguments.quick)?,
                Some(_) => None,
            });
        }
        costs.rows.push((document, row));
    }
    let caught = if arguments.only == Some(Part::Costs) {
        None
    } else {
        say(out, "the documents with one fault each")?;
        Some(faults::count(&tools, &folder)?)
    };
    let page = table::page(&tools, &costs, caught.as_ref());
    if arguments.write {
        let path = root().join("docs/validator-benchmark.md");
        fs::create_dir_all(path.parent().unwrap_or(root()))?;
        fs::write(&path, &page).with_context(|| format!("can't write `{}`", path.display()))?;
    }
    write!(out, "{page}")?;
    Ok(true)
}

fn say(out: &mut dyn Write, what: &str) -> anyhow::Result<()> {
    writeln!(out, "== {what}")?;
    Ok(out.flush()?)
}
