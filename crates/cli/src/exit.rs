//! How the program ends.

use std::io::{self, Write as _};
use std::process::ExitCode;

use crate::output::Output;

/// The exit codes. Every other failure than those named is [`Exit::Failed`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// There was nothing to do, or all of it is done.
    Done = 0,
    /// It failed, and nothing was changed.
    Failed = 1,
    /// There are changes, which a plan only shows.
    Changes = 2,
    /// A part was changed.
    Partly = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// How a command ends, once its last line is written. An error is shown with its causes.
pub(crate) fn of(ran: anyhow::Result<Exit>, output: &mut Output) -> Exit {
    let written = output.flush();
    match ran.and_then(|exit| Ok(written.map(|()| exit)?)) {
        Ok(exit) => exit,
        // Who closed the pipe has read enough.
        Err(error) if is_closed_pipe(&error) => Exit::Done,
        Err(error) => {
            let shown = output.shown(&error);
            output.error(&shown);
            Exit::Failed
        }
    }
}

/// Shows what clap has to say: help is no error, and wrong usage is one like any other.
pub(crate) fn unusable(said: &clap::Error) -> Exit {
    let is_shown = said.print().is_ok();
    if said.use_stderr() || !is_shown { Exit::Failed } else { Exit::Done }
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let mut causes = error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>());
    causes.any(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
