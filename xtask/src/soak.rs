//! `cargo xtask soak`: has `letterhead-soak` make its run.
//!
//! In a process of its own, since it is built on the clients: xtask has to work while a document is
//! broken and there are none.

use std::env;
use std::ffi::OsString;
use std::process::Command;

use anyhow::{Context, bail};
use clap::Args;

use crate::root;

#[derive(Args)]
pub(crate) struct Arguments {
    /// What `letterhead-soak` is given.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    given: Vec<OsString>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<bool> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["run", "--quiet", "--package", "letterhead-soak", "--"])
        .args(&arguments.given)
        .current_dir(root())
        .status()
        .context("can't start cargo")?;
    match status.code() {
        Some(0) => Ok(true),
        Some(1) => Ok(false),
        _ => bail!("the run ended with {status}"),
    }
}
