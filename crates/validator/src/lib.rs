//! Checks OpenAPI 3.0 documents: for the vendor's wire, for the reader, and for the Rust that is
//! generated from them.
//!
//! ```
//! let text = "openapi: 3.0.3\ninfo: {title: Pets, verison: '1'}\npaths: {}\n";
//! let report = letterhead_validator::check("pets.yaml", text, Default::default());
//! assert_eq!(report.diagnostics[0].rule, &letterhead_validator::rules::structure::UNKNOWN_KEY);
//! assert_eq!(report.diagnostics[0].help, "did you mean `version`?");
//! ```
//!
//! A rule is a page, `rules/FAMILY/CODE.md` (what it demands and why, a document that breaks it, the same
//! one mended, further cases, all of which are tests), and the code under `checks/` that looks for it. The
//! build makes a static of the page, which the code names.

mod checks;
mod diagnostic;
mod levels;
mod model;
mod page;
mod patch;
mod render;
mod rule;
pub mod rules;
mod shape;
mod walk;

use std::panic::resume_unwind;
use std::thread;

use letterhead_document::{Document, Span};

pub use diagnostic::{Diagnostic, Severity};
pub use levels::{Level, Levels, UnknownRule, rule};
pub use page::{Case, Expected};
pub use render::{Format, Look, explain, list_rules, render, rules_page};
pub use rule::{Family, Rule};

use checks::operations::version;
use checks::syntax;
use diagnostic::{Finding, one_line};
use model::Model;

/// Every rule, by family.
pub fn all_rules() -> impl Iterator<Item = &'static Rule> {
    rules::all()
}

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
    let (document, mut findings) = syntax::read(name, bytes);
    let is_readable = !findings.list.iter().any(syntax::is_fatal);
    if is_readable && !version::is_foreign(&document, &mut findings) {
        let model = findings.of_check(1, |findings| Model::of(&document, options, findings));
        for (check, rank) in checks::CHECKS.iter().zip(2..) {
            findings.of_check(rank, |findings| check(&model, findings));
        }
    }
    let mut found = findings.list;
    found.sort_by_key(|finding| (finding.span, finding.rank));
    // What two checks find at the same place is one fault, and the earlier one's to report.
    found.dedup_by(|later, earlier| {
        later == earlier || later.span == earlier.span && later.rank != earlier.rank
    });
    Report {
        document,
        diagnostics: found.into_iter().map(diagnostic).collect(),
    }
}

fn diagnostic(finding: Finding) -> Diagnostic {
    Diagnostic {
        rule: finding.rule,
        severity: finding.rule.severity,
        message: one_line(finding.message),
        help: one_line(finding.help),
        span: finding.span,
        also: finding.also,
    }
}

/// The first byte, where a finding is about the document as a whole.
pub(crate) const START: Span = Span { start: 0, end: 0 };
