//! `cargo xtask bench generators`: letterhead's generator and other ones, on the same documents in the same run.

mod checking;
mod documents;
mod generating;
mod operations;
mod page;
mod picture;
mod plain;
mod process;
mod questions;
mod tools;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};
use letterhead_command::root;

/// Measure letterhead's generator beside others: on public documents, and by questions on the wire.
#[derive(Parser)]
#[command(name = "cargo xtask bench generators", bin_name = "cargo xtask bench generators")]
struct Arguments {
    /// Twelve documents in one round, and this program as it is.
    #[arg(long)]
    quick: bool,
    /// Ask the questions and measure nothing.
    #[arg(long, conflicts_with = "quick")]
    questions: bool,
    /// Put the tables into docs/generator-benchmark.md, and the picture beside it.
    #[arg(long)]
    write: bool,
    /// Write the figures to a file as well.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Draw the figures.
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Own>,
}

#[derive(Subcommand)]
enum Own {
    /// Write what letterhead generates from a document into a folder, and say what is left out.
    #[command(hide = true)]
    Generate { document: PathBuf, folder: PathBuf },
    /// Write what progenitor generates by itself.
    #[command(hide = true)]
    Progenitor { document: PathBuf, folder: PathBuf },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    letterhead_command::run(|| match &arguments.command {
        Some(Own::Generate { document, folder }) => generate(document, folder),
        Some(Own::Progenitor { document, folder }) => {
            plain::generate(document, folder).map(|()| true)
        }
        None => measured(&arguments),
    })
}

fn generate(document: &Path, folder: &Path) -> anyhow::Result<bool> {
    let text = fs::read_to_string(document)
        .with_context(|| format!("can't read `{}`", document.display()))?;
    let document = letterhead_document::Document::parse(&document.display().to_string(), &text)
        .map_err(|fault| anyhow::anyhow!("{fault}"))?;
    let generated = letterhead_codegen::generate_possible(&document)
        .map_err(|fault| anyhow::anyhow!("{fault}"))?;
    fs::create_dir_all(folder)?;
    fs::write(folder.join("generated.rs"), generated.code)?;
    for left_out in generated.left_out {
        let operation = left_out.operation.as_deref().unwrap_or("a path");
        writeln!(io::stderr(), "{operation}: {}", left_out.reason)?;
    }
    Ok(true)
}

fn measured(arguments: &Arguments) -> anyhow::Result<bool> {
    let folder = root().join("target/generators");
    fs::create_dir_all(&folder)?;
    let mut out = io::stdout().lock();
    say(&mut out, "building this program")?;
    // What only asks needs no figures of this program.
    let is_quick = arguments.quick || arguments.questions;
    let tools = tools::tools(is_quick)?;
    say(&mut out, "the questions")?;
    let score = questions::score(&tools, &folder)?;
    let mut report = page::Report { tools: &tools, score, measured: None };
    if !arguments.questions {
        let documents = documents::documents(arguments.quick)?;
        let rounds = if arguments.quick { 1 } else { 3 };
        let generated = generating::measure(&tools, &documents, &folder, rounds, &mut out)?;
        let checks = checking::measure(&tools, &documents, &generated, &folder, &mut out)?;
        report.measured = Some(page::Measured { documents, generated, checks });
    }
    let page = report.page();
    if arguments.write {
        let path = root().join("docs/generator-benchmark.md");
        fs::write(&path, &page).with_context(|| format!("can't write `{}`", path.display()))?;
        picture::draw(&report, &path.with_extension("svg"))?;
    }
    if let Some(file) = &arguments.svg {
        picture::draw(&report, file)?;
    }
    if let Some(file) = &arguments.json {
        fs::write(file, format!("{:#}\n", report.json()))
            .with_context(|| format!("can't write `{}`", file.display()))?;
    }
    write!(out, "{page}")?;
    Ok(true)
}

fn say(out: &mut dyn Write, what: &str) -> anyhow::Result<()> {
    writeln!(out, "== {what}")?;
    Ok(out.flush()?)
}
