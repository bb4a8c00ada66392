//! `letterhead`: one company file, planned and applied across three vendors, and every operation from the shell.
//!
//! This only dispatches. A command is a module with `Arguments` and `run`.

mod company;
#[expect(dead_code, reason = "the first command that calls vendors uses all of it")]
mod connect;
#[expect(dead_code, reason = "the first command that plans uses all of it")]
mod exit;
#[expect(dead_code, reason = "the first command that shows progress uses all of it")]
mod output;
mod schema;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use exit::Exit;
use output::Output;

/// Plan and apply one company's data at Partner Center, Cloudflare and Campaign Standard.
///
/// Credentials come from the environment; `--sandbox` needs none. Exits with 0 when there is nothing to do or all
/// is done, 1 after an error, 2 when there are changes, 3 when a part was applied.
#[derive(Parser)]
#[command(name = "letterhead", version)]
struct Cli {
    #[command(flatten)]
    output: output::Arguments,
    #[command(flatten)]
    connect: connect::Arguments,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Schema(schema::Arguments),
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return exit::unusable(&error).into(),
    };
    let mut output = Output::new(&cli.output);
    let ran = run(&cli.connect, cli.command, &mut output);
    exit::of(ran, &mut output).into()
}

fn run(
    _connect: &connect::Arguments,
    command: Command,
    output: &mut Output,
) -> anyhow::Result<Exit> {
    match command {
        Command::Schema(arguments) => schema::run(&arguments, output),
    }
}
