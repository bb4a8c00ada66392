//! The tools: how each is installed and called, and what it makes.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use letterhead_command::root;
use letterhead_corpus::{Copy, copy};

use super::operations::Operations;

/// The name of the crates that are made of what the others generate.
pub(super) const PACKAGE: &str = "generated";
/// Where openapi-to-rust's module lies in its crate.
const MODULE: &str = "src/generated";
/// openapi-to-rust's settings, where it has some beside the document.
pub(super) const SETTINGS: &str = "openapi-to-rust.toml";

/// A generator.
pub(super) struct Tool {
    /// As the page and folders call it.
    pub(super) name: &'static str,
    pub(super) version: &'static str,
    pub(super) kind: Kind,
    program: PathBuf,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Letterhead,
    Progenitor,
    Ploidy,
    OpenapiToRust,
}

/// All tools, letterhead's first.
const ALL: [(&str, &str, Kind); 4] = [
    ("letterhead", env!("CARGO_PKG_VERSION"), Kind::Letterhead),
    // The version that this package depends on.
    ("progenitor", "0.15.1", Kind::Progenitor),
    ("ploidy", "0.15.0", Kind::Ploidy),
    ("openapi-to-rust", "0.23.0", Kind::OpenapiToRust),
];

/// All tools. The first two are in this program: built for release, or as it is where it has to be `quick`. The others
/// are installed from the registry where they aren't yet.
pub(super) fn tools(quick: bool) -> anyhow::Result<Vec<Tool>> {
    let own = own(quick)?;
    let tool = |(name, version, kind)| {
        let program = match kind {
            Kind::Letterhead | Kind::Progenitor => own.clone(),
            Kind::Ploidy | Kind::OpenapiToRust => installed(name, version)?,
        };
        Ok(Tool { name, version, kind, program })
    };
    ALL.into_iter().map(tool).collect()
}

/// The program of a package of the registry.
fn installed(name: &str, version: &str) -> anyhow::Result<PathBuf> {
    let folder = root().join(format!("target/generators/tools/{name}-{version}"));
    let program = folder.join("bin").join(name);
    if !program.exists() {
        let mut install = letterhead_command::cargo();
        install.args(["install", "--quiet", "--locked", "--version", version, name, "--root"]);
        succeed(install.arg(folder))?;
    }
    Ok(program)
}

/// This program, which generates by letterhead, and by progenitor.
fn own(quick: bool) -> anyhow::Result<PathBuf> {
    if quick {
        return Ok(env::current_exe()?);
    }
    let mut build = letterhead_command::cargo();
    build.args(["build", "--quiet", "--release", "--bin", "generators"]);
    succeed(build.current_dir(root()))?;
    Ok(root().join("target/release/generators"))
}

/// Runs a command; where it fails, the error is what it says.
pub(super) fn succeed(command: &mut Command) -> anyhow::Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output();
    let output = output.with_context(|| format!("can't run `{program}`"))?;
    if output.status.success() {
        return Ok(());
    }
    bail!("{}", String::from_utf8_lossy(&output.stderr).trim())
}

impl Tool {
    /// The command that generates from a document into a folder, as the tool's own page has it.
    pub(super) fn generate(&self, document: &Path, folder: &Path) -> Command {
        let mut command = Command::new(&self.program);
        match self.kind {
            Kind::Letterhead => command.arg("generate").arg(document).arg(folder),
            Kind::Progenitor => command.arg("progenitor").arg(document).arg(folder),
            Kind::Ploidy => {
                command.args(["generate", "rust", "--name", PACKAGE]).arg(document);
                command.arg("--output").arg(folder)
            }
            Kind::OpenapiToRust => {
                command.arg("generate");
                let settings = document.with_file_name(SETTINGS);
                if settings.exists() {
                    command.arg("--config").arg(settings)
                } else {
                    command.arg(document).arg("--output-dir").arg(folder.join(MODULE))
                }
            }
        };
        command
    }

    /// The command in words.
    pub(super) fn shown(&self) -> &'static str {
        match self.kind {
            Kind::Letterhead => "generators generate DOCUMENT FOLDER",
            Kind::Progenitor => "generators progenitor DOCUMENT FOLDER",
            Kind::Ploidy => "ploidy generate rust --name generated DOCUMENT --output FOLDER",
            Kind::OpenapiToRust => {
                "openapi-to-rust generate DOCUMENT --output-dir FOLDER/src/generated"
            }
        }
    }

    /// Whether what it wrote to standard error says more than how far it is.
    pub(super) fn is_telling(&self, said: &str) -> bool {
        let usual: &[&str] = match self.kind {
            Kind::Letterhead | Kind::Progenitor => &[],
            Kind::Ploidy => {
                &["OpenAPI: ", "Writing generated code", "Generating ", "Generation complete"]
            }
            Kind::OpenapiToRust => &["Dependency fragment: "],
        };
        let mut lines = said.lines().filter(|line| !line.trim().is_empty());
        lines.any(|line| !usual.iter().any(|usual| line.starts_with(usual)))
    }

    /// How many operations and lines were generated into a folder.
    pub(super) fn made(&self, folder: &Path) -> anyhow::Result<(usize, usize)> {
        let mut operations = Operations::of(self.kind);
        let mut lines = 0;
        for path in rust_files(folder)? {
            let text = fs::read_to_string(&path)?;
            lines += text.lines().count();
            let file = syn::parse_file(&text)
                .with_context(|| format!("`{}` isn't Rust", path.display()))?;
            operations.add(&file);
        }
        Ok((operations.count(), lines))
    }

    /// Makes a crate in `home` of what was generated into a folder. What is compiled there already stays.
    pub(super) fn as_crate(&self, made: &Path, home: &Path) -> anyhow::Result<()> {
        fs::create_dir_all(home)?;
        if self.kind == Kind::Letterhead {
            let code = fs::read_to_string(made.join("generated.rs"))?;
            Copy::at(home.to_owned(), [("generated", code.as_str())])?;
            return Ok(());
        }
        let _ = fs::remove_dir_all(home.join("src"));
        copy(&made.join("src"), &home.join("src"))?;
        let manifest = if self.kind == Kind::OpenapiToRust {
            // It writes a module, and what the crate around it has to depend on.
            fs::write(home.join("src/lib.rs"), "pub mod generated;\n")?;
            let needed = fs::read_to_string(made.join(MODULE).join("REQUIRED_DEPS.toml"))?;
            format!("[package]\nname = \"{PACKAGE}\"\nedition = \"2024\"\n\n{needed}")
        } else {
            fs::read_to_string(made.join("Cargo.toml"))?
        };
        // It belongs to no workspace around it.
        Ok(fs::write(home.join("Cargo.toml"), format!("{manifest}\n[workspace]\n"))?)
    }
}

/// The Rust in a folder.
fn rust_files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(files)
}
