//! `letterhead`: one company file, planned and applied across three vendors, and every operation from the shell.
//!
//! This only dispatches. A command is a module with `Arguments` and `run`.

mod call;
mod company;
mod completions;
mod connect;
mod doctor;
#[expect(dead_code, reason = "the first command that plans uses all of it")]
mod exit;
mod json;
#[expect(dead_code, reason = "the first command that shows progress uses all of it")]
mod output;
mod schema;
mod sign_in;
mod token_file;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

use connect::Session;
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
    Call(call::Arguments),
    Doctor(doctor::Arguments),
    SignIn(sign_in::Arguments),
    Schema(schema::Arguments),
    Completions(completions::Arguments),
    Man(completions::ManArguments),
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
    connect: &connect::Arguments,
    command: Command,
    output: &mut Output,
) -> anyhow::Result<Exit> {
    match command {
        Command::Call(arguments) => Session::run(connect, |it| call::run(it, arguments, output)),
        Command::Doctor(arguments) => {
            Session::run(connect, |it| doctor::run(it, &arguments, output))
        }
        Command::SignIn(arguments) => {
            Session::run(connect, |it| sign_in::run(it, &arguments, output))
        }
        Command::Schema(arguments) => schema::run(&arguments, output),
        Command::Completions(arguments) => completions::run(&arguments, Cli::command(), output),
        Command::Man(arguments) => completions::man(&arguments, Cli::command(), output),
    }
}
