//! What the program writes: results to standard output, everything else to standard error.

use std::fmt;
use std::io::{self, IsTerminal as _, Write};

use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use clap::ValueEnum;
use letterhead_diagnostics::Look;

use crate::json::escaped;
use crate::shown;

/// What stands in place of personal data.
pub(crate) const MASK: &str = "***";

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
    /// Show *** in place of personal data
    #[arg(long, global = true)]
    mask: bool,
}

/// When there are colours.
#[derive(Clone, Copy, Default, ValueEnum)]
pub(crate) enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

impl Color {
    /// What is asked for in arguments that can't be used as they are.
    pub(crate) fn asked() -> Self {
        // One that isn't UTF-8 asks for no colour, and is no reason to end.
        let arguments = std::env::args_os().map(|it| it.to_string_lossy().into_owned());
        let arguments: Vec<_> = arguments.take_while(|it| it != "--").collect();
        let values = arguments.iter().enumerate().filter_map(|(index, argument)| {
            match argument.strip_prefix("--color")? {
                "" => arguments.get(index + 1).map(String::as_str),
                value => value.strip_prefix('='),
            }
        });
        values.filter_map(|value| Self::from_str(value, false).ok()).next_back().unwrap_or_default()
    }

    /// Whether a stream is to have colours.
    pub(crate) fn of(self, stream: &impl RawStream) -> ColorChoice {
        match self {
            Self::Auto => AutoStream::choice(stream),
            Self::Always => ColorChoice::Always,
            Self::Never => ColorChoice::Never,
        }
    }
}

/// Standard output and standard error. Styles are ANSI's, which the streams leave out where nobody would see them.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(crate) struct Output {
    /// Results, which another program may read.
    out: io::BufWriter<Box<dyn Write + Send>>,
    /// What goes on, and errors.
    notes: Box<dyn Write + Send>,
    is_quiet: bool,
    masks: bool,
    /// Whether each step is a line of its own, where nobody looks at a bar.
    names_steps: bool,
    /// Whether who reads the results has read enough, and has closed the pipe.
    is_closed: bool,
    width: usize,
}

impl Output {
    pub(crate) fn new(arguments: &Arguments) -> Self {
        let (stdout, stderr) = (io::stdout(), io::stderr());
        let of_out = arguments.color.of(&stdout);
        let of_notes = arguments.color.of(&stderr);
        let width = terminal_size::terminal_size_of(&stdout);
        Self {
            // Anything narrower shows nothing.
            width: width.map_or(WIDTH, |(width, _)| usize::from(width.0).max(40)),
            out: io::BufWriter::new(Box::new(AutoStream::new(stdout, of_out))),
            notes: Box::new(AutoStream::new(stderr, of_notes)),
            is_quiet: arguments.quiet,
            masks: arguments.mask,
            names_steps: !arguments.quiet && !io::stderr().is_terminal(),
            is_closed: false,
        }
    }

    /// Output that nobody reads.
    #[cfg(test)]
    pub(crate) fn discarded() -> Self {
        let (out, notes) = (Box::new(io::sink()), Box::new(io::sink()));
        let out = io::BufWriter::new(out as Box<dyn Write + Send>);
        Self {
            out,
            notes,
            is_quiet: true,
            masks: false,
            names_steps: false,
            is_closed: false,
            width: WIDTH,
        }
    }

    /// How many columns a line of a result has.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// How findings look. The streams leave the colours out where nobody would see them.
    pub(crate) fn look(&self) -> Look {
        Look { colour: true, width: self.width }
    }

    /// Whether personal data is to be left out.
    pub(crate) fn masks(&self) -> bool {
        self.masks
    }

    /// Whether nobody reads the results any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// A text that may say something about a person.
    pub(crate) fn personal<'t>(&self, text: &'t str) -> &'t str {
        if self.masks { MASK } else { text }
    }

    /// An error with its causes. What a vendor says may hold personal data.
    pub(crate) fn shown(&self, error: &anyhow::Error) -> String {
        if self.masks
            && let Some(error) =
                error.chain().find_map(|cause| cause.downcast_ref::<letterhead::Error>())
            && error.message().is_some()
        {
            let status = error.status().map(|status| status.to_string()).unwrap_or_default();
            return format!("the vendor refused the request: {status} {MASK}");
        }
        if let Some(Styled(text)) = error.downcast_ref() {
            return text.clone();
        }
        let text = if self.masks { without_values(error) } else { format!("{error:#}") };
        escaped(&text)
    }

    /// Whether a person looks at the notes as they come.
    pub(crate) fn is_watched(&self) -> bool {
        !self.is_quiet && io::stderr().is_terminal()
    }

    /// Whether notes are shown.
    pub(crate) fn is_quiet(&self) -> bool {
        self.is_quiet
    }

    /// Says what became of a step, where nobody looks at a bar: a log has a line for each.
    pub(crate) fn step(&mut self, line: &str) {
        if self.names_steps() {
            self.note(line);
        }
    }

    /// Whether each step is a line.
    pub(crate) fn names_steps(&self) -> bool {
        self.names_steps
    }

    /// Leaves the lines of steps out from now on.
    pub(crate) fn without_steps(&mut self) {
        self.names_steps = false;
    }

    /// Says what goes on, in one line of standard error, which has no power over the terminal.
    pub(crate) fn note(&mut self, line: &str) {
        if !self.is_quiet {
            // Nobody misses a note that can't be shown.
            let _ = writeln!(self.notes, "{}", shown::visible(line));
        }
    }

    /// Says that something doesn't guard as it should: quiet or not, a person has to know.
    pub(crate) fn warning(&mut self, line: &str) {
        let _ = writeln!(self.notes, "{}", shown::visible(line));
    }

    /// Says what is wrong, in one line of standard error.
    pub(crate) fn error(&mut self, message: &str) {
        let _ = writeln!(self.notes, "\x1b[1;31merror\x1b[0m: {message}");
    }

    fn unless_closed<T>(
        &mut self,
        closed: T,
        write: impl FnOnce(&mut io::BufWriter<Box<dyn Write + Send>>) -> io::Result<T>,
    ) -> io::Result<T> {
        if self.is_closed {
            return Ok(closed);
        }
        match write(&mut self.out) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.is_closed = true;
                Ok(closed)
            }
            written => written,
        }
    }
}

/// An error with its causes. What isn't the JSON that was expected is quoted by its cause, so the place stands for it.
fn without_values(error: &anyhow::Error) -> String {
    let causes = error.chain().map(|cause| match cause.downcast_ref::<serde_json::Error>() {
        Some(fault) => format!("line {}, column {}", fault.line(), fault.column()),
        None => cause.to_string(),
    });
    causes.collect::<Vec<_>>().join(": ")
}

/// An error with styles of its own. Nothing else in it has power over the terminal.
#[derive(Debug)]
pub(crate) struct Styled(String);

impl Styled {
    /// Keeps the styles of a text.
    pub(crate) fn new(text: &str) -> Self {
        let mut parts = text.split("\x1b[");
        let mut safe = escaped(parts.next().unwrap_or_default());
        for part in parts {
            let rest = part.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
            // What ends otherwise is no style.
            safe += if rest.starts_with('m') { "\x1b[" } else { "\\u001b[" };
            safe += &escaped(part);
        }
        Self(safe)
    }
}

impl fmt::Display for Styled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Styled {}

/// A pipe that was closed is no error: who closed it has read enough, and what the command does goes on.
impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.unless_closed(bytes.len(), |out| out.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.unless_closed((), Write::flush)
    }
}
