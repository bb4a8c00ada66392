use std::error::Error as StdError;
use std::fmt;

use serde::de::DeserializeOwned;

use super::SHOWN_MESSAGE;
use super::show::one_line;

/// What the path to the body itself is written as.
const WHOLE: &str = ".";

/// Where a body stops being what was promised. It repeats nothing of the body: that is a customer's
/// data.
#[derive(Debug)]
pub(crate) struct Undecodable {
    /// The way to the member, as in `items[0].state`.
    path: String,
    /// serde's words, without the value.
    fault: String,
    line: usize,
    column: usize,
    /// Whether it isn't JSON, or not all of it.
    pub(super) is_garbled: bool,
}

impl Undecodable {
    /// Decodes `json` as a `T`, which has failed before, to see where it fails. The way there may lead
    /// over names that the vendor chose, as serde may repeat one: `clean` takes secrets out of them.
    pub(crate) fn of<T: DeserializeOwned>(json: &[u8], clean: impl Fn(String) -> String) -> Self {
        let mut deserializer = serde_json::Deserializer::from_slice(json);
        let (path, error) = match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
            Ok(_) => (WHOLE.to_owned(), deserializer.end().err()),
            Err(error) => (error.path().to_string(), Some(error.into_inner())),
        };
        let (line, column) = error.as_ref().map_or((0, 0), |e| (e.line(), e.column()));
        let is_garbled = error.as_ref().is_some_and(|e| e.is_syntax() || e.is_eof());
        let said = error.map_or_else(String::new, |error| error.to_string());
        let said = said
            .rsplit_once(" at line ")
            .map_or(said.as_str(), |(said, _)| said);
        let fault = match (said.split_once(": "), said.rsplit_once(", expected ")) {
            (Some((kind, _)), Some((_, expected))) => format!("{kind}, expected {expected}"),
            _ => said.to_owned(),
        };
        Self {
            path: one_line(&clean(path), SHOWN_MESSAGE),
            fault: one_line(&clean(fault), SHOWN_MESSAGE),
            line,
            column,
            is_garbled,
        }
    }
}

impl fmt::Display for Undecodable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            path,
            fault,
            line,
            column,
            ..
        } = self;
        if path != WHOLE {
            write!(f, "{path}: ")?;
        }
        write!(f, "{fault} at line {line} column {column}")
    }
}

impl StdError for Undecodable {}
