//! What the maintainer's commands have in common: they start with [`run`], read [`documents`], write to a
//! [`Terminal`], and keep a generated [`page`] up to date.
//!
//! `cargo xtask` only dispatches. A command is a program of the crate that it belongs to.

mod cargo;
mod documents;
pub mod page;
mod terminal;

use std::io;
use std::path::Path;
use std::process::ExitCode;

pub use cargo::cargo;
pub use documents::{documents, read, spec};
pub use terminal::{Color, Terminal};

/// Runs a command. It exits with 0 for true, with 1 for false, and with 2 and a message where it could not
/// run.
pub fn run(command: impl FnOnce() -> anyhow::Result<bool>) -> ExitCode {
    match command() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            let is_closed = error
                .downcast_ref::<io::Error>()
                .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe);
            // Who closed the pipe reads no message either.
            if !is_closed {
                #[expect(
                    clippy::print_stderr,
                    reason = "the last line of a command that could not run"
                )]
                {
                    eprintln!("error: {error:#}");
                }
            }
            ExitCode::from(2)
        }
    }
}

/// The root of the workspace.
///
/// # Panics
///
/// Never: this crate lies two folders below it.
#[must_use]
pub fn root() -> &'static Path {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    root.expect("the crate lies in the workspace")
}
