//! `cargo xtask bench validate`: letterhead's validator and the common ones, on the same documents in the
//! same run.

mod documents;
mod faults;
mod measure;
mod table;
mod tools;

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, ValueEnum};

use crate::root;
use measure::Measured;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Put the tables into docs/validator-benchmark.md.
    #[arg(long)]
    write: bool,
    /// Run everything once, instead of up to five times.
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

pub(crate) fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<bool> {
    let folder = root().join("target/bench-validate");
    fs::create_dir_all(&folder)?;
    say(out, "installing the tools, building this one")?;
    let tools = tools::install(&folder)?;
    let documents = if arguments.only == Some(Part::Faults) {
        Vec::new()
    } else {
        documents::prepare(&folder)?
    };
    let mut times: Vec<Vec<Option<Measured>>> = Vec::new();
    for document in &documents {
        let mut row = Vec::new();
        for tool in &tools {
            say(out, &format!("{}: {}", tool.name, document.name))?;
            let measured = match &tool.missing {
                None => Some(measure::measure(
                    &|| tool.command(&document.path),
                    arguments.quick,
                )?),
                Some(_) => None,
            };
            row.push(measured);
        }
        times.push(row);
    }
    let caught = if arguments.only == Some(Part::Costs) {
        None
    } else {
        say(out, "the documents with one fault each")?;
        Some(faults::count(&tools, &folder)?)
    };
    let page = table::page(&tools, &documents, &times, caught.as_ref());
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

/// A document that time is taken on.
struct Document {
    name: String,
    path: PathBuf,
}
