//! A span and a measurement for each request of the service's own.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use metrics::Label;
use opentelemetry_http::HeaderExtractor;
use tracing::field::Empty;
use tracing::{Instrument as _, Span};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// What is measured, by the conventions of OpenTelemetry.
pub(crate) const DURATION: &str = "http.server.request.duration";

/// Opens the span of a request inside of its sender's trace, and records how it ends.
pub(crate) async fn request(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let method = method(request.method());
    let span = tracing::info_span!(
        "http.request",
        otel.kind = "server",
        otel.name = format!("{method} {}", route.as_deref().unwrap_or_default()).trim_end(),
        otel.status_code = Empty,
        http.request.method = method,
        http.route = route,
        http.response.status_code = Empty,
        error.type = Empty,
        letterhead.correlation_id = Empty,
        letterhead.correlation_id.original = Empty,
    );
    let parent = opentelemetry::global::get_text_map_propagator(|propagator| {
        propagator.extract(&HeaderExtractor(request.headers()))
    });
    // It fails where spans are not exported, and then nobody misses it.
    let _ = span.set_parent(parent);
    let mut open = Open { span: span.clone(), method, route, start: Instant::now(), status: None };
    let response = next.run(request).instrument(span).await;
    open.status = Some(response.status());
    response
}

/// A request under way. If its client goes away, this is dropped without a status.
struct Open {
    span: Span,
    method: &'static str,
    route: Option<String>,
    start: Instant,
    status: Option<StatusCode>,
}

impl Drop for Open {
    fn drop(&mut self) {
        let error = match self.status {
            None => Some("cancelled".to_owned()),
            Some(status) => status.is_server_error().then(|| status.as_u16().to_string()),
        };
        let mut labels = vec![Label::from_static_parts("http.request.method", self.method)];
        labels.extend(self.route.take().map(|route| Label::new("http.route", route)));
        if let Some(status) = self.status {
            self.span.record("http.response.status_code", i64::from(status.as_u16()));
            labels.push(Label::new("http.response.status_code", status.as_str().to_owned()));
        }
        if let Some(error) = error {
            self.span.record("error.type", &error);
            self.span.record("otel.status_code", "ERROR");
            labels.push(Label::new("error.type", error));
        }
        metrics::histogram!(DURATION, labels).record(self.start.elapsed());
    }
}

/// The method, or `_OTHER`: anybody can invent one, and each would be a metric of its own.
fn method(method: &Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    KNOWN.into_iter().find(|known| *known == method.as_str()).unwrap_or("_OTHER")
}
