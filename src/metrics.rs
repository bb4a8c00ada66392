//! Counters and histograms through the `metrics` facade; nothing without the feature.
//!
//! The names are OpenTelemetry's where it has one, and so is when a label is left out.

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
    operation: &Operation,
    took: Duration,
    outcome: &Result<Reply<T>, Error>,
) {
    #[cfg(feature = "metrics")]
    {
        let status = match outcome {
            Ok(reply) => Some(reply.status()),
            Err(error) => error.status(),
        };
        let mut labels = vec![
            metrics::Label::from_static_parts("letterhead.vendor", vendor),
            metrics::Label::from_static_parts("letterhead.operation", operation.name),
            metrics::Label::new("http.request.method", operation.method.to_string()),
            metrics::Label::from_static_parts("url.template", operation.path),
        ];
        labels.extend(status.map(|status| {
            metrics::Label::new("http.response.status_code", status.as_str().to_owned())
        }));
        labels.extend(
            outcome
                .as_ref()
                .err()
                .map(|error| metrics::Label::new("error.type", error.type_name())),
        );
        metrics::histogram!("http.client.request.duration", labels).record(took);
    }
}

/// A call is retried: `letterhead.retries`, a counter.
pub(crate) fn retry(vendor: &'static str, operation: &Operation, reason: Option<&'static str>) {
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
