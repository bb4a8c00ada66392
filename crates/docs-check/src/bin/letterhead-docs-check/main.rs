//! `cargo xtask docs`: the vendors' pages and the documents.

mod arguments;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use letterhead_command::Terminal;
use letterhead_docs_check as docs;
use letterhead_docs_check::{Documents, Extent, Folder, Lock, Look, Part, Source, Vendor};
use letterhead_spec::VENDORS;

use arguments::{Arguments, Command, Commands, Format, LockFile};

/// The lock's name beside the documents.
const LOCK: &str = "pages.lock";

fn main() -> ExitCode {
    let Commands::Docs { what } = Commands::parse();
    letterhead_command::run(|| run(&what))
}

/// Runs one of the commands; true where nothing was found.
fn run(command: &Command) -> anyhow::Result<bool> {
    let arguments = command.arguments();
    let documents = match &arguments.spec {
        Some(spec) => of_folder(spec)?,
        None => of_vendors()?,
    };
    let folder = read(&arguments.folders, &documents)?;
    let Terminal { out, colour, width } = &mut Terminal::new(arguments.color);
    let look = Look { colour: *colour, width: width.unwrap_or(Look::default().width) };
    let clean = match command {
        Command::Check { coverage, only, max, .. } => {
            let extent = Extent { coverage: *coverage, max: *max };
            check((&folder, &documents), (arguments.format, look), (only, extent), out)?
        }
        Command::Lock { lock, .. } => {
            self::lock(&folder, &documents, &lock_file(arguments, lock), out)?
        }
        Command::Diff { lock, max, .. } => {
            let extent = Extent { coverage: false, max: *max };
            let path = lock_file(arguments, lock);
            diff((&folder, &documents), &path, (arguments.format, look), extent, out)?
        }
        Command::Facts { .. } => {
            docs::facts(&folder, plain(arguments.format)?, out)?;
            true
        }
    };
    out.flush()?;
    Ok(clean)
}

fn check(
    (folder, documents): (&Folder, &Documents),
    (format, look): (Format, Look),
    (only, extent): (&[String], Extent),
    out: &mut dyn Write,
) -> anyhow::Result<bool> {
    let mut outcome = docs::check(folder, documents);
    if !only.is_empty() {
        outcome.only(only);
    }
    let all = (folder, documents, &outcome);
    match format {
        Format::Html => docs::report(all, out)?,
        Format::Markdown => docs::findings_issue(all, extent, out)?,
        format => docs::checked(all, (plain(format)?, look), extent, out)?,
    }
    Ok(outcome.findings.is_empty())
}

fn lock(
    folder: &Folder,
    documents: &Documents,
    path: &Path,
    out: &mut dyn Write,
) -> anyhow::Result<bool> {
    let name = path.display();
    let before = fs::read_to_string(path).unwrap_or_default();
    let before = Lock::read(&before).unwrap_or_default();
    let renewed = Part::of(before, folder).renewed(folder, documents);
    for page in &renewed.gone {
        writeln!(out, "no longer locked: {page}")?;
    }
    fs::write(path, renewed.lock.write()).with_context(|| format!("can't write `{name}`"))?;
    let (pages, facts) = renewed.lock.counts();
    writeln!(out, "wrote {name}: {facts} facts of {pages} pages")?;
    if renewed.kept > 0 {
        writeln!(out, "{} of them, which are not in these folders, as they were", renewed.kept)?;
    }
    Ok(true)
}

fn diff(
    (folder, documents): (&Folder, &Documents),
    path: &Path,
    (format, look): (Format, Look),
    extent: Extent,
    out: &mut dyn Write,
) -> anyhow::Result<bool> {
    let name = path.display().to_string();
    let text = fs::read_to_string(path)
        .with_context(|| format!("can't read `{name}`; `cargo xtask docs lock` writes it"))?;
    let text = Source::new(name, text);
    let locked = Lock::read(&text.text()).map_err(anyhow::Error::msg)?;
    let part = Part::of(locked, folder);
    let mut changes = docs::diff(&part.lock, &folder.pages, documents);
    changes.absent.extend(part.elsewhere().map(str::to_owned));
    let all = (folder, documents, &changes);
    match format {
        Format::Markdown => docs::changes_issue(all, &text, extent, out)?,
        format => docs::changed(all, &text, (plain(format)?, look), extent, out)?,
    }
    Ok(changes.facts.is_empty())
}

/// A format that findings of all kinds are written in.
fn plain(format: Format) -> anyhow::Result<docs::Format> {
    Ok(match format {
        Format::Human => docs::Format::Human,
        Format::Json => docs::Format::Json,
        Format::Sarif => docs::Format::Sarif,
        Format::Github => docs::Format::Github,
        Format::Markdown => bail!("`--format markdown` is for `docs check` and `docs diff`"),
        Format::Html => bail!("`--format html` is for `docs check`"),
    })
}

fn lock_file(arguments: &Arguments, lock: &LockFile) -> PathBuf {
    let beside = || arguments.spec.clone().unwrap_or_else(letterhead_command::spec).join(LOCK);
    lock.file.clone().unwrap_or_else(beside)
}

/// The documents of all vendors.
fn of_vendors() -> anyhow::Result<Documents> {
    let mut documents = Documents::default();
    for (path, row) in letterhead_command::documents().zip(VENDORS) {
        add(&mut documents, (*row).into(), &path)?;
    }
    Ok(documents)
}

/// The documents of another project.
fn of_folder(folder: &Path) -> anyhow::Result<Documents> {
    let name = folder.display();
    let entries = fs::read_dir(folder).with_context(|| format!("can't read `{name}`"))?;
    let is_document = |path: &PathBuf| {
        let extension = path.extension().and_then(|extension| extension.to_str());
        matches!(extension, Some("yaml" | "yml" | "json"))
    };
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = paths.collect::<Result<Vec<_>, _>>()?;
    paths.retain(is_document);
    paths.sort();
    if paths.is_empty() {
        bail!("there is no document in `{name}`: no file that ends in .yaml, .yml or .json");
    }
    let mut documents = Documents::default();
    for path in paths {
        add(&mut documents, Vendor::default(), &path)?;
    }
    Ok(documents)
}

fn add(documents: &mut Documents, vendor: Vendor, path: &Path) -> anyhow::Result<()> {
    let name = path.display().to_string();
    let text = fs::read_to_string(path).with_context(|| format!("can't read `{name}`"))?;
    documents.add_of(vendor, &name, &text).map_err(|fault| anyhow!("{fault}"))
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
    let folder = docs::read_folders(folders, &documents.known(), &tick);
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
