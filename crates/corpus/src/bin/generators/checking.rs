//! What it takes to check the crate that a tool makes of a document. All that it depends on is checked before.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use letterhead_corpus::Copy;

use super::documents::Document;
use super::generating::{self, Generated};
use super::process::{self, Taken, median};
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
    /// What it took in the same turns without what is generated: letterhead's library, which its code is a part of.
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
    rounds: usize,
    out: &mut dyn Write,
) -> anyhow::Result<Checks> {
    let mut checks: Checks =
        documents.iter().map(|_| tools.iter().map(|_| None).collect()).collect();
    let library = Crate::new(folder, "library", Kind::Letterhead);
    Copy::at(library.folder.clone(), [])?;
    library.prepare()?;
    for index in sample(documents) {
        say(out, &format!("checking what is made of {}", documents[index].name))?;
        let mut crates = Vec::new();
        for (place, tool) in tools.iter().enumerate() {
            let one = Crate::new(folder, tool.name, tool.kind);
            if generated[index][place].as_ref().is_none_or(|made| made.operations == 0) {
                continue;
            }
            tool.as_crate(&generating::folder(folder, tool, index), &one.folder)?;
            match one.prepare()? {
                None => crates.push((place, one, Vec::new())),
                Some(fault) => say(out, &format!("{}: {fault}", tool.name))?,
            }
        }
        let mut without = Vec::new();
        for _ in 0..rounds {
            without.extend(library.check()?);
            for (_, one, taken) in &mut crates {
                taken.extend(one.check()?);
            }
        }
        for (place, _, taken) in crates {
            let is_letterhead = tools[place].kind == Kind::Letterhead;
            let without = median(&without).filter(|_| is_letterhead).map_or(0.0, |it| it.cpu);
            checks[index][place] = median(&taken).map(|taken| Checked { taken, without });
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

    /// Checks it with all that it depends on, and returns why it doesn't compile.
    fn prepare(&self) -> anyhow::Result<Option<String>> {
        let ended = process::run(&self.command(), MOST)?;
        let first = ended
            .said
            .lines()
            .find(|line| line.starts_with("error"))
            .unwrap_or("it takes too long");
        Ok(ended.taken.is_none().then(|| first.to_owned()))
    }

    /// Checks it alone.
    fn check(&self) -> anyhow::Result<Option<Taken>> {
        // What was written after its check is checked again.
        let entry = self.folder.join("src/lib.rs");
        fs::write(&entry, fs::read(&entry)?)?;
        Ok(process::run(&self.command(), MOST)?.taken)
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
