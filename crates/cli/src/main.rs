//! `letterhead`: one company file, planned and applied across three vendors, and every operation from the shell.
//!
//! This only dispatches. A command is a module with `Arguments` and `run`.

mod apply;
mod became;
mod call;
mod company;
mod completions;
mod connect;
mod doctor;
mod exit;
mod folder;
mod import;
mod journal;
mod json;
mod log;
mod mapping;
mod matrix;
mod output;
mod page;
mod plan;
mod progress;
mod reading;
mod schema;
mod select;
mod shape;
mod shown;
mod sign_in;
mod step;
mod target;
mod token_file;
mod value;
mod vendors;
mod waits;
mod wanted;
mod writes;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

use connect::Session;
use exit::Exit;
use output::Output;
use waits::Shown;

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
    Plan(plan::Arguments),
    Drift(plan::DriftArguments),
    Apply(apply::Arguments),
    Matrix(matrix::Arguments),
    Import(import::Arguments),
    Log(log::Arguments),
    Show(log::ShowArguments),
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
    let waits = if output.is_quiet() { Shown::Nowhere } else { Shown::Lines };
    match command {
        Command::Plan(arguments) => {
            Session::run(connect, waits, |it| plan::run(arguments, it, output))
        }
        Command::Drift(arguments) => {
            Session::run(connect, waits, |it| plan::drift(arguments, it, output))
        }
        Command::Apply(arguments) => {
            Session::run(connect, waits, |it| apply::run(arguments, it, output))
        }
        Command::Matrix(arguments) => {
            Session::run(connect, waits, |it| matrix::run(arguments, it, output))
        }
        Command::Import(arguments) => {
            Session::run(connect, waits, |it| import::run(arguments, it, output))
        }
        Command::Log(arguments) => log::run(arguments, output),
        Command::Show(arguments) => log::show(arguments, output),
        Command::Call(arguments) => {
            Session::run(connect, waits, |it| call::run(it, arguments, output))
        }
        Command::Doctor(arguments) => {
            Session::run(connect, waits, |it| doctor::run(it, &arguments, output))
        }
        Command::SignIn(arguments) => {
            Session::run(connect, waits, |it| sign_in::run(it, &arguments, output))
        }
        Command::Schema(arguments) => schema::run(&arguments, output),
        Command::Completions(arguments) => completions::run(&arguments, Cli::command(), output),
        Command::Man(arguments) => completions::man(&arguments, Cli::command(), output),
    }
}
