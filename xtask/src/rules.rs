//! `cargo xtask rules`.

use std::fs;
use std::io::Write;

use anyhow::Context;
use clap::Args;

use crate::root;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Write nothing; exit 1 where the page isn't what the rules say now.
    #[arg(long)]
    check: bool,
}

/// Writes the page, or checks it; true where it is as it should be.
pub(crate) fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<bool> {
    let path = root().join("docs/rules.md");
    let page = letterhead_validator::rules_page();
    if arguments.check {
        // A page that isn't there is as stale as one can be.
        let fresh = fs::read_to_string(&path).is_ok_and(|found| found == page);
        if !fresh {
            writeln!(out, "docs/rules.md is stale: run `cargo xtask rules`")?;
        }
        return Ok(fresh);
    }
    let folder = path.parent().unwrap_or(root());
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&path, page))
        .with_context(|| format!("can't write `{}`", path.display()))?;
    writeln!(out, "wrote docs/rules.md")?;
    Ok(true)
}
