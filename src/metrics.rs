//! Counters and histograms through the `metrics` facade; nothing without the feature.
//!
//! The names are OpenTelemetry's where it has one, and so is when a label is left out.

#![cfg_attr(
    not(feature = "metrics"),
    expect(
        unused_variables,
        dead_code,
        clippy::unused_self,
        reason = "nothing is counted without the feature"
    )
)]

use std::borrow::Cow;
use std::time::Instant;

use http::{Method, StatusCode};
use reqwest::Url;

use crate::Clock;
use crate::layer::Operation;

/// Gives the recorder of this process the unit and the help of each metric.
///
/// Building a client does so as well. Call it where the recorder is installed after that.
#[cfg(feature = "metrics")]
pub fn describe_metrics() {
    use metrics::{Unit, describe_counter, describe_histogram};

    describe_histogram!(
        "http.client.request.duration",
        Unit::Seconds,
        "Duration of HTTP client requests."
    );
    describe_counter!("letterhead.retries", Unit::Count, "Attempts after the first of a call.");
    describe_counter!("letterhead.sign_ins", Unit::Count, "Access tokens that were asked for.");
}

#[cfg(not(feature = "metrics"))]
pub(crate) fn describe_metrics() {}

/// One request on the wire: `http.client.request.duration`, a histogram in seconds.
pub(crate) struct Request<'a> {
    pub(crate) vendor: &'static str,
    pub(crate) operation: &'static str,
    pub(crate) method: &'a Method,
    pub(crate) server: &'a Url,
    pub(crate) template: &'static str,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) start: Instant,
}

impl Request<'_> {
    /// It is over; `error_type` is asked for what went wrong.
    pub(crate) fn end(
        &self,
        status: Option<StatusCode>,
        version: Option<&'static str>,
        error_type: impl FnOnce() -> Option<Cow<'static, str>>,
    ) {
        #[cfg(feature = "metrics")]
        {
            let label = metrics::Label::from_static_parts;
            let mut labels = vec![
                label("letterhead.vendor", self.vendor),
                label("letterhead.operation", self.operation),
                label("http.request.method", crate::telemetry::method_name(self.method)),
                label("url.template", self.template),
            ];
            let server = self.server.host_str().map(ToOwned::to_owned);
            labels.extend(server.map(|host| metrics::Label::new("server.address", host)));
            let port = self.server.port_or_known_default();
            labels.extend(port.map(|port| metrics::Label::new("server.port", port.to_string())));
            labels.extend(version.map(|version| label("network.protocol.version", version)));
            labels.extend(status.map(|status| {
                metrics::Label::new("http.response.status_code", status.as_str().to_owned())
            }));
            labels.extend(error_type().map(|name| metrics::Label::new("error.type", name)));
            let took = self.clock.now().saturating_duration_since(self.start);
            metrics::histogram!("http.client.request.duration", labels).record(took);
        }
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
pub(crate) fn sign_in(vendor: &'static str, succeeded: bool) {
    #[cfg(feature = "metrics")]
    metrics::counter!(
        "letterhead.sign_ins",
        "letterhead.vendor" => vendor,
        "outcome" => if succeeded { "success" } else { "failure" }
    )
    .increment(1);
}
