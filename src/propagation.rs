//! The trace context and the baggage that go with a request, where the application has a propagator.

use std::future::Future;

use http::{HeaderMap, HeaderName};
use tracing::instrument::WithSubscriber as _;

/// Adds what the application's propagator makes of the current span, that of the attempt, in the place
/// of headers of the same names, apart from those that are reserved.
///
/// Where tracing-opentelemetry doesn't know the span, OpenTelemetry's own current context stands in.
#[cfg(feature = "opentelemetry")]
pub(crate) fn inject(headers: &mut HeaderMap, is_reserved: impl Fn(&HeaderName) -> bool) {
    use opentelemetry::trace::TraceContextExt as _;
    use tracing_opentelemetry::OpenTelemetrySpanExt as _;

    opentelemetry::global::get_text_map_propagator(|propagator| {
        if propagator.fields().next().is_none() {
            return;
        }
        let own = tracing::Span::current().context();
        let is_known = own.span().span_context().is_valid();
        let context = if is_known { own } else { opentelemetry::Context::current() };
        propagator.inject_context(&context, &mut Headers { headers, is_reserved: &is_reserved });
    });
}

#[cfg(not(feature = "opentelemetry"))]
pub(crate) fn inject(_: &mut HeaderMap, _: impl Fn(&HeaderName) -> bool) {}

/// The same future for a task of its own, in which spans go where they go here.
pub(crate) fn carried<F: Future>(future: F) -> impl Future<Output = F::Output> {
    let future = future.with_current_subscriber();
    #[cfg(feature = "opentelemetry")]
    let future = opentelemetry::context::FutureExt::with_current_context(future);
    future
}

#[cfg(feature = "opentelemetry")]
struct Headers<'a, F> {
    headers: &'a mut HeaderMap,
    is_reserved: &'a F,
}

#[cfg(feature = "opentelemetry")]
impl<F: Fn(&HeaderName) -> bool> opentelemetry::propagation::Injector for Headers<'_, F> {
    fn set(&mut self, key: &str, value: String) {
        use http::HeaderValue;
        use percent_encoding::{CONTROLS, utf8_percent_encode};

        /// What W3C asks everyone to pass on, of baggage. More may be more than a server takes.
        const LONGEST: usize = 8192;

        let Ok(name) = HeaderName::from_bytes(key.as_bytes()) else { return };
        if (self.is_reserved)(&name) {
            return;
        }
        // What no header can carry, as baggage writes it. Properties of baggage come as they are.
        let value = utf8_percent_encode(&value, CONTROLS).to_string();
        match HeaderValue::try_from(value) {
            Ok(value) if (1..=LONGEST).contains(&value.len()) => self.headers.insert(name, value),
            // Such as the state of a trace that has none.
            _ => self.headers.remove(name),
        };
    }
}

#[cfg(all(test, feature = "opentelemetry"))]
mod tests {
    use opentelemetry::propagation::Injector as _;

    use super::*;

    #[test]
    fn any_value_becomes_a_header_or_none() {
        let mut headers = HeaderMap::new();
        headers.insert("tracestate", "a=callers".parse().unwrap());
        for (key, value) in [
            ("baggage", "a=b;note=\r\nx: y\u{e9}\0"),
            ("tracestate", ""),
            ("no name", "value"),
            ("Host", "elsewhere"),
            ("x-long", &"x".repeat(8193)),
            ("TraceParent", "00-0-0-00"),
        ] {
            let mut headers =
                Headers { headers: &mut headers, is_reserved: &|name: &HeaderName| name == "host" };
            headers.set(key, value.to_owned());
        }
        assert_eq!(headers["baggage"], "a=b;note=%0D%0Ax: y%C3%A9%00");
        assert_eq!(headers["traceparent"], "00-0-0-00");
        assert_eq!(headers.len(), 2);
    }
}
