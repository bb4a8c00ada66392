//! What standard output can show.

use std::io;

use anstream::{AutoStream, ColorChoice};
use clap::ValueEnum;

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
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
#[derive(Debug)]
pub struct Terminal {
    /// Where the text is written to.
    pub out: io::BufWriter<AutoStream<io::Stdout>>,
    /// Whether it has colours.
    pub colour: bool,
    /// How many columns a line has, where that is known.
    pub width: Option<usize>,
}

impl Terminal {
    /// Standard output as it is now.
    #[must_use]
    pub fn new(color: Color) -> Self {
        let stdout = io::stdout();
        let choice = match color {
            Color::Auto => AutoStream::choice(&stdout),
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        let width = terminal_size::terminal_size_of(&stdout);
        Self {
            colour: choice != ColorChoice::Never,
            // Anything narrower shows nothing.
            width: width.map(|(width, _)| usize::from(width.0).max(40)),
            out: io::BufWriter::new(AutoStream::new(stdout, choice)),
        }
    }
}
