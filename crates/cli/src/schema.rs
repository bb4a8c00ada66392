//! `letterhead schema`: the JSON Schema of `company.yaml`.

use std::io::Write as _;

use crate::company::CompanyFile;
use crate::exit::Exit;
use crate::output::Output;

/// Print the JSON Schema of the company file, for editors
#[derive(clap::Args)]
pub(crate) struct Arguments {}

pub(crate) fn run(_: &Arguments, output: &mut Output) -> anyhow::Result<Exit> {
    serde_json::to_writer_pretty(&mut *output, &schemars::schema_for!(CompanyFile))?;
    writeln!(output)?;
    Ok(Exit::Done)
}
