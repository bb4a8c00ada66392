//! The tools: how each is installed and called.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

use letterhead_command::root;

/// A validator, or why it can't be had here.
#[derive(Clone)]
pub(super) struct Tool {
    pub(super) name: &'static str,
    pub(super) version: String,
    pub(super) kind: Kind,
    pub(super) missing: Option<String>,
    /// Its program and the arguments before the document.
    pub(super) words: Vec<String>,
    /// What its findings say about the place.
    pub(super) place: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Letterhead,
    Redocly,
    /// Spectral's JSON, which vacuum writes as well.
    Spectral,
    OpenapiSpecValidator,
}

impl Tool {
    pub(super) fn command(&self, document: &Path) -> Command {
        let mut command = Command::new(&self.words[0]);
        command.args(&self.words[1..]).arg(document);
        quiet(&mut command);
        command
    }

    /// The same tool with another argument.
    pub(super) fn with(&self, name: &'static str, argument: &str) -> Self {
        let mut other = self.clone();
        other.name = name;
        other.words.push(argument.to_owned());
        other
    }

    /// The command line with short paths.
    pub(super) fn shown(&self) -> String {
        let short = |word: &String| {
            let name = Path::new(word).file_name().and_then(|name| name.to_str());
            name.unwrap_or(word).to_owned()
        };
        self.words.iter().map(short).collect::<Vec<_>>().join(" ")
    }
}

/// Nobody's statistics, and no look for updates, which takes time.
pub(super) fn quiet(command: &mut Command) {
    command
        .env("REDOCLY_TELEMETRY", "off")
        .env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true")
        .env("NO_COLOR", "1")
        .stdin(Stdio::null());
}

const REDOCLY: &str = "2.77.0";
const SPECTRAL: &str = "6.16.3";
const VACUUM: &str = "0.30.3";
const OPENAPI_SPEC_VALIDATOR: &str = "0.9.0";
pub(super) const OCTOKIT: &str = "23.0.2";

/// Installs what isn't there yet; the first one is letterhead's, with the generator: built for release, or this program
/// where it has to be `quick`.
///
/// Without vacuum there is a comparison all the same: not every machine reaches GitHub.
pub(super) fn install(folder: &Path, quick: bool) -> anyhow::Result<Vec<Tool>> {
    Ok(vec![
        letterhead(quick)?,
        redocly(folder).context("Redocly CLI can't be installed")?,
        spectral(folder).context("Spectral can't be installed")?,
        vacuum(folder),
        openapi_spec_validator(folder).context("openapi-spec-validator can't be installed")?,
    ])
}

/// Installs GitHub's document.
pub(super) fn octokit(folder: &Path) -> anyhow::Result<PathBuf> {
    let octokit = npm(folder, &format!("@octokit/openapi@{OCTOKIT}"));
    octokit.context("GitHub's document can't be installed")?;
    Ok(folder.join("npm/octokit/node_modules/@octokit/openapi/generated/api.github.com.json"))
}

fn letterhead(quick: bool) -> anyhow::Result<Tool> {
    let program = if quick {
        env::current_exe()?
    } else {
        let mut build = letterhead_command::cargo();
        build
            .args(["build", "--quiet", "--release", "--bin", "letterhead-validator"])
            .current_dir(root());
        succeed(&mut build)?;
        root().join("target/release/letterhead-validator")
    };
    Ok(Tool {
        name: "letterhead",
        version: env!("CARGO_PKG_VERSION").to_owned(),
        kind: Kind::Letterhead,
        missing: None,
        words: words_of(&program, &["validate-spec", "--for=rust"]),
        place: "line and column",
    })
}

/// The program that others install in place of these tools, without the generator; `letterhead` says what it is called.
pub(super) fn lint(letterhead: &Tool, quick: bool) -> anyhow::Result<Tool> {
    if quick {
        return Ok(letterhead.with("letterhead", "--generate=never"));
    }
    let mut build = letterhead_command::cargo();
    build
        .args(["build", "--quiet", "--profile", "lint", "--bin", "letterhead-lint"])
        .arg("--no-default-features")
        .current_dir(root().join("crates/validator"));
    succeed(&mut build)?;
    let words = words_of(&root().join("target/lint/letterhead-lint"), &[]);
    Ok(Tool { words, ..letterhead.clone() })
}

