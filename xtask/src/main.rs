//! The maintainer's commands: `cargo xtask --help` lists them.

mod examples;
mod validate_spec;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "The maintainer's commands of letterhead."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check OpenAPI documents: they parse, the generator takes them, and every example fits its
    /// schema. Exits 0 when they are clean, 1 with findings, 2 when it could not run.
    ValidateSpec {
        /// The documents; `spec/*.yaml` when none is named.
        paths: Vec<PathBuf>,
    },
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::ValidateSpec { paths } => {
            validate_spec::run(&paths, &mut std::io::stdout().lock())
        }
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            // The last word of a command that could not run.
            #[expect(clippy::print_stderr, reason = "there is nowhere else to say it")]
            {
                eprintln!("error: {error:#}");
            }
            ExitCode::from(2)
        }
    }
}
