//! The commands of the validator: `cargo xtask validate-spec`, `rules` and `bench`.

mod bench;
mod compile;
mod validate_spec;

use std::io;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use letterhead_command::page;

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check OpenAPI 3.0 documents, in YAML or JSON: for the wire, for the reader and for the Rust that is
    /// generated from them. Exits 0 when they are clean, 1 with findings, 2 when it could not run.
    ValidateSpec(validate_spec::Arguments),
    /// Write docs/rules.md, the page about all rules of `validate-spec`.
    Rules(page::Arguments),
    /// Measure, and compare with other tools.
    Bench {
        #[command(subcommand)]
        what: Bench,
    },
}

#[derive(Subcommand)]
enum Bench {
    /// Time, memory and faults caught by `validate-spec` and by the common validators, which are
    /// installed from the registries of Node and Python into `target/`.
    Validate(bench::Arguments),
}

fn main() -> ExitCode {
    let matches = Arguments::command().get_matches();
    let arguments = Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    letterhead_command::run(|| match arguments.command {
        Command::ValidateSpec(arguments) => {
            let (_, matches) = matches.subcommand().expect("there is a subcommand");
            validate_spec::run(&arguments, matches)
        }
        Command::Rules(arguments) => {
            let page = letterhead_validator::rules_page();
            page::update(arguments, "rules", &page, &mut io::stdout().lock())
        }
        Command::Bench { what: Bench::Validate(arguments) } => {
            bench::run(&arguments, &mut io::stdout().lock())
        }
    })
}
