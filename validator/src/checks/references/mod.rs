//! `$ref`, and the other ways in which one part of a document names another.

pub(crate) mod cycles;
pub(crate) mod expressions;
pub(crate) mod links;
pub(crate) mod tags;
pub(crate) mod targets;
pub(crate) mod unused;

use crate::diagnostic::Severity;
use crate::rule::{Family, Rule, Sample};

const fn rule(
    code: &'static str,
    severity: Severity,
    summary: &'static str,
    reason: &'static str,
    wrong: Sample,
    right: Sample,
) -> Rule {
    Rule {
        code,
        family: Family::References,
        severity,
        summary,
        reason,
        wrong,
        right,
    }
}
