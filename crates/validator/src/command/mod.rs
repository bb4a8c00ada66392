//! The command: what `cargo xtask validate-spec` and `letterhead-lint` have in common.

mod baseline;
mod config;
mod documents;
mod parts;

use std::io::{self, Write};
use std::mem;
use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::{ArgMatches, Args, ValueEnum};
use letterhead_diagnostics::{Look, Severity};
use rayon::prelude::*;

use self::baseline::Baseline;
use self::config::Config;
use self::documents::Input;
use crate::check::Report;
use crate::levels::{Level, Levels};
use crate::options::{DryRun, Options};
use crate::render::View;

pub use self::config::FILE;

/// The arguments.
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line")]
pub struct Arguments {
    /// The documents: files, folders, which stand for the OpenAPI documents in and below them, globs in
    /// quotes, or `-` for standard input.
    paths: Vec<PathBuf>,
    /// How findings are written.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Take the findings of a rule as errors: its code, a family's name, or `all`. Of `--deny`, `--warn`
    /// and `--allow` the last one about a rule counts. `--deny warnings` takes every warning as an error.
    #[arg(long, value_name = "RULE")]
    deny: Vec<String>,
    /// Take the findings of a rule as warnings.
    #[arg(long, value_name = "RULE")]
    warn: Vec<String>,
    /// Don't report the findings of a rule.
    #[arg(long, value_name = "RULE")]
    allow: Vec<String>,
    /// What the documents are for: a good OpenAPI document, a Rust client, or letterhead itself. Each has
    /// the rules of those before it. letterhead's own documents, those in `spec/`, are for `letterhead`,
    /// and others for `spec`, unless this or a configuration says otherwise.
    #[arg(long = "for", value_enum, value_name = "PURPOSE")]
    purpose: Option<Purpose>,
    /// When to try the generator: on documents without errors, on faulty ones too,
    /// operation by operation, or never. `--generate` alone means always.
    #[arg(
        long,
        value_enum,
        value_name = "WHEN",
        num_args = 0..=1,
        require_equals = true,
        default_value_t,
        default_missing_value = "always"
    )]
    generate: Generate,
    /// Show at most so many findings, and count the others by their rules.
    #[arg(long, value_name = "NUMBER")]
    max: Option<usize>,
    /// Count the findings by their rules, and show none.
    #[arg(long)]
    statistics: bool,
    /// The configuration, in place of the nearest `letterhead-lint.toml` from each document upwards.
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    config: Option<PathBuf>,
    /// Read no configuration.
    #[arg(long)]
    no_config: bool,
    /// Report only what isn't in this file.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write all findings into the baseline.
    #[arg(long)]
    write_baseline: bool,
    /// Explain a rule.
    #[arg(long, value_name = "CODE")]
    explain: Option<String>,
    /// List all rules.
    #[arg(long)]
    list_rules: bool,
}

/// What a program knows about the documents that it checks.
pub struct Home<'a> {
    /// The documents where the command line names none.
    pub documents: Option<Vec<PathBuf>>,
    /// What a document is for where neither the command line nor a configuration says it.
    pub purpose: &'a (dyn Fn(&Path) -> crate::Purpose + Sync),
    /// Whether the generator is asked for by other means.
    pub asks_for_rust: bool,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// For a terminal.
    #[default]
    Human,
    /// One array with an object for each finding.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// Workflow commands of GitHub Actions.
    Github,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Purpose {
    /// A good OpenAPI document.
    Spec,
    /// A Rust client.
    Rust,
    /// One of letterhead's own vendors.
    Letterhead,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Generate {
    /// On documents without errors.
    #[default]
    Auto,
    /// On faulty ones, too.
    Always,
    /// On none.
    Never,
}

impl From<Purpose> for crate::Purpose {
    fn from(purpose: Purpose) -> Self {
        match purpose {
            Purpose::Spec => Self::Spec,
            Purpose::Rust => Self::Rust,
            Purpose::Letterhead => Self::Letterhead,
        }
    }
}

impl From<Generate> for DryRun {
    fn from(generate: Generate) -> Self {
        match generate {
            Generate::Auto => Self::Auto,
            Generate::Always => Self::Always,
            Generate::Never => Self::Never,
        }
    }
}

impl From<Format> for letterhead_diagnostics::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Human => Self::Human,
            Format::Json => Self::Json,
            Format::Sarif => Self::Sarif,
            Format::Github => Self::Github,
        }
    }
}

impl Arguments {
    /// Whether findings are written for people.
    #[must_use]
    pub fn is_for_people(&self) -> bool {
        matches!(self.format, Format::Human)
    }
}

