//! Redocly: its rules for documents, and its comparison of what was sent with them.

pub(crate) mod drift;
pub(crate) mod lint;

use tokio::process::Command;

use crate::program::Programs;

/// Redocly, which neither reports how it is used nor looks for a newer version of itself.
fn redocly(programs: &Programs) -> Command {
    let mut command = programs.npm_program("redocly");
    command.env("REDOCLY_TELEMETRY", "off").env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
    command
}
