//! Shows what checks find in texts: to people, to programs, to code scanning and on GitHub.
//!
//! A check has rules and finds places where they are broken. This crate knows neither the rules nor the
//! texts: a rule is whatever is a [`Rule`], and a text is a [`Source`](letterhead_document::Source).
//!
//! ```
//! use letterhead_diagnostics::{Finding, Location, Look, Rule, Severity};
//! use letterhead_document::{Source, Span};
//!
//! struct NoTabs;
//!
//! impl Rule for NoTabs {
//!     fn code(&self) -> &str {
//!         "no-tabs"
//!     }
//!     fn summary(&self) -> &str {
//!         "Lines start with blanks."
//!     }
//! }
//!
//! let source = Source::new("pets.txt", "cats\n\tdogs\n");
//! let finding = Finding {
//!     rule: &NoTabs,
//!     severity: Severity::Error,
//!     message: "this line starts with a tab".into(),
//!     help: "write blanks".into(),
//!     locations: vec![Location::new(&source, Span { start: 5, end: 6 })],
//! };
//! let shown = letterhead_diagnostics::human(&finding, Look::default());
//! assert!(shown.starts_with("error[no-tabs]: this line starts with a tab\n --> pets.txt:2:1\n"));
//! ```

mod excerpt;
mod finding;
mod github;
mod human;
mod json;
mod sarif;

use std::io::{self, Write};

pub use finding::{Finding, Location, Rule, Severity, count, one_line};
pub use human::human;
pub use sarif::Tool;

/// The forms in which findings are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For a terminal: each finding with the lines it is about.
    #[default]
    Human,
    /// One array with an object for each finding.
    Json,
    /// SARIF 2.1.0, for code scanning services.
    Sarif,
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
        Self { colour: false, width: 120 }
    }
}

/// Writes findings in one of the forms; SARIF names the `tool` and its rules.
///
/// # Errors
/// What `out` can't take.
pub fn write(
    findings: &[Finding<'_>],
    tool: &Tool<'_>,
    (format, look): (Format, Look),
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Human => {
            findings.iter().try_for_each(|finding| writeln!(out, "{}\n", human(finding, look)))
        }
        Format::Json => json::write(findings, out),
        Format::Sarif => sarif::write(findings, tool, out),
        Format::Github => github::write(findings, out),
    }
}
