//! `letterhead-lint.toml`: what a folder says about the documents in it and below.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use globset::{Glob, GlobSet, GlobSetBuilder};
use serde::Deserialize;

use crate::levels::{Level, Levels, Places, matches};
use crate::rule::Purpose;

/// The name of the file.
pub const FILE: &str = "letterhead-lint.toml";

/// A configuration, and the folder that its globs start from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Config {
    folder: PathBuf,
    content: Content,
}

/// What stands in the file; `letterhead-lint.schema.json` says the same.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Content {
    /// For editors; says nothing.
    #[serde(rename = "$schema")]
    _schema: Option<String>,
    #[serde(rename = "for")]
    purpose: Option<Word>,
    #[serde(default)]
    deny_warnings: bool,
    #[serde(default)]
    exclude: Vec<String>,
    /// The extensions that tools of the author read; others are reported.
    extensions: Option<Vec<String>>,
    baseline: Option<PathBuf>,
    #[serde(default)]
    levels: BTreeMap<String, Choice>,
    #[serde(default, rename = "override")]
    overrides: Vec<Override>,
}

/// Other levels for some files, or for some places in them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Override {
    files: Option<Vec<String>>,
    pointers: Option<Vec<String>>,
    levels: BTreeMap<String, Choice>,
    /// Why; for the reader.
    #[serde(rename = "reason")]
    _reason: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Choice {
    Allow,
    Warn,
    Deny,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Word {
    Spec,
    Rust,
    Letterhead,
}

impl Config {
    /// The configuration of the nearest folder, from the document's own upwards; none where there is none.
    pub(crate) fn nearest(document: &Path) -> anyhow::Result<Self> {
        let document = document.canonicalize().unwrap_or_else(|_| document.to_owned());
        let file = document.ancestors().skip(1).map(|folder| folder.join(FILE));
        match { file }.find(|file| file.is_file()) {
            Some(file) => Self::read(&file),
            None => Ok(Self::default()),
        }
    }

    /// Reads a file.
    pub(crate) fn read(file: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(file)
            .with_context(|| format!("`{}` can't be read", file.display()))?;
        let content = toml::from_str(&text)
            .map_err(|error| anyhow!("`{}`: {}", file.display(), error.to_string().trim()))?;
        let folder = file.canonicalize().unwrap_or_else(|_| file.to_owned());
        let folder = folder.parent().map(Path::to_owned).unwrap_or_default();
        let config = Self { folder, content };
        // A word that names no rule is refused even where it is about no document.
        config.levels().with_context(|| format!("`{}`", file.display()))?;
        globs(&config.content.exclude).with_context(|| format!("`{}`", file.display()))?;
        Ok(config)
    }

    pub(crate) fn purpose(&self) -> Option<Purpose> {
        self.content.purpose.map(|word| match word {
            Word::Spec => Purpose::Spec,
            Word::Rust => Purpose::Rust,
            Word::Letterhead => Purpose::Letterhead,
        })
    }

    pub(crate) fn extensions(&self) -> Option<&[String]> {
        self.content.extensions.as_deref()
    }

    pub(crate) fn baseline(&self) -> Option<PathBuf> {
        self.content.baseline.as_ref().map(|file| self.folder.join(file))
    }

    /// Whether a file is left out: as a document that was found in a folder, and as a part of another one.
    pub(crate) fn excludes(&self, file: &Path) -> anyhow::Result<bool> {
        let globs = globs(&self.content.exclude)?;
        Ok(!globs.is_empty() && matches(&(self.folder.clone(), globs), file))
    }

    /// What it says about the rules.
    pub(crate) fn levels(&self) -> anyhow::Result<Levels> {
        let mut levels = Levels::default();
        if self.content.deny_warnings {
            levels.set("warnings", Level::Deny)?;
        }
        set(&mut levels, &self.content.levels, &Places::default())?;
        for it in &self.content.overrides {
            let files = it.files.as_deref().map(globs).transpose()?;
            let pointers = it.pointers.as_deref().map(globs).transpose()?;
            let files = files.map(|files| (self.folder.clone(), files));
            set(&mut levels, &it.levels, &Places { files, pointers })?;
        }
        Ok(levels)
    }
}

/// The widest word first: `all`, then families, then single rules.
fn set(
    levels: &mut Levels,
    choices: &BTreeMap<String, Choice>,
    places: &Places,
) -> anyhow::Result<()> {
    let mut choices: Vec<(&String, &Choice)> = choices.iter().collect();
    choices.sort_by_key(|(word, _)| (*word != "all", crate::levels::rule(word).is_ok()));
    for (word, choice) in choices {
        let level = match choice {
            Choice::Allow => Level::Allow,
            Choice::Warn => Level::Warn,
            Choice::Deny => Level::Deny,
        };
        levels.set_at(word, level, places)?;
    }
    Ok(())
}

fn globs(patterns: &[String]) -> anyhow::Result<GlobSet> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        set.add(Glob::new(pattern).with_context(|| format!("`{pattern}` is no glob"))?);
    }
    Ok(set.build()?)
}
