//! `cargo xtask conformance`: has `letterhead-conformance` ask the judges.
//!
//! In a process of its own, since it is built on the clients: xtask has to work while a document is
//! broken and there are none.

use std::env;
use std::process::Command;

use anyhow::{Context, bail};

use crate::root;

pub(crate) fn run() -> anyhow::Result<bool> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["run", "--quiet", "--package", "letterhead-conformance"])
        .current_dir(root())
        .status()
        .context("can't start cargo")?;
    match status.code() {
        Some(0) => Ok(true),
        Some(1) => Ok(false),
        _ => bail!("the run ended with {status}"),
    }
}