fn redocly(folder: &Path) -> anyhow::Result<Tool> {
    npm(folder, &format!("@redocly/cli@{REDOCLY}"))?;
    let words = ["lint", "--extends=recommended", "--max-problems=100000"];
    Ok(Tool {
        name: "Redocly CLI",
        version: REDOCLY.to_owned(),
        kind: Kind::Redocly,
        words: words_of(&bin(folder, "redocly"), &words),
        missing: None,
        place: "line and column",
    })
}

fn spectral(folder: &Path) -> anyhow::Result<Tool> {
    npm(folder, &format!("@stoplight/spectral-cli@{SPECTRAL}"))?;
    let rules = folder.join("oas.yaml");
    fs::write(&rules, "extends: [\"spectral:oas\"]\n").context("can't write its rule set")?;
    let rules = rules.display().to_string();
    Ok(Tool {
        name: "Spectral",
        version: SPECTRAL.to_owned(),
        kind: Kind::Spectral,
        words: words_of(&bin(folder, "spectral"), &["lint", "--quiet", "--ruleset", &rules]),
        missing: None,
        place: "line and column",
    })
}

fn vacuum(folder: &Path) -> Tool {
    let installed = npm(folder, &format!("@quobix/vacuum@{VACUUM}"))
        .context("its npm package fetches the program from GitHub");
    Tool {
        name: "vacuum",
        version: VACUUM.to_owned(),
        kind: Kind::Spectral,
        words: words_of(&bin(folder, "vacuum"), &["lint", "--details", "--no-banner"]),
        missing: installed.err().map(|error| format!("{error:#}")),
        place: "line and column",
    }
}

fn openapi_spec_validator(folder: &Path) -> anyhow::Result<Tool> {
    let venv = folder.join("venv");
    if !venv.join("bin/pip").exists() {
        succeed(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
    }
    let package = format!("openapi-spec-validator=={OPENAPI_SPEC_VALIDATOR}");
    succeed(Command::new(venv.join("bin/pip")).args(["install", "--quiet", &package]))?;
    Ok(Tool {
        name: "openapi-spec-validator",
        version: OPENAPI_SPEC_VALIDATOR.to_owned(),
        kind: Kind::OpenapiSpecValidator,
        words: words_of(&venv.join("bin/openapi-spec-validator"), &["--validation-errors", "all"]),
        missing: None,
        place: "none",
    })
}

fn words_of(program: &Path, arguments: &[&str]) -> Vec<String> {
    let program = program.display().to_string();
    let arguments = arguments.iter().map(ToString::to_string);
    std::iter::once(program).chain(arguments).collect()
}

/// Installs one npm package in a folder of its own, so that one that fails doesn't harm the others.
fn npm(folder: &Path, package: &str) -> anyhow::Result<()> {
    let folder = folder.join("npm").join(home(package));
    let done = folder.join(format!("{}.done", package.replace('/', "-")));
    if done.exists() {
        return Ok(());
    }
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("package.json"), "{\"private\": true}\n")?;
    let mut install = Command::new("npm");
    install
        .args(["install", "--no-audit", "--no-fund", "--loglevel=error", package])
        .current_dir(&folder);
    succeed(&mut install)?;
    Ok(fs::write(done, "")?)
}

/// `@redocly/cli@1.0.0` lives in `redocly`.
fn home(package: &str) -> &str {
    package.trim_start_matches('@').split('/').next().unwrap_or(package)
}

fn bin(folder: &Path, program: &str) -> PathBuf {
    let home = match program {
        "spectral" => "stoplight",
        "vacuum" => "quobix",
        other => other,
    };
    folder.join("npm").join(home).join("node_modules/.bin").join(program)
}

/// Runs a command; where it fails, the error is the line of its output that says the most.
fn succeed(command: &mut Command) -> anyhow::Result<()> {
    quiet(command);
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("can't run `{program}`"))?;
    if output.status.success() {
        return Ok(());
    }
    let output = String::from_utf8_lossy(&output.stderr).into_owned();
    let line = output.lines().find(|line| line.contains("Error: "));
    let first = line.or_else(|| output.lines().find(|line| !line.trim().is_empty()));
    bail!("{}", first.unwrap_or("it doesn't say why").trim())
}
