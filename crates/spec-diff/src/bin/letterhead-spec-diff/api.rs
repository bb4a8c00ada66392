//! `cargo xtask api`.

use std::fs;
use std::io::Write;

use anyhow::{Context, anyhow};
use clap::Args;
use letterhead_command::{documents, read, root};
use similar::{ChangeTag, TextDiff};

#[derive(Args)]
pub(crate) struct Arguments {
    /// Write nothing, and fail where a snapshot differs from what would be generated.
    #[arg(long)]
    check: bool,
}

/// Writes or checks the snapshot of each document's public API; true where all are as they should be.
pub(crate) fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<bool> {
    let mut is_fresh = true;
    for path in documents() {
        let snapshot = path.with_extension("api");
        let name = snapshot.strip_prefix(root()).unwrap_or(&snapshot).display().to_string();
        let lines = letterhead_codegen::api(&read(&path)?).map_err(|fault| anyhow!("{fault}"))?;
        let text: String = lines.iter().flat_map(|line| [line, "\n"]).collect();
        let stored = fs::read_to_string(&snapshot).unwrap_or_default();
        if stored == text {
            writeln!(out, "{name}: {} lines, up to date", lines.len())?;
            continue;
        }
        if arguments.check {
            is_fresh = false;
            let changes = TextDiff::from_lines(&stored, &text);
            for change in changes.iter_all_changes() {
                if change.tag() != ChangeTag::Equal {
                    write!(out, "{name}: {} {change}", change.tag())?;
                }
            }
        } else {
            fs::write(&snapshot, text).with_context(|| format!("{name} can't be written"))?;
            writeln!(out, "{name}: {} lines, written", lines.len())?;
        }
    }
    if !is_fresh {
        writeln!(
            out,
            "\nthe generated API differs from its snapshot; run `cargo xtask api` and look at the diff"
        )?;
    }
    Ok(is_fresh)
}
