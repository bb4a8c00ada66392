use std::error::Error as StdError;
use std::fmt;

use serde::de::{DeserializeOwned, IgnoredAny};

use super::one_line::{SHOWN_MESSAGE, one_line};
use crate::wire::Numbers;

/// What the path to the body itself is written as.
const WHOLE: &str = ".";

/// Where a body stops being what was promised. It shows nothing of the body: that is a customer's
/// data.
#[derive(Debug)]
pub(crate) struct DecodeError {
    /// The way to the member, as in `items[0].state`.
    path: String,
    /// serde's words, without the value.
    fault: String,
    line: usize,
    column: usize,
    /// Whether it is JSON that ends early.
    pub(super) is_cut: bool,
}

impl DecodeError {
    /// Decodes `json` as a `T`, which has failed before, slowly and keeping the way to the fault. That may lead
    /// over names that the vendor chose, as serde may show one: `clean` takes secrets out of them.
    ///
    /// # Errors
    /// Where it fails.
    pub(crate) fn or_value<T: DeserializeOwned>(
        json: &[u8],
        clean: impl Fn(String) -> String,
    ) -> Result<T, Self> {
        let mut deserializer = serde_json::Deserializer::from_slice(json);
        let (path, error) = match serde_path_to_error::deserialize(&mut deserializer) {
            Ok(value) => match deserializer.end() {
                Ok(()) => return Ok(value),
                Err(error) => (WHOLE.to_owned(), error),
            },
            Err(error) => (error.path().to_string(), error.into_inner()),
        };
        let (line, column) = (error.line(), error.column());
        let said = error.to_string();
        let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(said, _)| said);
        let fault = match (said.split_once(": "), said.rsplit_once(", expected ")) {
            (Some((kind, _)), Some((_, expected))) => format!("{kind}, expected {expected}"),
            _ => said.to_owned(),
        };
        Err(Self {
            path: one_line(&clean(path), SHOWN_MESSAGE),
            fault: one_line(&clean(fault), SHOWN_MESSAGE),
            line,
            column,
            is_cut: ends_early(json),
        })
    }

    /// The same, where a number may have come as text.
    ///
    /// # Errors
    /// Where it fails.
    pub(crate) fn or_numbers<T: DeserializeOwned>(
        json: &[u8],
        clean: impl Fn(String) -> String,
    ) -> Result<T, Self> {
        let value = Self::or_value(json, &clean).map(|Numbers(value)| value);
        value.map_err(|fault| match Self::or_value::<T>(json, clean) {
            // Only what takes numbers alone knows the line of a value that is none.
            Err(strict) if strict.path == fault.path => strict,
            _ => fault,
        })
    }

    /// A fault of valid JSON, in the member at `path`, which `before` ends with.
    pub(crate) fn new(path: &str, fault: &str, before: &[u8]) -> Self {
        let (lines, column) = end_of(before);
        Self {
            path: path.to_owned(),
            fault: fault.to_owned(),
            line: lines + 1,
            column,
            is_cut: false,
        }
    }

    /// The same fault, where what it was found in is at `path` of a whole and begins after so many lines
    /// and columns.
    pub(crate) fn inside(mut self, path: &str, (lines, column): (usize, usize)) -> Self {
        if self.line <= 1 {
            self.column += column;
        }
        self.line += lines;
        self.path = match self.path.as_str() {
            WHOLE => path.to_owned(),
            inner if inner.starts_with('[') => format!("{path}{inner}"),
            inner => format!("{path}.{inner}"),
        };
        self
    }
}

/// How many lines end in `text`, and how long the one is that doesn't.
pub(crate) fn end_of(text: &[u8]) -> (usize, usize) {
    let mut lines = text.split(|byte| *byte == b'\n');
    let last = lines.next_back().unwrap_or_default();
    (lines.count(), last.len())
}

/// Whether `body` is the beginning of a JSON object or list, cut off by someone who counted its bytes
/// again. All else that isn't JSON was meant so.
pub(crate) fn ends_early(body: &[u8]) -> bool {
    let is_begun = matches!(body.trim_ascii_start().first(), Some(b'{' | b'['));
    is_begun && serde_json::from_slice::<IgnoredAny>(body).is_err_and(|error| error.is_eof())
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, fault, line, column, .. } = self;
        if path != WHOLE {
            write!(f, "{path}: ")?;
        }
        write!(f, "{fault} at line {line} column {column}")
    }
}

impl StdError for DecodeError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_at_the_line_of_the_value() {
        let fault = |json: &str| {
            let read = DecodeError::or_numbers::<Vec<u8>>(json.as_bytes(), |path| path);
            read.map_err(|fault| (fault.path, fault.line))
        };
        assert_eq!(fault("[1,\n\"2\"]"), Ok(vec![1, 2]));
        assert_eq!(fault("[1,\n\"x\"\n\n]"), Err(("[1]".to_owned(), 2)));
        assert_eq!(fault("\"x\""), Err((WHOLE.to_owned(), 1)));
    }
}
