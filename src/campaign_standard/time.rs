//! Times and dates as Campaign Standard writes them, read when somebody asks for them: a text that is
//! wrong must not lose the record that it came with.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::Error;
use crate::error::ErrorKind;

/// The moment that a text such as `2019-04-02 22:36:13.252Z` stands for; an empty text stands for none.
///
/// # Errors
/// A text that isn't a time in UTC. The error doesn't show it.
pub fn timestamp(text: &str) -> Result<Option<Timestamp>, Error> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| {
        let reason = "the text isn't a time such as `2019-04-02 22:36:13.252Z`";
        Error::new(ErrorKind::Decode, reason)
    })
}

/// The day that a text such as `1984-03-21` stands for; an empty text stands for none.
///
/// # Errors
/// A text that isn't a date. The error doesn't show it.
pub fn date(text: &str) -> Result<Option<Date>, Error> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| {
        let reason = "the text isn't a date such as `1984-03-21`";
        Error::new(ErrorKind::Decode, reason)
    })
}
