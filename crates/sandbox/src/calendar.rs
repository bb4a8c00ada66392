//! The time at which the calendar of the services stands still.

/// What is made or deleted gets this time.
pub(crate) const NOW: &str = "2026-10-05T07:12:44Z";

/// The same as Campaign Standard writes it.
pub(crate) const NOW_IN_CAMPAIGN: &str = "2026-10-05 07:12:44.000Z";
