//! Whether what the generator makes of documents compiles, and sends and decodes what it should.
//!
//! Generated code needs the layer, which is private to the library, so it is compiled as vendors of a copy of the
//! library under `target/`, without the others.

pub mod constructs;
mod row;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context, bail};
use letterhead_command::root;
pub use row::Row;

/// What a vendor's file has to have.
const VENDOR: &str = include_str!("vendor.rs.txt");

/// A copy of the library with vendors of its own.
#[derive(Debug)]
pub struct Copy {
    folder: PathBuf,
}

impl Copy {
    /// Makes the copy in `target/compile`, with a vendor for each name and its generated code.
    ///
    /// # Errors
    /// Files that can't be read or written.
    pub fn new<'a>(vendors: impl IntoIterator<Item = (&'a str, &'a str)>) -> anyhow::Result<Self> {
        Self::at(root().join("target/compile"), vendors)
    }

    /// The same in another folder.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn at<'a>(
        folder: PathBuf,
        vendors: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> anyhow::Result<Self> {
        // What an earlier run left.
        for left in ["src", "tests", "examples"] {
            let _ = fs::remove_dir_all(folder.join(left));
        }
        copy(&root().join("src"), &folder.join("src"))?;
        for file in ["Cargo.lock", "README.md"] {
            fs::copy(root().join(file), folder.join(file))?;
        }
        fs::write(folder.join("Cargo.toml"), manifest()?)?;
        let entry = folder.join("src/lib.rs");
        let mut text = fs::read_to_string(&entry)?;
        for (name, code) in vendors {
            fs::write(folder.join(format!("src/{name}_generated.rs")), code)?;
            let vendor = VENDOR.replace("GENERATED", &format!("{name}_generated.rs"));
            fs::write(folder.join(format!("src/{name}.rs")), vendor)?;
            let _ = writeln!(text, "\npub mod {name};");
        }
        fs::write(&entry, text)?;
        Ok(Self { folder })
    }

    /// Adds a file, such as a test.
    ///
    /// # Errors
    /// A file that can't be written.
    pub fn with(self, path: &str, text: &str) -> anyhow::Result<Self> {
        let path = self.folder.join(path);
        fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        fs::write(path, text)?;
        Ok(self)
    }

    /// Runs cargo in it.
    ///
    /// # Errors
    /// Cargo can't be run.
    pub fn cargo(&self, arguments: &[&str]) -> anyhow::Result<Output> {
        self.command(arguments).output().context("can't run cargo")
    }

    /// Cargo in it, to be run.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut cargo = letterhead_command::cargo();
        cargo.args(arguments).args(["--quiet", "--no-default-features", "--color", "never"]);
        cargo
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .env("RUSTFLAGS", "--cap-lints warn");
        cargo
    }

    /// What rustc says against it; nothing where it compiles.
    ///
    /// # Errors
    /// Cargo can't be run.
    pub fn faults(&self) -> anyhow::Result<Vec<String>> {
        let check = self.cargo(&["check", "--message-format", "short"])?;
        if check.status.success() {
            return Ok(Vec::new());
        }
        let messages = String::from_utf8_lossy(&check.stderr);
        let errors = messages.lines().filter(|line| line.contains("error"));
        Ok(errors.map(str::to_owned).collect())
    }
}

/// The library's manifest without its workspace, its build script and what only its tests need.
fn manifest() -> anyhow::Result<String> {
    let text = fs::read_to_string(root().join("Cargo.toml"))?;
    let mut kept = String::new();
    let mut keeps = true;
    for line in text.lines() {
        if line.starts_with('[') {
            let dropped = ["[build-dependencies]", "[dev-dependencies]", "[[bench]]", "[[test]]"];
            keeps = !dropped.contains(&line.trim());
        }
        let is_of_members =
            ["members = ", "default-members = "].iter().any(|it| line.starts_with(it));
        if keeps && !is_of_members {
            // What it depends on in this workspace stays where it is.
            kept.push_str(&line.replace("path = \"", &format!("path = \"{}/", root().display())));
            kept.push('\n');
        }
    }
    if !kept.contains("[package]") {
        bail!("`Cargo.toml` has no package");
    }
    Ok(kept)
}

/// Copies a folder with all that is in it.
///
/// # Errors
/// A file can't be read or written.
pub fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
