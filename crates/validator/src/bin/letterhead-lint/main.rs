//! Checks OpenAPI 3.0 documents: a program that needs no checkout of letterhead.

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser};
use letterhead_command::{Color, Terminal};
use letterhead_validator::command::{self, Home};
use letterhead_validator::{Look, Purpose};

/// Check OpenAPI 3.0 documents, in YAML or JSON. Exits 0 where there is no error, 1 where there is one, and
/// 2 when it could not run.
#[derive(Parser)]
#[command(name = "letterhead-lint", version)]
struct Program {
    #[command(flatten)]
    arguments: command::Arguments,
    /// When to use colours.
    #[arg(long, value_enum, default_value_t)]
    color: Color,
}

fn main() -> ExitCode {
    let matches = Program::command().get_matches();
    let program = Program::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    letterhead_command::run(|| {
        let Terminal { out, colour, width } = &mut Terminal::new(program.color);
        let look = Look { colour: *colour, width: width.unwrap_or(Look::default().width) };
        let home = Home { documents: None, purpose: &|_| Purpose::Spec, asks_for_rust: false };
        let (reports, is_good) = command::run(&program.arguments, &matches, &home, look, out)?;
        command::end(reports, out)?;
        Ok(is_good)
    })
}
