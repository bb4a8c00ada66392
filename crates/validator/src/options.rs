/// How a document is judged.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Whether it is one of letterhead's own, which the layer's rules apply to.
    pub is_own: bool,
    /// When the generator is tried.
    pub dry_run: DryRun,
}

/// When the generator is tried on a document: it takes far longer than all rules together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DryRun {
    /// Where the document is small, and no rule has found an error.
    #[default]
    Auto,
    /// On large and on faulty documents, too, operation by operation.
    Always,
    /// Never.
    Never,
}
