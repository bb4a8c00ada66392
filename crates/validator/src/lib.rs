//! Checks OpenAPI 3.0 documents: for the vendor's wire, for the reader, and for the Rust that is
//! generated from them.
//!
//! ```
//! let text = "openapi: 3.0.3\ninfo: {title: Pets, verison: '1'}\npaths: {}\n";
//! let report = letterhead_validator::check("pets.yaml", text, &Default::default());
//! assert_eq!(report.findings[0].rule, &letterhead_validator::rules::structure::UNKNOWN_KEY);
//! assert_eq!(report.findings[0].help, "did you mean `version`?");
//! ```
//!
//! A rule is a page, `rules/FAMILY/CODE.md` (what it demands and why, a document that breaks it, the same
//! one corrected, further cases, all of which are tests), and the code under `checks/` that looks for it.
//! The build makes a static of the page, which the code names.
//!
//! ```text
//! source -> syntax -> parts -> walk -> model, oddities -> checks -> findings -> letterhead-diagnostics
//! ```
//!
//! What other files hold becomes components of the one document. The walk records what has an odd shape and judges nothing; the checks judge.

mod about;
mod address;
mod check;
mod checks;
pub mod command;
mod finding;
mod levels;
mod model;
mod oddity;
mod options;
mod page;
mod parts;
mod patch;
mod render;
mod rule;
pub mod rules;
mod suppress;
mod walk;

use letterhead_document::shape;

pub use letterhead_diagnostics::{Format, Look, Severity};

pub use about::{explain, list_rules, rules_page};
pub use check::{Report, check, check_source};
pub use finding::Finding;
pub use levels::{Level, Levels, UnknownRule, rule};
pub use options::{DryRun, Options};
pub use page::{Case, Expected};
pub use render::{View, render};
pub use rule::{Family, Purpose, Rule};

/// Every rule, by family.
pub fn all_rules() -> impl Iterator<Item = &'static Rule> {
    rules::all()
}
