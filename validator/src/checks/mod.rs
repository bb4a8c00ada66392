//! The rules, a file for each family.

mod examples;
mod generator;
mod layer;
pub(crate) mod operations;
pub(crate) mod references;
mod schemas;
pub(crate) mod structure;
pub(crate) mod syntax;

use crate::rule::{Check, Rule};

/// Every check, in the order they run: later ones may be quiet where earlier ones have spoken.
pub(crate) static CHECKS: &[&Check] = &[
    &syntax::CHECK,
    &structure::CHECK,
    &references::targets::CHECK,
    &references::cycles::CHECK,
    &references::links::CHECK,
    &references::expressions::CHECK,
    &operations::paths::CHECK,
    &operations::templates::CHECK,
    &operations::parameters::CHECK,
    &operations::stray::CHECK,
    &operations::ids::CHECK,
    &operations::responses::CHECK,
    &operations::content::CHECK,
    &operations::security::CHECK,
    &operations::servers::CHECK,
    &operations::urls::CHECK,
    &operations::version::CHECK,
    &references::tags::CHECK,
    &references::unused::CHECK,
    &schemas::types::CHECK,
    &schemas::keywords::CHECK,
    &schemas::required::CHECK,
    &schemas::values::CHECK,
    &schemas::bounds::CHECK,
    &schemas::formats::CHECK,
    &schemas::patterns::CHECK,
    &schemas::composition::CHECK,
    &schemas::discriminator::CHECK,
    &schemas::direction::CHECK,
    &examples::CHECK,
    &layer::headers::CHECK,
    &layer::security::CHECK,
    &layer::operations::CHECK,
    &layer::repetition::CHECK,
    &layer::decisions::CHECK,
    &layer::extensions::CHECK,
    &generator::bodies::CHECK,
    &generator::patches::CHECK,
    &generator::parameters::CHECK,
    &generator::compositions::CHECK,
    &generator::values::CHECK,
    &generator::names::CHECK,
    &generator::dry_run::CHECK,
];

/// Every rule, by family.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    CHECKS.iter().flat_map(|check| check.rules)
}

/// The rule with this code.
pub(crate) fn find(code: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.code == code)
}

/// The place of a rule's family in the order that families run in.
pub(crate) fn rank(code: &str) -> Option<usize> {
    CHECKS
        .iter()
        .position(|check| check.rules.iter().any(|rule| rule.code == code))
}
