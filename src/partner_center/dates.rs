//! Dates, which stay text until somebody asks for the time.

use std::time::{SystemTime, UNIX_EPOCH};

use jiff::SignedDuration;
use jiff::civil::DateTime;
use jiff::fmt::temporal::Pieces;
use jiff::tz::Offset;

use super::types;

/// The first moment of the year 1, the unset value of the service's own date type.
const UNSET: DateTime = DateTime::constant(1, 1, 1, 0, 0, 0, 0);
const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

impl types::CustomerUser {
    /// When the account was deleted; none where it wasn't, or where the text is no time.
    #[must_use]
    pub fn deleted_at(&self) -> Option<SystemTime> {
        time_of(self.soft_deletion_time.as_deref()?)
    }

    /// When the account was last synchronised with a directory on premises; none where it never was, or
    /// where the text is no time.
    #[must_use]
    pub fn last_synced_at(&self) -> Option<SystemTime> {
        time_of(self.last_directory_sync_time.as_deref()?)
    }
}

/// The time that Partner Center writes in one of its ways: with `Z`, an offset or neither, which stands
/// for UTC, and with up to nine digits of a second.
///
/// None where the text is none of them, and for the first moment of the year 1, which stands for no time.
///
/// ```
/// use letterhead::partner_center::time_of;
///
/// let noon = time_of("2017-01-20T12:00:00Z");
/// assert!(noon.is_some());
/// assert_eq!(time_of("2017-01-20T13:00:00.0000000+01:00"), noon);
/// assert_eq!(time_of("0001-01-01T00:00:00"), None);
/// ```
#[must_use]
pub fn time_of(text: &str) -> Option<SystemTime> {
    let pieces = Pieces::parse(text).ok()?;
    let local = pieces.date().to_datetime(pieces.time()?);
    // The name of a time zone in brackets is jiff's way of writing, and no service's.
    if local == UNSET || pieces.time_zone_annotation().is_some() {
        return None;
    }
    let east = pieces.to_numeric_offset().unwrap_or(Offset::UTC);
    // Not by way of a timestamp of jiff's, the last of which is before the end of the year 9999.
    let since = local.duration_since(EPOCH) - SignedDuration::from_secs(east.seconds().into());
    if since.is_negative() {
        UNIX_EPOCH.checked_sub(since.unsigned_abs())
    } else {
        UNIX_EPOCH.checked_add(since.unsigned_abs())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn dates_are_read_in_all_their_forms() {
        let at = |seconds, nanoseconds| {
            Some(UNIX_EPOCH + Duration::from_secs(seconds) + Duration::from_nanos(nanoseconds))
        };
        for (text, time) in [
            ("1970-01-01T00:00:00Z", at(0, 0)),
            ("2017-01-20T00:33:34Z", at(1_484_872_414, 0)),
            ("2017-01-20T00:33:34", at(1_484_872_414, 0)),
            ("2017-01-20T00:33:34.1234567Z", at(1_484_872_414, 123_456_700)),
            ("2017-01-20T00:33:34.1234567", at(1_484_872_414, 123_456_700)),
            ("2017-01-19T16:33:34-08:00", at(1_484_872_414, 0)),
            ("2017-01-20T06:03:34.5+05:30", at(1_484_872_414, 500_000_000)),
            ("2000-02-29T00:00:00Z", at(951_782_400, 0)),
            ("9999-12-31T23:59:59.9999999", at(253_402_300_799, 999_999_900)),
            ("1969-12-31T23:59:59Z", UNIX_EPOCH.checked_sub(Duration::from_secs(1))),
            ("0001-01-01T00:00:00", None),
            ("0001-01-01T00:00:00.0000000Z", None),
            ("1900-02-29T00:00:00Z", None),
            ("2017-13-01T00:00:00Z", None),
            ("2017-01-20T24:00:00Z", None),
            ("2017-01-20T00:33:34Z05:00", None),
            ("2017-01-20T00:33:34.", None),
            ("2017-01-20T00:33:34[Europe/Paris]", None),
            ("2017-01-20", None),
            ("+017-01-20T00:33:34Z", None),
            ("", None),
        ] {
            assert_eq!(time_of(text), time, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange_for_a_date(
            text in prop_oneof![
                any::<String>(),
                "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{0,10})?(Z|[+-][0-9]{2}:[0-9]{2})?",
                "[0-9TZ:.+é-]{0,32}",
            ],
        ) {
            let _ = time_of(&text);
        }
    }
}
