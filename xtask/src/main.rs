//! The maintainer's commands: `cargo xtask --help` lists them.

mod api;
mod bench_validate;
mod compile;
mod conformance;
mod docs;
mod new_vendor;
mod page;
mod soak;
mod spec_diff;
mod terminal;
mod validate_spec;

use std::io;
use std::path::Path;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use terminal::Terminal;

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
    /// Check OpenAPI 3.0 documents, in YAML or JSON: for the wire, for the reader and for the Rust that is
    /// generated from them. Exits 0 when they are clean, 1 with findings, 2 when it could not run.
    ValidateSpec(validate_spec::Arguments),
    /// Hold the vendors' documentation pages against the documents. Exits 0 when nothing is found, 1 with
    /// findings, 2 when it could not run.
    Docs {
        #[command(subcommand)]
        what: docs::Command,
    },
    /// Write docs/rules.md, the page about all rules of `validate-spec`.
    Rules(page::Arguments),
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
    /// Write the stubs of one more vendor: its document, its modules in the library and in the sandbox, its row
    /// in the table and its feature. They compile, and the tests that go over all vendors pass.
    NewVendor(new_vendor::Arguments),
    /// Prove the clients under faults; `cargo xtask soak --help` has the options.
    #[command(disable_help_flag = true)]
    Soak(soak::Arguments),
    /// Have clients and judges that others wrote work with the sandbox and the documents. They are
    /// installed from the registries of Node and Python into `target/`. Exits 0 when all agree, 1 when
    /// one objects, 2 when one could not be installed or run.
    Conformance,
    /// Measure, and compare with other tools.
    Bench {
        #[command(subcommand)]
        what: Bench,
    },
}

#[derive(Subcommand)]
enum Spec {
    /// Say what changed from one document to another: on the wire, in the generated Rust, in words.
    /// Exits 0 when nobody has to change anything, 1 when somebody has to, 2 when it could not run.
    Diff(spec_diff::Arguments),
}

#[derive(Subcommand)]
enum Bench {
    /// Time, memory and faults caught by `validate-spec` and by the common validators, which are
    /// installed from the registries of Node and Python into `target/`.
    Validate(bench_validate::Arguments),
}

fn main() -> ExitCode {
    let matches = Arguments::command().get_matches();
    let arguments = match Arguments::from_arg_matches(&matches) {
        Ok(arguments) => arguments,
        Err(error) => error.exit(),
    };
    let outcome = match arguments.command {
        Command::ValidateSpec(arguments) => {
            let (_, matches) = matches.subcommand().expect("there is a subcommand");
            let mut terminal = Terminal::new(arguments.color);
            let look = terminal.look;
            validate_spec::run(&arguments, matches, look, &mut terminal.out)
        }
        Command::Docs { what } => docs::run(&what),
        Command::Rules(arguments) => page::rules(&arguments, &mut io::stdout().lock()),
        Command::Operations(arguments) => page::operations(&arguments, &mut io::stdout().lock()),
        Command::Api(arguments) => api::run(&arguments, &mut io::stdout().lock()),
        Command::Spec {
            what: Spec::Diff(arguments),
        } => spec_diff::run(&arguments, &mut io::stdout().lock()),
        Command::NewVendor(arguments) => new_vendor::run(&arguments, &mut io::stdout().lock()),
        Command::Soak(arguments) => soak::run(&arguments),
        Command::Conformance => conformance::run(),
        Command::Bench {
            what: Bench::Validate(arguments),
        } => bench_validate::run(&arguments, &mut io::stdout().lock()),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            let hung_up = error
                .downcast_ref::<io::Error>()
                .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe);
            if !hung_up {
                // The last word of a command that could not run.
                #[expect(clippy::print_stderr, reason = "there is nowhere else to say it")]
                {
                    eprintln!("error: {error:#}");
                }
            }
            ExitCode::from(2)
        }
    }
}

/// The root of the workspace.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask lies in the workspace")
}
