//! How the program ends.

use std::io::{self, Write as _};
use std::process::ExitCode;

use anstream::AutoStream;

use crate::output::{Color, Output};

/// The exit codes. Every other failure than those named is [`Exit::Failed`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// There was nothing to do, or all of it is done.
    Done = 0,
    /// It failed, and nothing was changed.
    Failed = 1,
    /// There are changes, which a plan only shows.
    Changes = 2,
    /// Something was changed, and not all is as declared.
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
    if let Ok(Exit::Partly) = ran {
        // Whatever can't be shown of it: something was changed.
        return Exit::Partly;
    }
    match ran.and_then(|exit| Ok(written.map(|()| exit)?)) {
        Ok(exit) => exit,
        Err(error) => {
            let shown = output.shown(&error);
            output.error(&shown);
            Exit::Failed
        }
    }
}

/// Shows what clap has to say: help is no error, and wrong usage is one like any other.
pub(crate) fn unusable(said: &clap::Error) -> Exit {
    let text = said.render();
    let color = Color::asked();
    let written = if said.use_stderr() {
        let choice = color.of(&io::stderr());
        write!(AutoStream::new(io::stderr(), choice), "{}", text.ansi())
    } else {
        let choice = color.of(&io::stdout());
        write!(AutoStream::new(io::stdout(), choice), "{}", text.ansi())
    };
    let is_shown = match written {
        Ok(()) => true,
        // Who closed the pipe has read enough.
        Err(error) => error.kind() == io::ErrorKind::BrokenPipe,
    };
    if said.use_stderr() || !is_shown { Exit::Failed } else { Exit::Done }
}
