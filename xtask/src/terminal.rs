//! What standard output can show.

use std::io;

use anstream::{AutoStream, ColorChoice};
use clap::ValueEnum;
use letterhead_validator::Look;

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless the environment says otherwise (`NO_COLOR`, `CLICOLOR`, `CLICOLOR_FORCE`,
    /// `TERM`).
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Standard output, and how text for people looks on it.
pub(crate) struct Terminal {
    pub(crate) out: io::BufWriter<AutoStream<io::Stdout>>,
    pub(crate) look: Look,
}

impl Terminal {
    pub(crate) fn new(color: Color) -> Self {
        let stdout = io::stdout();
        let choice = match color {
            Color::Auto => AutoStream::choice(&stdout),
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        let mut look = Look {
            colour: choice != ColorChoice::Never,
            ..Look::default()
        };
        if let Some((width, _)) = terminal_size::terminal_size_of(&stdout) {
            // Anything narrower shows nothing.
            look.width = usize::from(width.0).max(40);
        }
        Self {
            out: io::BufWriter::new(AutoStream::new(stdout, choice)),
            look,
        }
    }
}
