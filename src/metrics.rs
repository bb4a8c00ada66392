//! Counters and histograms through the `metrics` facade; nothing without the feature.
//!
//! The names are OpenTelemetry's where it has one.

#![cfg_attr(
    not(feature = "metrics"),
    expect(unused_variables, reason = "nothing is counted without the feature")
)]

use std::time::Duration;

use crate::layer::Operation;
use crate::{Error, Reply};

/// An attempt is over: `http.client.request.duration`, a histogram in seconds.
pub(crate) fn attempt<T>(
    vendor: &'static str,
    operation: &'static Operation,
    took: Duration,
    outcome: &Result<Reply<T>, Error>,
) {
    #[cfg(feature = "metrics")]
    {
        let status = match outcome {
            Ok(reply) => Some(reply.status()),
            Err(error) => error.status(),
        };
        let status = status.map_or_else(String::new, |status| status.as_str().to_owned());
        let error_type = match outcome {
            Ok(_) => String::new(),
            Err(error) => error.kind().to_string(),
        };
        let labels = [
            ("letterhead.vendor", vendor.to_owned()),
            ("letterhead.operation", operation.name.to_owned()),
            ("http.request.method", operation.method.to_string()),
            ("url.template", operation.path.to_owned()),
            ("http.response.status_code", status),
            ("error.type", error_type),
        ];
        metrics::histogram!("http.client.request.duration", &labels).record(took);
    }
}

/// A call is repeated: `letterhead.retries`, a counter.
pub(crate) fn retry(
    vendor: &'static str,
    operation: &'static Operation,
    reason: Option<&'static str>,
) {
    #[cfg(feature = "metrics")]
    metrics::counter!(
        "letterhead.retries",
        "letterhead.vendor" => vendor,
        "letterhead.operation" => operation.name,
        "letterhead.retry_reason" => reason.unwrap_or_default()
    )
    .increment(1);
}

/// A token was asked for: `letterhead.sign_ins`, a counter.
pub(crate) fn sign_in(succeeded: bool) {
    #[cfg(feature = "metrics")]
    metrics::counter!(
        "letterhead.sign_ins",
        "outcome" => if succeeded { "success" } else { "failure" }
    )
    .increment(1);
}
