//! `cargo xtask bench validate`: letterhead's validator and the common ones, on the same documents in the
//! same run.

mod documents;
mod faults;
mod measure;
mod picture;
mod table;
mod tools;

use std::fs;
use std::io::Write;
use std::process::Command;

use anyhow::Context;
use clap::{Args, ValueEnum};

use letterhead_command::root;
use table::Costs;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Put the tables into docs/validator-benchmark.md, and the picture beside it.
    #[arg(long)]
    write: bool,
    /// Run everything once instead of five times, this program as it is, and leave the large documents out.
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

/// So often everything is run.
const ROUNDS: usize = 5;

pub(crate) fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<bool> {
    let folder = root().join("target/bench-validate");
    fs::create_dir_all(&folder)?;
    say(out, "installing the tools, building this one")?;
    let quick = arguments.quick;
    let tools = tools::install(&folder, quick)?;
    let documents = if arguments.only == Some(Part::Faults) {
        Vec::new()
    } else {
        documents::prepare(&folder, quick)?
    };
    // What the others do, and what only letterhead does, each on documents of every size.
    let mut columns = vec![
        tools::lint(&tools[0], quick)?,
        tools[0].with("and the generator", "--generate=always"),
    ];
    columns.extend_from_slice(&tools[1..]);
    let mut costs = Costs { columns, rows: Vec::new() };
    for document in documents {
        say(out, &document.name)?;
        let commands: Vec<_> = costs
            .columns
            .iter()
            .map(|tool| tool.missing.is_none().then_some(|| tool.command(&document.path)))
            .collect();
        let commands: Vec<Option<&dyn Fn() -> Command>> =
            commands.iter().map(|command| command.as_ref().map(|it| it as _)).collect();
        let row = measure::measure(&commands, if quick { 1 } else { ROUNDS })?;
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
        if !costs.rows.is_empty() {
            picture::draw(&costs, &path.with_extension("svg"))?;
        }
    }
    write!(out, "{page}")?;
    Ok(true)
}

fn say(out: &mut dyn Write, what: &str) -> anyhow::Result<()> {
    writeln!(out, "== {what}")?;
    Ok(out.flush()?)
}
