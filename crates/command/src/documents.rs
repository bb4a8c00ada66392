//! The documents of `spec/`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use letterhead_document::Document;
use letterhead_spec::VENDORS;

use crate::root;

/// The documents of all vendors. From the project's root their paths are short, which messages show and an
/// editor can open.
pub fn documents() -> impl Iterator<Item = PathBuf> {
    let folder = spec();
    VENDORS.iter().map(move |vendor| folder.join(vendor.file))
}

/// The documents' folder.
#[must_use]
pub fn spec() -> PathBuf {
    match std::env::current_dir() {
        Ok(here) if here == root() => PathBuf::from("spec"),
        _ => root().join("spec"),
    }
}

/// Reads a document, which has the name of its path from the project's root.
///
/// # Errors
///
/// The file can't be read, or is no document.
pub fn read(path: &Path) -> anyhow::Result<Document> {
    let text =
        fs::read_to_string(path).with_context(|| format!("{} can't be read", path.display()))?;
    let name = path.strip_prefix(root()).unwrap_or(path).display().to_string();
    Document::parse(&name, &text).map_err(|fault| anyhow!("{fault}"))
}
