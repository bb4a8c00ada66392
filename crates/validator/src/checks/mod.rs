//! The code that looks for what breaks a rule, a folder for each family.

mod examples;
#[cfg(feature = "generator")]
mod generator;
mod layer;
pub(crate) mod operations;
pub(crate) mod references;
pub(crate) mod schemas;
pub(crate) mod structure;
pub(crate) mod syntax;

use crate::finding::Findings;
use crate::model::Model;

/// Every check, in the order they run: later ones may be quiet where earlier ones have found something.
/// Before them come [`syntax`] and [`structure`], which work while the document is read and walked.
pub(crate) static CHECKS: &[fn(&Model<'_>, &mut Findings)] = &[
    references::targets::run,
    references::cycles::run,
    references::links::run,
    references::expressions::run,
    operations::paths::run,
    operations::templates::run,
    operations::parameters::run,
    operations::stray::run,
    operations::ids::run,
    operations::responses::run,
    operations::content::run,
    operations::security::run,
    operations::servers::run,
    operations::urls::run,
    operations::markup::run,
    operations::extensions::run,
    references::tags::run,
    references::unused::run,
    schemas::types::run,
    schemas::keywords::run,
    schemas::required::run,
    schemas::values::run,
    schemas::bounds::run,
    schemas::formats::run,
    schemas::patterns::run,
    schemas::composition::run,
    schemas::all_of::run,
    schemas::discriminator::run,
    schemas::direction::run,
    examples::listed,
    examples::run,
    layer::headers::run,
    layer::security::run,
    layer::operations::run,
    layer::retries::run,
    layer::paging::run,
    layer::decisions::run,
    layer::extensions::run,
    #[cfg(feature = "generator")]
    generator::schemas::run,
    #[cfg(feature = "generator")]
    generator::dry_run::run,
];
