//! Dates, which stay text until somebody asks for the time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::types;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

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
    let (date, clock) = text.split_once('T')?;
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let (clock, offset) = match clock.find(['Z', '+', '-']) {
        Some(at) => clock.split_at(at),
        None => (clock, "Z"),
    };
    let (clock, nanoseconds) = match clock.split_once('.') {
        Some((clock, fraction)) => (clock, nanoseconds(fraction)?),
        None => (clock, 0),
    };
    let [hour, minute, second] = numbers(clock, ':', [2, 2, 2])?;
    let is_real = year >= 1
        && (1..=12).contains(&month)
        && (1..=days_of(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    if !is_real || (year, month, day, hour, minute, second) == (1, 1, 1, 0, 0, 0) {
        return None;
    }
    let seconds = days_since_1970(year, month, day) * DAY + hour * HOUR + minute * MINUTE + second
        - seconds_of(offset)?;
    let distance = Duration::from_secs(seconds.unsigned_abs());
    let whole = if seconds < 0 {
        UNIX_EPOCH.checked_sub(distance)
    } else {
        UNIX_EPOCH.checked_add(distance)
    };
    whole?.checked_add(Duration::from_nanos(nanoseconds))
}

/// Three numbers of these lengths.
fn numbers(text: &str, separator: char, lengths: [usize; 3]) -> Option<[i64; 3]> {
    let mut parts = text.split(separator);
    let mut numbers = [0; 3];
    for (number, length) in numbers.iter_mut().zip(lengths) {
        *number = digits(parts.next()?, length)?;
    }
    parts.next().is_none().then_some(numbers)
}

fn digits(text: &str, length: usize) -> Option<i64> {
    let is_number = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

fn nanoseconds(fraction: &str) -> Option<u64> {
    let is_fraction =
        (1..=9).contains(&fraction.len()) && fraction.bytes().all(|byte| byte.is_ascii_digit());
    is_fraction.then(|| format!("{fraction:0<9}").parse().ok())?
}

/// East of Greenwich is positive.
fn seconds_of(offset: &str) -> Option<i64> {
    let (sign, clock) = match offset.strip_prefix('+') {
        Some(clock) => (1, clock),
        None if offset == "Z" => return Some(0),
        None => (-1, offset.strip_prefix('-')?),
    };
    let (hours, minutes) = clock.split_once(':')?;
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * HOUR + minutes * MINUTE))
}

fn days_of(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// In the Gregorian calendar, whose years begin in March here, so that a leap day is the last one.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month > 2 { year } else { year - 1 };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    365 * year + year / 4 - year / 100 + year / 400 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
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
            (
                "2017-01-20T00:33:34.1234567Z",
                at(1_484_872_414, 123_456_700),
            ),
            (
                "2017-01-20T00:33:34.1234567",
                at(1_484_872_414, 123_456_700),
            ),
            ("2017-01-19T16:33:34-08:00", at(1_484_872_414, 0)),
            (
                "2017-01-20T06:03:34.5+05:30",
                at(1_484_872_414, 500_000_000),
            ),
            ("2000-02-29T00:00:00Z", at(951_782_400, 0)),
            (
                "9999-12-31T23:59:59.9999999",
                at(253_402_300_799, 999_999_900),
            ),
            (
                "1969-12-31T23:59:59Z",
                UNIX_EPOCH.checked_sub(Duration::from_secs(1)),
            ),
            ("0001-01-01T00:00:00", None),
            ("0001-01-01T00:00:00.0000000Z", None),
            ("1900-02-29T00:00:00Z", None),
            ("2017-13-01T00:00:00Z", None),
            ("2017-01-20T24:00:00Z", None),
            ("2017-01-20T00:33:34Z05:00", None),
            ("2017-01-20T00:33:34.", None),
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
