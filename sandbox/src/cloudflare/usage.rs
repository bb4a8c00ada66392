//! What an organization used.

use serde_json::json;

use crate::cloudflare::{invalid, organization, success};
use crate::reply::Reply;
use crate::store::Store;
use crate::vendor::Request;

const LONGEST: i64 = 31;

pub(super) fn get(store: &mut Store, request: &Request) -> Result<Reply, Reply> {
    organization(store, request)?;
    let days = match (request.query("from"), request.query("to")) {
        (None, None) => None,
        (Some(from), Some(to)) => Some(
            span(from, to)
                .ok_or_else(|| invalid("from and to must be days, at most 31 days apart."))?,
        ),
        _ => return Err(invalid("from and to go together.")),
    };
    let rows: Vec<_> = store
        .below(&request.path)
        .map(|(_, row)| row)
        .filter(|row| {
            let start = row["ChargePeriodStart"].as_str().and_then(day);
            days.is_none_or(|(from, to)| start.is_some_and(|start| (from..=to).contains(&start)))
        })
        .collect();
    Ok(success(&json!(rows)))
}

fn span(from: &str, to: &str) -> Option<(i64, i64)> {
    let (from, to) = (day(from)?, day(to)?);
    (0..=LONGEST).contains(&(to - from)).then_some((from, to))
}

/// The number of a day, counted in the Gregorian calendar from some day long ago.
fn day(text: &str) -> Option<i64> {
    let mut parts = text.get(..10)?.split('-').map(str::parse::<i64>);
    let (year, month, day) = (
        parts.next()?.ok()?,
        parts.next()?.ok()?,
        parts.next()?.ok()?,
    );
    // Years that begin in March have their leap day at the end.
    let (year, month) = (year - i64::from(month < 3), (month + 9) % 12);
    Some(365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_over_the_ends_of_months_and_years() {
        let distance = |from, to| day(to).zip(day(from)).map(|(to, from)| to - from);
        assert_eq!(distance("2026-01-31", "2026-03-01T00:00:00Z"), Some(29));
        assert_eq!(distance("2024-02-28", "2024-03-01"), Some(2));
        assert_eq!(distance("2025-12-31", "2026-01-01"), Some(1));
        assert_eq!(distance("2026-01-01", "yesterday"), None);
        assert_eq!(span("2026-01-01", "2026-02-02"), None);
    }
}