/// Checks the documents and writes what it found: the reports, and whether none of them has an error.
///
/// # Errors
/// What can't be read or written. A reader who closed the pipe has seen enough, and that is no error.
pub fn run(
    arguments: &Arguments,
    matches: &ArgMatches,
    home: &Home<'_>,
    look: Look,
    out: &mut dyn Write,
) -> anyhow::Result<(Vec<Report>, bool)> {
    if let Some(code) = &arguments.explain {
        let rule = crate::rule(code)?;
        written(crate::explain(rule, look, out))?;
        return Ok((Vec::new(), true));
    }
    if arguments.list_rules {
        written(crate::list_rules(out))?;
        return Ok((Vec::new(), true));
    }
    let words = match (&home.documents, arguments.paths.as_slice()) {
        (Some(usual), []) => usual,
        (None, []) => bail!("name a document, a folder, a glob, or `-` for standard input"),
        (_, paths) => paths,
    };
    let inputs = documents::named(words)?;
    let command_line = levels(arguments, matches)?;
    let mut reports: Vec<Report> = inputs
        .par_iter()
        .map(|input| {
            let config = config(arguments, input)?;
            let options = options(arguments, home, input, &config, &command_line)?;
            let mut report = crate::check_source(input.read()?, &options);
            parts::exclude(&mut report, &config)?;
            Ok(report)
        })
        .collect::<anyhow::Result<_>>()?;
    parts::once(&mut reports);
    let mut gone = 0;
    if let Some(file) = baseline(arguments, &inputs)? {
        if arguments.write_baseline {
            let count = Baseline::of(&reports, &file).write(&file)?;
            let findings = letterhead_diagnostics::count(count, "finding");
            written(writeln!(out, "{}: {findings}", file.display()))?;
            return Ok((reports, true));
        }
        gone = Baseline::read(&file)?.apply(&mut reports, &file);
    } else if arguments.write_baseline {
        bail!("`--write-baseline` needs `--baseline FILE`, or `baseline` in `{FILE}`");
    }
    let view = View {
        format: arguments.format.into(),
        look,
        most: arguments.max,
        statistics: arguments.statistics,
    };
    written(crate::render(&reports, &view, out))?;
    if gone > 0 && arguments.is_for_people() {
        let findings = letterhead_diagnostics::count(gone, "finding");
        let text = "of the baseline not there any more: `--write-baseline` takes them out";
        written(writeln!(out, "{findings} {text}"))?;
    }
    let mut findings = reports.iter().flat_map(|report| &report.findings);
    let is_good = findings.all(|finding| finding.severity < Severity::Error);
    Ok((reports, is_good))
}

fn config(arguments: &Arguments, input: &Input) -> anyhow::Result<Config> {
    match &arguments.config {
        _ if arguments.no_config => Ok(Config::default()),
        Some(file) => Config::read(file),
        None => Config::nearest(input.path()),
    }
}

fn options(
    arguments: &Arguments,
    home: &Home<'_>,
    input: &Input,
    config: &Config,
    command_line: &Levels,
) -> anyhow::Result<Options> {
    let dry_run = arguments.generate.into();
    // Who asks for the generator asks what it makes of the document.
    let asks_for_rust = home.asks_for_rust || dry_run == DryRun::Always;
    let asked = if asks_for_rust { crate::Purpose::Rust } else { crate::Purpose::Spec };
    let usual = || config.purpose().unwrap_or_else(|| (home.purpose)(input.path())).max(asked);
    let purpose = arguments.purpose.map_or_else(usual, Into::into);
    if purpose > crate::Purpose::Spec && !cfg!(feature = "generator") {
        bail!(
            "this program was built without the generator, which `--for {}` needs",
            purpose.name()
        );
    }
    let mut levels = config.levels()?;
    levels.extend(command_line);
    let extensions = config.extensions().map(<[String]>::to_vec);
    Ok(Options { purpose, dry_run, levels, file: input.file(), extensions })
}

fn baseline(arguments: &Arguments, inputs: &[Input]) -> anyhow::Result<Option<PathBuf>> {
    match (&arguments.baseline, inputs.first()) {
        (None, Some(input)) => Ok(config(arguments, input)?.baseline()),
        (file, _) => Ok(file.clone()),
    }
}

/// The levels in the order that they stand on the command line.
fn levels(arguments: &Arguments, matches: &ArgMatches) -> anyhow::Result<Levels> {
    let mut words = Vec::new();
    for (name, list, level) in [
        ("deny", &arguments.deny, Level::Deny),
        ("warn", &arguments.warn, Level::Warn),
        ("allow", &arguments.allow, Level::Allow),
    ] {
        let indices = matches.indices_of(name).into_iter().flatten();
        words.extend(indices.zip(list).map(|(index, word)| (index, word, level)));
    }
    words.sort_by_key(|(index, ..)| *index);
    let mut levels = Levels::default();
    for (_, word, level) in words {
        levels.set(word, level)?;
    }
    Ok(levels)
}

/// Writes what is left in a buffer, where the process ends after it.
///
/// # Errors
/// What can't be written, unless the reader has closed the pipe.
pub fn end(reports: Vec<Report>, out: &mut dyn Write) -> io::Result<()> {
    // To give the trees of large documents back piece by piece takes a tenth of the time of the whole.
    mem::forget(reports);
    written(out.flush())
}

/// A closed pipe is no error.
fn written(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
