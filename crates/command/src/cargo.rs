//! Cargo, run by a program that cargo runs.

use std::env;
use std::process::Command;

/// Cargo, as if it were run by hand.
///
/// What cargo tells a program that it runs, such as `CARGO_PKG_NAME`, does not reach it. The build script of ring has
/// cargo compare that with the last build: ring and all that stands on it would be built again, and once more by hand.
#[must_use]
pub fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in env::vars_os() {
        if is_told_by_cargo(&name.to_string_lossy()) {
            cargo.env_remove(name);
        }
    }
    cargo
}

fn is_told_by_cargo(name: &str) -> bool {
    name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_does_not_hear_of_the_package_that_runs_it() {
        // This is a test that cargo runs.
        assert!(env::var_os("CARGO_PKG_NAME").is_some());
        let cargo = cargo();
        let removed: Vec<_> =
            cargo.get_envs().filter(|(_, value)| value.is_none()).map(|(name, _)| name).collect();
        assert!(removed.iter().any(|name| *name == "CARGO_PKG_NAME"), "{removed:?}");
        assert!(removed.iter().any(|name| *name == "CARGO_MANIFEST_DIR"), "{removed:?}");
        assert!(removed.iter().all(|name| *name != "CARGO_HOME" && *name != "CARGO_TARGET_DIR"));
    }
}
