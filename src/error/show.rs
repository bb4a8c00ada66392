//! How an error is written: on one line, and without what isn't for logs.

use std::error::Error as StdError;
use std::fmt;

use super::{Error, ErrorResponse};

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.0.operation {
            write!(f, "{operation}: ")?;
        }
        f.write_str(&self.0.reason)?;
        let said =
            |response: &&ErrorResponse| response.message.is_some() || !response.codes.is_empty();
        if let Some(response) = self.response().filter(said) {
            match response.codes.as_slice() {
                [] => {}
                [code] => write!(f, ", code {code}")?,
                codes => write!(f, ", codes {}", codes.join(", "))?,
            }
            if let Some(message) = &response.message {
                let is_last =
                    self.0.retry_after.is_none() && self.0.hint.is_none() && self.0.attempts == 1;
                let sentence = message.strip_suffix('.').filter(|_| !is_last);
                write!(f, ": {}", sentence.unwrap_or(message))?;
            }
        }
        if let Some(wait) = self.0.retry_after {
            write!(f, "; try again in {} s", wait.as_secs_f64().ceil())?;
        }
        if let Some(hint) = &self.0.hint {
            write!(f, "; {hint}")?;
        }
        if self.0.attempts > 1 {
            write!(f, "; this was attempt {}", self.0.attempts)?;
            if self.0.earlier.may_have_taken_effect {
                f.write_str(", and an earlier one may have taken effect")?;
            }
        }
        if let Some((request_id, correlation_id)) = self.0.ids {
            write!(f, " (request id {request_id}, correlation id {correlation_id}")?;
            if let Some(trace_id) = self.trace_id() {
                write!(f, ", trace id {trace_id}")?;
            }
            f.write_str(")")?;
        } else if let Some(trace_id) = self.trace_id() {
            write!(f, " (trace id {trace_id})")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The body and the headers stay out: logs are no place for a customer's data.
        // What there is none of stays out as well: it would be most of what a failing `main` prints.
        let mut shown = f.debug_struct("Error");
        shown.field("kind", &self.0.kind);
        present(&mut shown, "operation", self.operation());
        shown.field("reason", &self.0.reason);
        present(&mut shown, "status", self.status());
        let codes = Some(self.codes()).filter(|codes| !codes.is_empty());
        present(&mut shown, "codes", codes);
        present(&mut shown, "message", self.message());
        present(&mut shown, "body_length", self.body().map(<[u8]>::len));
        present(&mut shown, "retry_after", self.retry_after());
        shown.field("attempts", &self.attempts());
        shown.field("may_have_been_sent", &self.may_have_been_sent());
        shown.field("may_have_taken_effect", &self.may_have_taken_effect());
        present(&mut shown, "hint", self.0.hint.as_ref());
        present(&mut shown, "request_id", self.request_id());
        present(&mut shown, "correlation_id", self.correlation_id());
        present(&mut shown, "trace_id", self.trace_id());
        present(&mut shown, "source", self.0.source.as_ref());
        shown.finish_non_exhaustive()
    }
}

fn present<T: fmt::Debug>(shown: &mut fmt::DebugStruct<'_, '_>, name: &str, value: Option<T>) {
    if let Some(value) = value {
        shown.field(name, &value);
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
