//! The maintainer's commands: `cargo xtask --help` lists them.
//!
//! This only dispatches. Each command is a program of the crate that it belongs to, so a command compiles
//! what it needs and no more, and works while another crate does not compile.

use std::env;
use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Command, ExitCode};

/// Where a command lives.
enum Home {
    /// A package with several commands, whose program takes the command's name as its first argument.
    Shared(&'static str),
    /// A package with one command.
    Own(&'static str),
    /// A script of the workspace.
    Script(&'static str),
}

use Home::{Own, Script, Shared};

/// The commands: name, what it does, where it lives.
#[rustfmt::skip]
const COMMANDS: [(&str, &str, Home); 13] = [
    ("validate-spec", "Check OpenAPI 3.0 documents", Shared("letterhead-validator")),
    ("rules", "Write docs/rules.md, the page about all rules of `validate-spec`", Shared("letterhead-validator")),
    ("bench", "Measure, and compare with others", Script(".ci/bench")),
    ("corpus", "Hold the findings in public documents against a snapshot and another validator", Script(".ci/corpus")),
    ("docs", "Hold the vendors' documentation pages against the documents", Shared("letterhead-docs-check")),
    ("operations", "Write docs/operations.md, the page about all operations", Shared("letterhead-spec-diff")),
    ("api", "Write spec/*.api, the snapshots of the generated public API", Shared("letterhead-spec-diff")),
    ("spec", "Compare documents", Shared("letterhead-spec-diff")),
    ("generator", "Write docs/generator.md, or measure the generator on other people's documents", Own("letterhead-corpus")),
    ("new-vendor", "Write the stubs of one more vendor", Own("letterhead-new-vendor")),
    ("soak", "Prove the clients under faults", Own("letterhead-soak")),
    ("conformance", "Try clients and judges that others wrote, with the sandbox and the documents", Own("letterhead-conformance")),
    ("ci", "Run what has to hold before a change lands, or some of its steps", Script(".ci/run")),
];

fn main() -> ExitCode {
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    let (name, rest) = match arguments.split_first() {
        None => return unusable("a command is missing"),
        Some((name, rest)) => (name.to_string_lossy(), rest),
    };
    let (name, rest) = match (&*name, rest) {
        ("help" | "--help" | "-h", []) => {
            // Who closed the pipe needs no help.
            let _ = write!(io::stdout(), "{}", help());
            return ExitCode::SUCCESS;
        }
        ("help", [name, rest @ ..]) => {
            let rest = rest.iter().cloned().chain([OsString::from("--help")]);
            (name.to_string_lossy().into_owned(), rest.collect())
        }
        (name, rest) => (name.to_owned(), rest.to_vec()),
    };
    match COMMANDS.iter().find(|(known, ..)| *known == name) {
        Some((_, _, home)) => run(home, &name, &rest),
        None => unusable(&format!("there is no command `{name}`")),
    }
}

/// Exits with 0 and 1 as the command does, and with 2 where it could not run.
fn run(home: &Home, name: &str, arguments: &[OsString]) -> ExitCode {
    let mut command = match home {
        Shared(package) | Own(package) => cargo_run(package),
        Script(script) => {
            let mut bash = Command::new("bash");
            bash.arg(root().join(script));
            bash
        }
    };
    if let Shared(_) = home {
        command.arg(name);
    }
    // What cargo tells a program that it runs: the build script of ring has it compared with the last build, and all that
    // stands on ring would be built again, and once more without this program.
    for (variable, _) in env::vars_os() {
        let spelled = variable.to_string_lossy();
        if spelled.starts_with("CARGO_PKG_") || spelled.starts_with("CARGO_MANIFEST_") {
            command.env_remove(variable);
        }
    }
    match command.args(arguments).status() {
        Ok(status) => match status.code() {
            Some(0) => ExitCode::SUCCESS,
            Some(1) => ExitCode::from(1),
            // The command has printed why.
            Some(2) => ExitCode::from(2),
            _ => failed(&format!("`{name}` ended with {status}")),
        },
        Err(error) => failed(&format!("`{name}` can't be started: {error}")),
    }
}

/// Builds a program of the workspace, and runs it in the current folder.
///
/// It is built as CI does, to be run and not to be edited: without incremental files and debug information. Its package
/// isn't named: what it stands on would be built anew, with the features that this package alone asks for.
fn cargo_run(program: &str) -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // Not by the environment: the command may run cargo itself, for what is edited.
    cargo.args(["--config", "build.incremental=false"]);
    cargo.args(["--config", "profile.dev.debug=false"]);
    cargo.args(["run", "--quiet", "--bin", program, "--manifest-path"]);
    cargo.arg(root().join("Cargo.toml")).arg("--");
    cargo
}

fn help() -> String {
    let commands = COMMANDS.map(|(name, about, _)| format!("  {name:<13}  {about}\n"));
    format!(
        "The maintainer's commands of letterhead.\n\n\
         Usage: cargo xtask <COMMAND>\n\n\
         Commands:\n{}\n\
         `cargo xtask COMMAND --help` shows the options and exit codes of a command.\n",
        commands.concat()
    )
}

fn unusable(reason: &str) -> ExitCode {
    failed(&format!("{reason}\n\n{}", help().trim_end()))
}

fn failed(reason: &str) -> ExitCode {
    // Where it can't be shown, the exit code still says it.
    let _ = writeln!(io::stderr(), "error: {reason}");
    ExitCode::from(2)
}

/// The root of the workspace.
fn root() -> &'static Path {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    root.expect("xtask lies in the workspace")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_command_lives_somewhere() {
        for (name, _, home) in &COMMANDS {
            let path = match home {
                Shared(package) | Own(package) => {
                    let folder = package.strip_prefix("letterhead-").unwrap();
                    format!("crates/{folder}/Cargo.toml")
                }
                Script(script) => (*script).to_owned(),
            };
            assert!(root().join(&path).is_file(), "{name}: {path}");
        }
    }
}
