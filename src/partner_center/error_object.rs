//! Errors that come with a status of success.

use std::fmt;

use http::StatusCode;
use serde::de::{Deserializer as _, IgnoredAny, MapAccess, Visitor};

use crate::wire::Key;

/// What says that an object is an error: no resource of the documents has one of these members.
///
/// Source: <https://learn.microsoft.com/partner-center/developer/error-codes>.
const DECISIVE: [&str; 3] = ["code", "statusCode", "error"];
/// What else error objects hold.
const OTHERS: [&str; 12] = [
    "attributes",
    "correlationId",
    "data",
    "description",
    "errorMessageExtended",
    "errorName",
    "isRetryable",
    "links",
    "message",
    "parameters",
    "requestId",
    "source",
];

/// Whether a body is an error object: one that has nothing else in it. The first member of anything else
/// ends the search.
pub(super) fn is_error(body: &[u8]) -> bool {
    let mut json = serde_json::Deserializer::from_slice(body);
    json.deserialize_map(Members).unwrap_or(false) && json.end().is_ok()
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        let mut is_decided = false;
        while let Some(Key(name)) = map.next_key()? {
            let is_decisive = DECISIVE.contains(&&*name);
            if !is_decisive && !OTHERS.contains(&&*name) {
                return Ok(false);
            }
            let value: Option<IgnoredAny> = map.next_value()?;
            is_decided |= is_decisive && value.is_some();
        }
        Ok(is_decided)
    }
}

/// The status that an error is documented with, where it came with another one.
pub(super) fn meant(code: Option<&str>, status_code: Option<&str>) -> Option<StatusCode> {
    let documented = match code.unwrap_or_default() {
        "2000" | "2055" | "3000" | "60000" | "60012" | "600002" | "600049" | "600050"
        | "600051" | "800002" | "900118" | "900126" | "900127" | "900141" | "900316" => 400,
        "400" | "800001" | "900420" | "900421" => 401,
        "2032" | "20002" | "90000" | "900150" | "900308" | "900309" | "900329" => 403,
        "1000" | "60002" | "60003" => 404,
        "800003" | "900192" => 500,
        // A status, or a code that nobody has written down.
        _ => 0,
    };
    let known = StatusCode::from_u16(documented).ok();
    let said = [status_code, code].into_iter().flatten();
    known.or_else(|| {
        said.filter_map(|text| text.parse::<StatusCode>().ok())
            .find(|status| status.is_client_error() || status.is_server_error())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_object_has_nothing_else_in_it() {
        for (body, is_one) in [
            (r#"{"code":2055}"#, true),
            (r#"{"description":"Stale.","code":"2055","data":[]}"#, true),
            (r#"{"statusCode":503,"message":"Later."}"#, true),
            (r#"{"error":{"code":"ServiceUnavailable"}}"#, true),
            (r#"{"code":null,"description":null}"#, false),
            (r#"{"code":"de","name":"Germany"}"#, false),
            (r#"{"companyName":"Fabrikam","code":1}"#, false),
            (r#"{"attributes":{"etag":"1"},"links":{}}"#, false),
            (r#"{"code":2055"#, false),
            ("[]", false),
            ("{}", false),
            ("", false),
        ] {
            assert_eq!(is_error(body.as_bytes()), is_one, "{body}");
        }
    }

    #[test]
    fn a_code_has_the_status_that_it_is_documented_with() {
        for (code, status_code, status) in [
            (Some("2055"), None, Some(400)),
            (Some("60002"), Some("500"), Some(404)),
            (Some("400"), None, Some(401)),
            (Some("503"), None, Some(503)),
            (None, Some("503"), Some(503)),
            (Some("77"), Some("429"), Some(429)),
            (Some("77"), Some("200"), None),
            (Some("ServiceUnavailable"), None, None),
            (None, None, None),
        ] {
            let meant = meant(code, status_code).map(|status| status.as_u16());
            assert_eq!(meant, status, "{code:?} {status_code:?}");
        }
    }
}
