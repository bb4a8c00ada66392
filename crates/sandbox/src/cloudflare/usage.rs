//! What an organization used.

use jiff::civil::Date;
use serde_json::json;

use crate::cloudflare::organizations;
use crate::cloudflare::responses::{invalid, success};
use crate::request::Request;
use crate::response::Response;
use crate::store::Store;

const LONGEST: i32 = 31;

pub(super) fn get(store: &mut Store, request: &Request) -> Result<Response, Response> {
    organizations::existing(store, request)?;
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

fn span(from: &str, to: &str) -> Option<(Date, Date)> {
    let (from, to) = (day(from)?, day(to)?);
    let days = (to - from).get_days();
    (0..=LONGEST).contains(&days).then_some((from, to))
}

/// The day of a time or a day.
fn day(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}
