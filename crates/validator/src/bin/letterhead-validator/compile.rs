//! Whether what is generated from a document compiles: `validate-spec --compile`.
//!
//! Generated code needs the layer, which is private to the library, so it is compiled as a vendor of a
//! copy of the library under `target/`, without the others.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};
use letterhead_command::root;
use letterhead_document::Document;

/// What a vendor's file has to have.
const VENDOR: &str = "#![allow(missing_docs)]
#[derive(Clone, Debug)]
pub struct Client(crate::layer::Layer);
#[derive(Clone, Debug)]
pub struct Credential(crate::credential::Source);
crate::layer::client!();
#[allow(missing_docs, clippy::pedantic, dead_code)]
mod generated {
    use super::Client;
    include!(\"generated.rs\");
}
pub use generated::{builder, types};
";

/// Compiles what `document` generates, and writes what rustc says where it doesn't; true where it does.
pub(crate) fn compiles(document: &Document, out: &mut dyn Write) -> anyhow::Result<bool> {
    let code =
        letterhead_codegen::generate(document).map_err(|fault| anyhow::anyhow!("{fault}"))?;
    let library = root().join("target/compile");
    // What an earlier document left.
    let _ = fs::remove_dir_all(library.join("src"));
    copy(&root().join("src"), &library.join("src"))?;
    fs::copy(root().join("Cargo.lock"), library.join("Cargo.lock"))?;
    fs::copy(root().join("README.md"), library.join("README.md"))?;
    fs::write(library.join("Cargo.toml"), manifest()?)?;
    fs::write(library.join("src/generated.rs"), code)?;
    fs::write(library.join("src/vendor.rs"), VENDOR)?;
    let entry = library.join("src/lib.rs");
    let text = fs::read_to_string(&entry)? + "\npub mod vendor;\n";
    fs::write(&entry, text)?;
    let check = Command::new(env!("CARGO"))
        .args(["check", "--quiet", "--no-default-features", "--color", "never"])
        .args(["--message-format", "short"])
        .current_dir(&library)
        .env("CARGO_TARGET_DIR", library.join("target"))
        .env("RUSTFLAGS", "--cap-lints warn")
        .output()
        .context("can't run cargo")?;
    if check.status.success() {
        writeln!(out, "{}: what is generated compiles", document.name())?;
        return Ok(true);
    }
    let messages = String::from_utf8_lossy(&check.stderr);
    writeln!(out, "{}: what is generated does not compile", document.name())?;
    for line in messages.lines().filter(|line| line.contains("error")) {
        writeln!(out, "  {line}")?;
    }
    Ok(false)
}

/// The library's manifest without its workspace, its build script and what only tests need.
fn manifest() -> anyhow::Result<String> {
    let text = fs::read_to_string(root().join("Cargo.toml"))?;
    let mut kept = String::new();
    let mut keeps = true;
    for line in text.lines() {
        if line.starts_with('[') {
            let dropped = ["[build-dependencies]", "[dev-dependencies]", "[[bench]]", "[[test]]"];
            keeps = !dropped.contains(&line.trim());
        }
        if keeps {
            let line = if line.starts_with("members = ") {
                "members = []".to_owned()
            } else {
                // What it depends on in this workspace stays where it is.
                line.replace("path = \"", &format!("path = \"{}/", root().display()))
            };
            kept.push_str(&line);
            kept.push('\n');
        }
    }
    if !kept.contains("[package]") {
        bail!("`Cargo.toml` has no package");
    }
    Ok(kept)
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
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
