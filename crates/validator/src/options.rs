use std::path::PathBuf;

use crate::levels::Levels;
use crate::rule::Purpose;

/// How a document is judged.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What the document is for.
    pub purpose: Purpose,
    /// When the generator is tried.
    pub dry_run: DryRun,
    /// The levels of rules that differ from their own severity.
    pub levels: Levels,
    /// The document's own file. Files that it refers to are read in the same folder and below, and none where
    /// this isn't known.
    pub file: Option<PathBuf>,
    /// The extensions that are known; all are where there are none.
    pub extensions: Option<Vec<String>>,
}

/// When the generator is tried on a document: it takes longer than all rules together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DryRun {
    /// Where no rule has found an error.
    #[default]
    Auto,
    /// On faulty documents, too.
    Always,
    /// Never.
    Never,
}
