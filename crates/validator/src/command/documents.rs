//! The documents that the command line names: files, folders, globs and standard input.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use globset::GlobBuilder;
use letterhead_document::Source;

use super::config::Config;

/// A document by its path, or what standard input holds.
pub(super) enum Input {
    File(PathBuf),
    Standard,
}

impl Input {
    /// What messages call it.
    pub(super) fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Standard => "stdin".to_owned(),
        }
    }

    /// Where its configuration is looked for: standard input has that of the current folder.
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::File(path) => path,
            Self::Standard => Path::new("./stdin"),
        }
    }

    /// Its file; standard input has none.
    pub(super) fn file(&self) -> Option<PathBuf> {
        match self {
            Self::File(path) => Some(path.clone()),
            Self::Standard => None,
        }
    }

    pub(super) fn read(&self) -> anyhow::Result<Source> {
        let name = self.name();
        match self {
            Self::File(path) => {
                let source = File::open(path).and_then(|file| Source::read(name, file));
                source.with_context(|| unreadable(path))
            }
            Self::Standard => {
                Source::read(name, io::stdin().lock()).context("can't read standard input")
            }
        }
    }
}

/// The documents, in the order of the words, each once.
pub(super) fn named(words: &[PathBuf]) -> anyhow::Result<Vec<Input>> {
    let mut inputs = Vec::new();
    let mut seen = BTreeSet::new();
    for word in words {
        let text = word.to_string_lossy();
        if text == "-" {
            inputs.push(Input::Standard);
            continue;
        }
        let found = if word.is_dir() {
            let found = within(word, &|_| true, true)?;
            if found.is_empty() {
                bail!(
                    "`{text}` holds no OpenAPI document, which is a `.yaml`, `.yml` or `.json` file with `openapi` in \
                     it: name a file to check it whatever it holds"
                );
            }
            found
        } else if !word.exists() && text.contains(['*', '?', '[', '{']) {
            matching(&text)?
        } else {
            vec![word.clone()]
        };
        let new = found.into_iter().filter(|path| seen.insert(path.clone()));
        inputs.extend(new.map(Input::File));
    }
    Ok(inputs)
}

/// The files that a glob matches.
fn matching(pattern: &str) -> anyhow::Result<Vec<PathBuf>> {
    let glob = GlobBuilder::new(pattern).literal_separator(true).build();
    let matcher = glob.with_context(|| format!("`{pattern}` is no glob"))?.compile_matcher();
    // Everything that it can match lies below what stands before its first wildcard.
    let fixed = pattern.find(['*', '?', '[', '{']).unwrap_or(pattern.len());
    let folder = pattern[..fixed].rfind('/').map_or(".", |end| &pattern[..=end]);
    let found = within(
        Path::new(folder),
        &|path| {
            matcher.is_match(path)
                || path.strip_prefix("./").is_ok_and(|path| matcher.is_match(path))
        },
        false,
    )?;
    if found.is_empty() {
        bail!("`{pattern}` matches no document");
    }
    Ok(found)
}

/// The documents in a folder and below, by name. Of folders, those of tools are passed over; and of files
/// that nobody named, those that are no OpenAPI documents.
fn within(
    folder: &Path,
    fits: &dyn Fn(&Path) -> bool,
    only_documents: bool,
) -> anyhow::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let entries = fs::read_dir(&folder).with_context(|| unreadable(&folder))?;
        for entry in entries {
            let entry = entry?;
            let (path, name) = (entry.path(), entry.file_name());
            let name = name.to_string_lossy();
            // A link may lead round in a circle.
            if entry.file_type()?.is_dir() {
                if !name.starts_with('.') && !matches!(&*name, "node_modules" | "target") {
                    open.push(path);
                }
                continue;
            }
            let extension = path.extension().and_then(|extension| extension.to_str());
            let is_text = extension.is_some_and(|it| ["yaml", "yml", "json"].contains(&it));
            if is_text && fits(&path) && is_file(&path)? && (!only_documents || is_document(&path)?)
            {
                let is_excluded = Config::nearest(&path)?.excludes(&path)?;
                if !is_excluded {
                    paths.push(path);
                }
            }
        }
    }
    paths.sort();
    Ok(paths)
}

/// Whether a path, through any links, leads to a file: a pipe would wait for somebody to write.
fn is_file(path: &Path) -> anyhow::Result<bool> {
    Ok(fs::metadata(path).with_context(|| unreadable(path))?.is_file())
}

fn unreadable(path: &Path) -> String {
    format!("can't read `{}`", path.display())
}

/// Whether a file says of itself that it is an OpenAPI document. One that can't be read may be one.
fn is_document(path: &Path) -> anyhow::Result<bool> {
    let bytes = fs::read(path).with_context(|| unreadable(path))?;
    let text = String::from_utf8_lossy(&bytes);
    let says = |word: &str| {
        text.match_indices(word).any(|(at, _)| {
            let before = text[..at].trim_end_matches(['"', '\'']).chars().next_back();
            let after = text[at + word.len()..].trim_start_matches(['"', '\'', ' ', '\t']);
            before.is_none_or(|c| matches!(c, '\n' | '{' | ',' | ' ' | '\u{feff}' | '\t'))
                && after.starts_with(':')
        })
    };
    Ok(says("openapi") || says("swagger"))
}
