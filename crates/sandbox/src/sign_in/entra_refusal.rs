//! Errors of Entra's token endpoint.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;

use crate::ids;
use crate::request::Request;
use crate::response::Response;

/// The content type of all responses of Entra.
pub(super) const JSON: &str = "application/json; charset=utf-8";

/// A failure; everything about it but its words follows from the number.
pub(super) struct Refusal {
    aadsts: u32,
    text: String,
}

impl Refusal {
    pub(super) fn new(aadsts: u32, text: &str) -> Self {
        let text = text.to_owned();
        Self { aadsts, text }
    }

    pub(super) fn response(&self, request: &Request) -> Response {
        let (status, error) = match self.aadsts {
            500_112 | 7_000_215 | 7_000_218 | 7_000_222 => (401, "invalid_client"),
            700_016 => (400, "unauthorized_client"),
            500_011 => (400, "invalid_resource"),
            70_016 => (400, "authorization_pending"),
            70_018 => (400, "authorization_declined"),
            70_019 => (400, "bad_verification_code"),
            70_011 => (400, "invalid_scope"),
            70_003 => (400, "unsupported_grant_type"),
            90_002 | 900_144 | 900_561 => (400, "invalid_request"),
            _ => (400, "invalid_grant"),
        };
        let aadsts = self.aadsts;
        let trace = ids::guid(4);
        let correlation =
            request.header("client-request-id").map_or_else(|| ids::guid(4), str::to_owned);
        let time = timestamp(since_1970());
        let lines = [
            format!("AADSTS{aadsts}: {}", self.text),
            format!("Trace ID: {trace}"),
            format!("Correlation ID: {correlation}"),
            format!("Timestamp: {time}"),
        ];
        let mut body = json!({
            "error": error,
            "error_description": lines.join("\r\n"),
            "error_codes": [aadsts],
            "timestamp": time,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": format!("https://login.microsoftonline.com/error?code={aadsts}"),
        });
        match aadsts {
            50_076 | 50_078 | 50_079 => body["suberror"] = "basic_action".into(),
            50_173 | 70_043 | 700_082 => body["suberror"] = "bad_token".into(),
            _ => {}
        }
        Response::new(status).typed(JSON, body.to_string()).header("x-ms-request-id", &trace)
    }
}

#[expect(clippy::disallowed_methods, reason = "a vendor's clock is not the client's")]
pub(super) fn since_1970() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs())
}

/// Seconds since 1970 the way Entra writes them, with a space between date and time.
fn timestamp(seconds: u64) -> String {
    // Howard Hinnant's civil_from_days: years begin in March, so that leap days come last.
    let days = seconds / 86_400 + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let year = era * 400 + year + next;
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_a_space() {
        assert_eq!(timestamp(1_518_545_528), "2018-02-13 18:12:08Z");
        assert_eq!(timestamp(951_782_400), "2000-02-29 00:00:00Z");
        assert_eq!(timestamp(0), "1970-01-01 00:00:00Z");
    }
}
