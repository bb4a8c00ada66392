//! What it takes to check the crate that a tool makes of a document. All that it depends on is checked before.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use letterhead_corpus::Copy;

use super::documents::Document;
use super::generating::{self, Generated};
use super::process::{self, Ended, Taken};
use super::say;
use super::tools::{Kind, Tool};

/// Nobody waits longer, in seconds. What the crates depend on is checked within it as well.
const MOST: u32 = 600;
/// How many operations a document of the sample has: enough to be worth a crate, and few enough for a small machine.
const OPERATIONS: std::ops::RangeInclusive<usize> = 20..=100;
/// How many documents the sample has.
const SAMPLE: usize = 12;

/// What the check of a crate took.
pub(super) struct Checked {
    pub(super) taken: Taken,
    /// The CPU time of the same turn without what is generated: letterhead's library, which its code is a part of.
    pub(super) without: f64,
}

/// For each document what the check of each tool's crate took; none where the document isn't of the sample, or the crate
/// doesn't compile.
pub(super) type Checks = Vec<Vec<Option<Checked>>>;

/// Which documents are checked: the same number of all between two of them.
pub(super) fn sample(documents: &[Document]) -> Vec<usize> {
    let fit = |index: &usize| OPERATIONS.contains(&documents[*index].operations);
    let fit: Vec<usize> = (0..documents.len()).filter(fit).collect();
    fit.iter().copied().step_by((fit.len() / SAMPLE).max(1)).take(SAMPLE).collect()
}

/// Checks what was generated from the sample, by all tools in turn.
pub(super) fn measure(
    tools: &[Tool],
    documents: &[Document],
    generated: &Generated,
    folder: &Path,
    out: &mut dyn Write,
) -> anyhow::Result<Checks> {
    let mut checks: Checks = documents.iter().map(|_| Vec::new()).collect();
    let library = Crate::new(folder, "library", Kind::Letterhead);
    Copy::at(library.folder.clone(), [])?;
    for index in sample(documents) {
        say(out, &format!("checking what is made of {}", documents[index].name))?;
        let without = library.check()?.taken.map_or(0.0, |taken| taken.cpu);
        for (place, tool) in tools.iter().enumerate() {
            let made = generated[index][place].as_ref().filter(|made| made.operations > 0);
            let mut taken = None;
            if made.is_some() {
                let one = Crate::new(folder, tool.name, tool.kind);
                tool.as_crate(&generating::folder(folder, tool, index), &one.folder)?;
                let ended = one.check()?;
                if ended.taken.is_none() {
                    let fault = ended.said.lines().find(|line| line.starts_with("error"));
                    say(out, &format!("{}: {}", tool.name, fault.unwrap_or(&ended.said)))?;
                }
                taken = ended.taken;
            }
            let without = if tool.kind == Kind::Letterhead { without } else { 0.0 };
            checks[index].push(taken.map(|taken| Checked { taken, without }));
        }
    }
    Ok(checks)
}

/// A crate that is checked.
struct Crate {
    folder: PathBuf,
    kind: Kind,
}

impl Crate {
    fn new(folder: &Path, name: &str, kind: Kind) -> Self {
        Self { folder: folder.join("checked").join(name), kind }
    }

    /// Checks it alone, after all that it depends on.
    fn check(&self) -> anyhow::Result<Ended> {
        let entry = self.folder.join("src/lib.rs");
        let code = fs::read(&entry)?;
        // Empty, it leaves only what it depends on to be checked.
        fs::write(&entry, "")?;
        let ended = process::run(&self.command(), 1, MOST)?;
        fs::write(&entry, code)?;
        if ended.taken.is_none() {
            return Ok(ended);
        }
        process::run(&self.command(), 1, MOST)
    }

    fn command(&self) -> Command {
        let mut check = letterhead_command::cargo();
        check.args(["check", "--quiet", "--lib"]).current_dir(&self.folder);
        if self.kind == Kind::Letterhead {
            // Without its own vendors.
            check.arg("--no-default-features");
        }
        check.env("CARGO_TARGET_DIR", self.folder.join("target"));
        check.env("CARGO_INCREMENTAL", "0").env("RUSTFLAGS", "--cap-lints warn");
        check
    }
}
