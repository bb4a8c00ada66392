//! What each tool makes of each document, and what it takes for it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::documents::Document;
use super::process::{self, Taken, median};
use super::say;
use super::tools::Tool;

/// Nobody waits longer, in seconds.
const MOST: u32 = 60;

/// How many times a tool generates in a round: most documents take some milliseconds.
const TIMES: u32 = 5;

/// What a tool made of a document.
pub(super) struct Made {
    /// How many operations it has.
    pub(super) operations: usize,
    pub(super) lines: usize,
    /// What it took.
    pub(super) taken: Taken,
    /// Whether it said anything on standard error, where it would say what it left out.
    pub(super) is_told: bool,
}

/// For each document what each tool made of it; none where it makes nothing.
pub(super) type Generated = Vec<Vec<Option<Made>>>;

/// Generates from all documents by all tools, in turn.
pub(super) fn measure(
    tools: &[Tool],
    documents: &[Document],
    folder: &Path,
    rounds: usize,
    out: &mut dyn Write,
) -> anyhow::Result<Generated> {
    let mut generated = Vec::new();
    for (index, document) in documents.iter().enumerate() {
        say(out, &format!("generating from {}", document.name))?;
        let mut taken: Vec<Vec<Taken>> = vec![Vec::new(); tools.len()];
        let mut is_told = vec![false; tools.len()];
        for _ in 0..rounds {
            for (place, tool) in tools.iter().enumerate() {
                let folder = self::folder(folder, tool, index);
                let _ = fs::remove_dir_all(&folder);
                fs::create_dir_all(&folder)?;
                let ended = process::run(&tool.generate(&document.path, &folder), TIMES, MOST)?;
                is_told[place] |= tool.is_telling(&ended.said);
                taken[place].extend(ended.taken);
            }
        }
        let mut row = Vec::new();
        for (place, tool) in tools.iter().enumerate() {
            let taken = median(&taken[place]).filter(|_| taken[place].len() == rounds);
            let Some(taken) = taken else {
                row.push(None);
                continue;
            };
            let (operations, lines) = tool.made(&self::folder(folder, tool, index))?;
            row.push(Some(Made { operations, lines, taken, is_told: is_told[place] }));
        }
        generated.push(row);
    }
    Ok(generated)
}

/// Where a tool puts what it makes of a document.
pub(super) fn folder(folder: &Path, tool: &Tool, document: usize) -> PathBuf {
    folder.join(format!("made/{}/{document}", tool.name))
}
