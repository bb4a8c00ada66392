//! What the program writes: results to standard output, everything else to standard error.

use std::io::{self, IsTerminal as _, Write};

use anstream::{AutoStream, ColorChoice};
use clap::ValueEnum;

/// The columns of a line where nobody says how many there are: in a file or a pipe.
const WIDTH: usize = 120;

/// How output looks.
#[derive(clap::Args)]
#[group(skip)]
pub(crate) struct Arguments {
    /// Show results and errors alone
    #[arg(long, short, global = true)]
    quiet: bool,
    /// When to use colours; `auto` heeds `NO_COLOR`, `CLICOLOR_FORCE` and `TERM`
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t)]
    color: Color,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

/// Standard output and standard error. Styles are ANSI's, which the streams leave out where nobody would see them.
pub(crate) struct Output {
    /// Results, which another program may read.
    out: io::BufWriter<AutoStream<io::Stdout>>,
    /// What goes on, and errors.
    notes: AutoStream<io::Stderr>,
    is_quiet: bool,
    width: usize,
    has_color: bool,
}

impl Output {
    pub(crate) fn new(arguments: &Arguments) -> Self {
        let choice = |stream: &dyn Fn() -> ColorChoice| match arguments.color {
            Color::Auto => stream(),
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        let (stdout, stderr) = (io::stdout(), io::stderr());
        let of_out = choice(&|| AutoStream::choice(&stdout));
        let of_notes = choice(&|| AutoStream::choice(&stderr));
        let width = terminal_size::terminal_size_of(&stdout);
        Self {
            // Anything narrower shows nothing.
            width: width.map_or(WIDTH, |(width, _)| usize::from(width.0).max(40)),
            has_color: of_out != ColorChoice::Never,
            out: io::BufWriter::new(AutoStream::new(stdout, of_out)),
            notes: AutoStream::new(stderr, of_notes),
            is_quiet: arguments.quiet,
        }
    }

    /// How many columns a line of a result has.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// Whether results have colours.
    pub(crate) fn has_color(&self) -> bool {
        self.has_color
    }

    /// Whether notes are to be left out.
    pub(crate) fn is_quiet(&self) -> bool {
        self.is_quiet
    }

    /// Whether a person looks at the notes as they come.
    pub(crate) fn is_watched(&self) -> bool {
        !self.is_quiet && io::stderr().is_terminal()
    }

    /// Says what goes on, in one line of standard error.
    pub(crate) fn note(&mut self, line: &str) {
        if !self.is_quiet {
            // Nobody misses a note that can't be shown.
            let _ = writeln!(self.notes, "{line}");
        }
    }

    /// Says what is wrong, in one line of standard error.
    pub(crate) fn error(&mut self, message: &str) {
        let _ = writeln!(self.notes, "\x1b[1;31merror\x1b[0m: {message}");
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
