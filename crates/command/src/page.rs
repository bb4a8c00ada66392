//! Pages under `docs/` that a command writes, or checks with `--check`.

use std::fs;
use std::io::Write;

use anyhow::Context;
use clap::Args;

use crate::root;

/// The arguments of a command that writes a page.
#[derive(Args, Clone, Copy, Debug)]
pub struct Arguments {
    /// Write nothing; exit 1 where the page is out of date.
    #[arg(long)]
    check: bool,
}

/// Writes the page of the command `name`, or checks it; true where it is up to date.
///
/// # Errors
///
/// The page, or `out`, can't be written.
pub fn update(
    arguments: Arguments,
    name: &str,
    page: &str,
    out: &mut dyn Write,
) -> anyhow::Result<bool> {
    update_file(arguments, name, &format!("docs/{name}.md"), page, out)
}

/// Writes another file of the command `name`, or checks it; true where it is up to date.
///
/// # Errors
///
/// The file, or `out`, can't be written.
pub fn update_file(
    arguments: Arguments,
    name: &str,
    file: &str,
    text: &str,
    out: &mut dyn Write,
) -> anyhow::Result<bool> {
    let path = root().join(file);
    // A missing file is out of date as well.
    let is_fresh = fs::read_to_string(&path).is_ok_and(|found| found == text);
    if is_fresh {
        writeln!(out, "{file}: up to date")?;
    } else if arguments.check {
        writeln!(out, "{file} is out of date: run `cargo xtask {name}`")?;
    } else {
        fs::write(&path, text).with_context(|| format!("can't write `{file}`"))?;
        writeln!(out, "{file}: written")?;
    }
    Ok(is_fresh || !arguments.check)
}
