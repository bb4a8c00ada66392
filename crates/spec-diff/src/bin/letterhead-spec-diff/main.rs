//! The commands about what is generated from the documents: `cargo xtask api`, `operations` and `spec diff`.

mod api;
mod diff;

use std::io;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use letterhead_command::page;

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write docs/operations.md, the page about all operations of the documents. Exits 1 where `--check`
    /// finds it out of date.
    Operations(page::Arguments),
    /// Write the snapshots of the generated public API, `spec/*.api`, so that a diff shows what an edit
    /// of a document does to callers. Exits 1 where `--check` finds one out of date.
    Api(api::Arguments),
    /// Compare documents.
    Spec {
        #[command(subcommand)]
        what: Spec,
    },
}

#[derive(Subcommand)]
enum Spec {
    /// Say what changed from one document to another: on the wire, in the generated Rust, in words.
    /// Exits 0 when nobody has to change anything, 1 when somebody has to, 2 when it could not run.
    Diff(diff::Arguments),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let out = &mut io::stdout().lock();
    letterhead_command::run(|| match arguments.command {
        Command::Operations(arguments) => {
            let documents = letterhead_command::documents();
            let documents = documents.map(|path| letterhead_command::read(&path));
            let documents = documents.collect::<anyhow::Result<Vec<_>>>()?;
            let page = letterhead_codegen::operations_page(&documents);
            page::update(arguments, "operations", &page, out)
        }
        Command::Api(arguments) => api::run(&arguments, out),
        Command::Spec { what: Spec::Diff(arguments) } => diff::run(&arguments, out),
    })
}
