//! `cargo xtask docs`: the vendors' pages and the documents.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use clap::{Args, Parser, Subcommand, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use letterhead_command::{Color, Terminal};
use letterhead_docs_check::{Documents, Folder, Lock, Look, Source, Vendor};
use letterhead_spec::VENDORS;

/// The lock's name in `spec/`.
const LOCK: &str = "pages.lock";

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Commands {
    /// Hold the vendors' documentation pages against the documents. Exits 0 when nothing is found, 1 with
    /// findings, 2 when it could not run.
    Docs {
        #[command(subcommand)]
        what: Command,
    },
}

#[derive(Subcommand)]
enum Command {
    /// Compare the pages with the documents.
    Check {
        #[command(flatten)]
        arguments: Arguments,
        /// List the pages that describe operations outside the documents.
        #[arg(long)]
        coverage: bool,
    },
    /// Write `spec/pages.lock`: what the pages of the documents say, to be reviewed like a document.
    Lock(Arguments),
    /// Report which facts changed since `spec/pages.lock` was written, and which pages' wording alone.
    Diff(Arguments),
    /// Print everything that the pages say, as far as it was understood.
    Facts(Arguments),
}

#[derive(Args)]
struct Arguments {
    /// Folders of Markdown pages, of any depth.
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// How it is written.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// When to use colours.
    #[arg(long, value_enum, default_value_t)]
    color: Color,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// For a terminal.
    #[default]
    Human,
    /// JSON.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// Workflow commands of GitHub Actions.
    Github,
}

impl From<Format> for letterhead_docs_check::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Human => Self::Human,
            Format::Json => Self::Json,
            Format::Sarif => Self::Sarif,
            Format::Github => Self::Github,
        }
    }
}

fn main() -> ExitCode {
    let Commands::Docs { what } = Commands::parse();
    letterhead_command::run(|| run(&what))
}

/// Runs one of the commands; true where nothing was found.
fn run(command: &Command) -> anyhow::Result<bool> {
    let (Command::Check { arguments, .. }
    | Command::Lock(arguments)
    | Command::Diff(arguments)
    | Command::Facts(arguments)) = command;
    let lock_file = letterhead_command::spec().join(LOCK);
    let documents = documents()?;
    let folder = read(&arguments.folders, &documents)?;
    let Terminal { out, colour, width } = &mut Terminal::new(arguments.color);
    let look = Look { colour: *colour, width: width.unwrap_or(Look::default().width) };
    let how = (arguments.format.into(), look);
    let clean = match command {
        Command::Check { coverage, .. } => {
            let outcome = letterhead_docs_check::check(&folder, &documents);
            letterhead_docs_check::checked((&folder, &documents, &outcome), how, *coverage, out)?;
            outcome.findings.is_empty()
        }
        Command::Lock(_) => lock(&folder, &documents, &lock_file, out)?,
        Command::Diff(_) => diff(&folder, &documents, &lock_file, how, out)?,
        Command::Facts(_) => {
            letterhead_docs_check::facts(&folder, how.0, out)?;
            true
        }
    };
    out.flush()?;
    Ok(clean)
}

fn lock(
    folder: &Folder,
    documents: &Documents,
    path: &Path,
    out: &mut dyn Write,
) -> anyhow::Result<bool> {
    let outcome = letterhead_docs_check::check(folder, documents);
    let lock = Lock::of(outcome.compared.iter().map(|page| &folder.pages[*page]));
    let name = path.display();
    let before = fs::read_to_string(path).unwrap_or_default();
    let before = Lock::read(&before).unwrap_or_default();
    for page in before.paths().filter(|page| lock.paths().all(|other| other != *page)) {
        writeln!(out, "no longer locked: {page}")?;
    }
    fs::write(path, lock.write()).with_context(|| format!("can't write `{name}`"))?;
    let (pages, facts) = lock.counts();
    writeln!(out, "wrote {name}: {facts} facts of {pages} pages")?;
    Ok(true)
}

fn diff(
    folder: &Folder,
    documents: &Documents,
    path: &Path,
    how: (letterhead_docs_check::Format, Look),
    out: &mut dyn Write,
) -> anyhow::Result<bool> {
    let name = path.display().to_string();
    let text = fs::read_to_string(path)
        .with_context(|| format!("can't read `{name}`; `cargo xtask docs lock` writes it"))?;
    let text = Source::new(name, text);
    let lock = Lock::read(text.text()).map_err(anyhow::Error::msg)?;
    let changes = letterhead_docs_check::diff(&lock, &folder.pages, documents);
    letterhead_docs_check::changed((folder, documents, &changes), &text, how, out)?;
    Ok(changes.facts.is_empty())
}

/// The documents of all vendors.
fn documents() -> anyhow::Result<Documents> {
    let mut documents = Documents::default();
    for (path, row) in letterhead_command::documents().zip(VENDORS) {
        let name = path.display().to_string();
        let text = fs::read_to_string(&path).with_context(|| format!("can't read `{name}`"))?;
        let bases = row.page_bases.iter().map(|base| (*base).to_owned()).collect();
        documents.add_of(Vendor { bases }, &name, &text).map_err(|fault| anyhow!("{fault}"))?;
    }
    Ok(documents)
}

/// Reads the pages, with a progress bar on a terminal, and reports what could not be read.
fn read(folders: &[PathBuf], documents: &Documents) -> anyhow::Result<Folder> {
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} pages");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let tick = |pages: usize| {
        bar.set_length(pages as u64);
        bar.inc(1);
    };
    let folder = letterhead_docs_check::read_folders(folders, &documents.servers(), &tick);
    bar.finish_and_clear();
    let folder = folder?;
    if folder.count == 0 && folder.problems.is_empty() {
        bail!("there is no page in these folders");
    }
    for problem in &folder.problems {
        #[expect(clippy::print_stderr, reason = "standard output is for what the pages say")]
        {
            eprintln!("warning: {}: {}", problem.path, problem.reason);
        }
    }
    Ok(folder)
}
