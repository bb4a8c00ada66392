use letterhead_diagnostics::Tool;

use crate::rules;

/// How SARIF names this crate.
pub(super) fn tool() -> Tool<'static> {
    Tool {
        name: env!("CARGO_PKG_NAME"),
        package: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        rules: rules::ALL.iter().map(|rule| *rule as _).collect(),
    }
}
