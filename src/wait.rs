//! How long a vendor asks to wait.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};

/// How near to now a number has to be, as seconds or milliseconds since 1970, to be a date; a number of
/// seconds beyond this is neither a date nor a wait.
const NEAR: Duration = Duration::from_secs(366 * 24 * 3600);

/// Reads `Retry-After`, in seconds or as a date. Some servers write the date as a number; one
/// that is neither near now nor within a year is a mistake, and no wait.
///
/// A date is compared with the response's own `Date` rather than with this machine's clock, which may be
/// far off; `now` is for responses without one.
pub(crate) fn retry_after(headers: &HeaderMap, now: Option<SystemTime>) -> Option<Duration> {
    let text = |name| headers.get(name)?.to_str().ok().map(str::trim);
    let asked = text(RETRY_AFTER)?;
    let sent = text(DATE).and_then(|date| httpdate::parse_http_date(date).ok());
    let now = sent.or(now);
    if !asked.is_empty() && asked.bytes().all(|byte| byte.is_ascii_digit()) {
        // What doesn't fit is longer than anyone waits.
        let Ok(number) = asked.parse() else {
            return Some(Duration::MAX);
        };
        let until = now.and_then(|now| wait_until(number, now));
        let wait = until.unwrap_or(Duration::from_secs(number));
        return (wait < NEAR).then_some(wait);
    }
    let until = httpdate::parse_http_date(asked).ok()?;
    Some(until.duration_since(now?).unwrap_or_default())
}

/// How long it is until `number`, where that is a date near `now`.
fn wait_until(number: u64, now: SystemTime) -> Option<Duration> {
    let now = now.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    [Duration::from_secs(number), Duration::from_millis(number)]
        .into_iter()
        .find(|until| now > NEAR && until.abs_diff(now) < NEAR)
        .map(|until| until.saturating_sub(now))
}

/// How far this machine's clock is off, going by a response's `Date`; none where it is near enough.
pub(crate) fn clock_skew(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let date = headers.get(DATE)?.to_str().ok()?;
    let sent = httpdate::parse_http_date(date).ok()?;
    let skew = sent.duration_since(now).unwrap_or_else(|error| error.duration());
    (skew > Duration::from_secs(300)).then_some(skew)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use http::header::HeaderName;
    use proptest::prelude::*;

    use super::*;

    fn headers(pairs: &[(HeaderName, &str)]) -> HeaderMap {
        let value = |text: &str| HeaderValue::from_str(text).unwrap();
        let pairs = pairs.iter().map(|(name, text)| (name.clone(), value(text)));
        pairs.collect()
    }

    #[test]
    fn both_forms_are_read_and_nonsense_is_left() {
        let now = httpdate::parse_http_date("Sat, 21 Nov 2026 10:00:00 GMT").unwrap();
        for (asked, seconds) in [
            ("57", Some(57)),
            (" 0 ", Some(0)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("1893456000", None),
            ("Sat, 21 Nov 2099 10:02:00 GMT", Some(2_303_683_320)),
            ("Sat, 21 Nov 2026 10:02:00 GMT", Some(120)),
            ("Sat, 21 Nov 2026 09:00:00 GMT", Some(0)),
            // 21 November 2026, 10:02 and 09:00.
            ("1795255320", Some(120)),
            ("1795255320000", Some(120)),
            ("1795251600", Some(0)),
            ("31536000", Some(31_536_000)),
            ("-1", None),
            ("1.5", None),
            ("", None),
            ("soon", None),
        ] {
            let wait = retry_after(&headers(&[(RETRY_AFTER, asked)]), Some(now));
            let seconds_of = |wait: Duration| wait.as_secs();
            assert_eq!(wait.map(seconds_of), seconds, "{asked}");
        }
    }

    #[test]
    fn a_date_is_measured_by_the_vendors_clock() {
        let wrong = SystemTime::UNIX_EPOCH;
        let response = headers(&[
            (RETRY_AFTER, "Sat, 21 Nov 2026 10:00:30 GMT"),
            (DATE, "Sat, 21 Nov 2026 10:00:00 GMT"),
        ]);
        assert_eq!(retry_after(&response, Some(wrong)), Some(Duration::from_secs(30)));
        assert!(clock_skew(&response, wrong).is_some());
        let right = httpdate::parse_http_date("Sat, 21 Nov 2026 10:01:00 GMT").unwrap();
        assert_eq!(clock_skew(&response, right), None);
    }

    proptest! {
        #[test]
        fn any_value_is_read_or_left(asked: Vec<u8>, date: Vec<u8>) {
            let value = |bytes: &[u8]| HeaderValue::from_bytes(bytes).ok();
            let pairs = [(RETRY_AFTER, value(&asked)), (DATE, value(&date))];
            let pairs = pairs.into_iter().filter_map(|(name, value)| Some((name, value?)));
            let headers: HeaderMap = pairs.collect();
            let _ = retry_after(&headers, Some(SystemTime::UNIX_EPOCH));
            let _ = clock_skew(&headers, SystemTime::UNIX_EPOCH);
        }
    }
}
