//! `cargo xtask validate-spec`.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{ArgMatches, Args, ValueEnum};
use letterhead_command::{Color, Terminal, root};
use letterhead_validator::{DryRun, Finding, Level, Levels, Look, Options, Report, Severity};
use rayon::prelude::*;

use crate::compile;

#[derive(Args)]
pub(crate) struct Arguments {
    /// The documents; a folder stands for the `*.yaml`, `*.yml` and `*.json` in it. `spec/*.yaml` when
    /// none is named.
    paths: Vec<PathBuf>,
    /// How findings are written.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// When to use colours.
    #[arg(long, value_enum, default_value_t)]
    color: Color,
    /// Take the findings of a rule as errors: its code, a family's name, or `all`. Of `--deny`, `--warn`
    /// and `--allow` the last one about a rule counts.
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
    /// and others for `spec`, unless this says otherwise.
    #[arg(long = "for", value_enum, value_name = "PURPOSE")]
    purpose: Option<Purpose>,
    /// When to try the generator: on small documents without errors, on large and faulty ones too,
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
    /// Compile what is generated, too, which takes half a minute for the first document.
    #[arg(long)]
    compile: bool,
    /// Explain a rule.
    #[arg(long, value_name = "CODE", exclusive = true)]
    explain: Option<String>,
    /// List all rules.
    #[arg(long, exclusive = true)]
    list_rules: bool,
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

impl From<Purpose> for letterhead_validator::Purpose {
    fn from(purpose: Purpose) -> Self {
        match purpose {
            Purpose::Spec => Self::Spec,
            Purpose::Rust => Self::Rust,
            Purpose::Letterhead => Self::Letterhead,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Generate {
    /// On small documents without errors.
    #[default]
    Auto,
    /// On large and faulty ones, too.
    Always,
    /// On none.
    Never,
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

impl From<Format> for letterhead_validator::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Human => Self::Human,
            Format::Json => Self::Json,
            Format::Sarif => Self::Sarif,
            Format::Github => Self::Github,
        }
    }
}

/// Checks the documents and writes what it found; true where there is no finding.
pub(crate) fn run(arguments: &Arguments, matches: &ArgMatches) -> anyhow::Result<bool> {
    let Terminal { out, colour, width } = &mut Terminal::new(arguments.color);
    let look = Look { colour: *colour, width: width.unwrap_or(Look::default().width) };
    if let Some(code) = &arguments.explain {
        letterhead_validator::explain(letterhead_validator::rule(code)?, look, out)?;
        out.flush()?;
        return Ok(true);
    }
    if arguments.list_rules {
        letterhead_validator::list_rules(out)?;
        out.flush()?;
        return Ok(true);
    }
    if arguments.compile && !matches!(arguments.format, Format::Human) {
        bail!("`--compile` writes text for people only; leave `--format` out");
    }
    let levels = levels(arguments, matches)?;
    let purpose = arguments.purpose.map(Into::into);
    let dry_run = arguments.generate.into();
    // Who asks for the generator asks what it makes of the document.
    let asks_for_rust = arguments.compile || dry_run == DryRun::Always;
    let asked = if asks_for_rust { Purpose::Rust } else { Purpose::Spec }.into();
    let reports = check(&documents(&arguments.paths)?, |path| Options {
        purpose: purpose.unwrap_or_else(|| usual_purpose(path).max(asked)),
        dry_run,
        levels: levels.clone(),
    })?;
    letterhead_validator::render(&reports, arguments.format.into(), look, out)?;
    let mut clean = reports.iter().all(|report| report.findings.is_empty());
    if arguments.compile {
        for report in &reports {
            let has_errors = |finding: &Finding| finding.severity == Severity::Error;
            if !report.findings.iter().any(has_errors) {
                clean &= compile::compiles(&report.document, out)?;
            }
        }
    }
    out.flush()?;
    Ok(clean)
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

/// The documents that the arguments name.
fn documents(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    if paths.is_empty() {
        return Ok(letterhead_command::documents().collect());
    }
    let mut documents = Vec::new();
    for path in paths {
        if path.is_dir() {
            documents.extend(within(path, &["yaml", "yml", "json"])?);
        } else {
            documents.push(path.clone());
        }
    }
    Ok(documents)
}

/// The files in a folder with one of these extensions, by name.
fn within(folder: &Path, extensions: &[&str]) -> anyhow::Result<Vec<PathBuf>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("can't read `{}`", folder.display()))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        if extension.is_some_and(|extension| extensions.contains(&extension)) && path.is_file() {
            paths.push(path);
        }
    }
    if paths.is_empty() {
        bail!("`{}` holds no document", folder.display());
    }
    paths.sort();
    Ok(paths)
}

/// Checks all documents, as many at a time as there are cores; the reports are in the same order.
fn check(
    paths: &[PathBuf],
    options: impl Fn(&Path) -> Options + Sync,
) -> anyhow::Result<Vec<Report>> {
    let reports = paths.par_iter().map(|path| {
        let name = path.display().to_string();
        let bytes = fs::read(path).with_context(|| format!("can't read `{name}`"))?;
        Ok(letterhead_validator::check(&name, bytes, &options(path)))
    });
    reports.collect()
}

/// What a document is for where the command line doesn't say it: letterhead, if it lies in this
/// workspace's `spec/`.
fn usual_purpose(path: &Path) -> letterhead_validator::Purpose {
    let spec = root().join("spec").canonicalize();
    match (spec, path.canonicalize()) {
        (Ok(spec), Ok(path)) if path.starts_with(&spec) => {
            letterhead_validator::Purpose::Letterhead
        }
        _ => letterhead_validator::Purpose::Spec,
    }
}
