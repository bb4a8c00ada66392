//! Pages under `docs/` that a command writes, or checks with `--check`.

use std::fs;
use std::io::Write;

use anyhow::Context;
use clap::Args;

use crate::{api, root};

#[derive(Args)]
pub(crate) struct Arguments {
    /// Write nothing; exit 1 where the page is out of date.
    #[arg(long)]
    check: bool,
}

/// `cargo xtask operations`.
pub(crate) fn operations(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<bool> {
    let documents = api::documents().map(|path| api::read(&path));
    let documents = documents.collect::<anyhow::Result<Vec<_>>>()?;
    let page = letterhead_codegen::operations_page(&documents);
    arguments.run("operations", &page, out)
}

/// `cargo xtask rules`.
pub(crate) fn rules(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<bool> {
    arguments.run("rules", &letterhead_validator::rules_page(), out)
}

impl Arguments {
    /// Writes the page of the command `name`, or checks it; true where it is up to date.
    fn run(&self, name: &str, page: &str, out: &mut dyn Write) -> anyhow::Result<bool> {
        let file = format!("docs/{name}.md");
        let path = root().join(&file);
        // A missing page is out of date as well.
        let is_fresh = fs::read_to_string(&path).is_ok_and(|found| found == page);
        if is_fresh {
            writeln!(out, "{file}: up to date")?;
        } else if self.check {
            writeln!(out, "{file} is out of date: run `cargo xtask {name}`")?;
        } else {
            fs::write(&path, page).with_context(|| format!("can't write `{file}`"))?;
            writeln!(out, "{file}: written")?;
        }
        Ok(is_fresh || !self.check)
    }
}
