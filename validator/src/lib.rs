//! Checks OpenAPI 3.0 documents: for the vendor's wire, for the reader, and for the Rust that is
//! generated from them.
//!
//! ```
//! let text = "openapi: 3.0.3\ninfo: {title: Pets, verison: '1'}\npaths: {}\n";
//! let report = letterhead_validator::check("pets.yaml", text, Default::default());
//! assert_eq!(report.diagnostics[0].code, "unknown-key");
//! assert_eq!(report.diagnostics[0].help, "did you mean `version`?");
//! ```
//!
//! A rule is an entry in its family's table under `rules/` (its code, its reason, an example of wrong
//! and one of right, both of which are tests) and a screen of code beside it.

mod diagnostic;
mod levels;
mod model;
mod render;
mod rule;
mod rules;
mod shape;
mod walk;

use std::panic::resume_unwind;
use std::thread;

use letterhead_document::{Document, Span};

pub use diagnostic::{Diagnostic, Severity};
pub use levels::{Level, Levels, UnknownRule, rule};
pub use render::{Format, Look, explain, list_rules, render, rules_page};
pub use rule::{Family, Rule, Sample};
pub use rules::all as all_rules;

use diagnostic::{Finding, one_line};
use model::Model;

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

/// A document and what was found in it, in the order it stands in the document.
#[derive(Debug)]
pub struct Report {
    /// The document as far as it could be read.
    pub document: Document,
    /// What was found.
    pub diagnostics: Vec<Diagnostic>,
}

/// What it takes to follow a document that is as deep as may be, without optimization.
const STACK: usize = 64 << 20;

/// Checks one document; `name` is how messages call it.
///
/// It works on a thread of its own, whose stack is large enough for any document.
///
/// # Panics
/// Where the system has no thread left.
#[must_use]
pub fn check(name: &str, bytes: impl Into<Vec<u8>>, options: Options) -> Report {
    let bytes = bytes.into();
    let work = || check_here(name, bytes, options);
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK);
        let thread = thread.spawn_scoped(scope, work).expect("a thread");
        thread.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

fn check_here(name: &str, bytes: Vec<u8>, options: Options) -> Report {
    let (document, mut findings) = rules::syntax::read(name, bytes);
    let readable = findings
        .list
        .iter()
        .all(|finding| !rules::syntax::is_fatal(finding.code));
    if readable && !rules::operations::version::is_foreign(&document, &mut findings) {
        let model = Model::of(&document, options, &mut findings);
        for check in rules::CHECKS {
            (check.run)(&model, &mut findings);
        }
    }
    let mut diagnostics: Vec<Diagnostic> = findings.list.into_iter().map(diagnostic).collect();
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span, rules::rank(diagnostic.code)));
    // What two families say about the same place is one fault, told by the one that comes first.
    diagnostics.dedup_by(|later, earlier| {
        later == earlier
            || later.span == earlier.span && rules::rank(later.code) != rules::rank(earlier.code)
    });
    Report {
        document,
        diagnostics,
    }
}

fn diagnostic(finding: Finding) -> Diagnostic {
    let rule = rules::find(finding.code);
    Diagnostic {
        code: finding.code,
        severity: rule.map_or(Severity::Error, |rule| rule.severity),
        message: one_line(finding.message),
        help: one_line(finding.help),
        span: finding.span,
        also: finding.also,
    }
}

/// The first byte, where a finding is about the document as a whole.
pub(crate) const START: Span = Span { start: 0, end: 0 };
