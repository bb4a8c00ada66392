//! The words that a dangerous apply needs.

use anyhow::bail;
use clap::ValueEnum;

use crate::plan::Plan;

/// What an apply may do beyond the ordinary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Word {
    /// Change who the company is: its legal name, its country, its tax id
    Identity,
    /// Clear members, or replace free text by members
    Clear,
    /// Make more changes than `--limit` says
    Many,
}

/// How many changes need no word where nobody says.
const LIMIT: usize = 20;

/// Refuses guards that would guard nothing.
///
/// # Errors
/// A limit beside the word that takes it away.
pub(crate) fn refuse_useless(allowed: &[Word], limit: Option<usize>) -> anyhow::Result<()> {
    if limit.is_some() && allowed.contains(&Word::Many) {
        bail!("`--limit` limits nothing beside `--allow many`; leave out one of them");
    }
    Ok(())
}

/// Refuses what isn't allowed.
///
/// # Errors
/// The words that are missing, each with why it is needed.
pub(crate) fn check(plan: &Plan, allowed: &[Word], limit: Option<usize>) -> anyhow::Result<()> {
    let limit = limit.unwrap_or(LIMIT);
    let counts = plan.counts();
    let needs = [
        (
            Word::Identity,
            counts.identity > 0,
            format!("`--allow identity`: {} of the changes are of identity", counts.identity),
        ),
        (
            Word::Clear,
            counts.cleared > 0,
            format!("`--allow clear`: {} of the changes clear something", counts.cleared),
        ),
        (
            Word::Many,
            counts.changes > limit,
            format!("`--allow many`: {} changes are more than {limit}", counts.changes),
        ),
    ];
    let missing =
        needs.into_iter().filter(|(word, is_needed, _)| *is_needed && !allowed.contains(word));
    let missing: Vec<_> = missing.map(|(_, _, why)| why).collect();
    if missing.is_empty() {
        return Ok(());
    }
    bail!("nothing was applied, because this needs {}", missing.join("; "));
}
