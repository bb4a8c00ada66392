//! What was found as text: for people and for programs.

mod changes;
mod check;
mod excerpt;
mod facts;
mod github;

pub use changes::changed;
pub use check::checked;
pub use facts::facts;

/// The forms of the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For a terminal.
    #[default]
    Human,
    /// One array of objects.
    Json,
    /// Workflow commands, which GitHub shows beside the lines of a pull request.
    Github,
}

/// How text for people looks.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Whether it has colours.
    pub colour: bool,
    /// How many characters fit on a line.
    pub width: usize,
}

impl Default for Look {
    /// What a file or another program gets: the same everywhere.
    fn default() -> Self {
        Self {
            colour: false,
            width: 120,
        }
    }
}

/// `3 pages`, `1 page`.
pub(crate) fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}
