#!/usr/bin/env bash
# tracing-opentelemetry 0.34.0: `otel.name` and `otel.kind` that are recorded after a span was first entered are lost
# without a warning, while `otel.status_code` and any other field are recorded as before. A server knows the route, and
# so the span's name, only after it has entered the span.
# The name and the kind have to be given to the macro that makes the span.
# Source: https://github.com/tokio-rs/tracing-opentelemetry/issues/240
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$work/target}"
mkdir "$work/src"
cd "$work"

cat >Cargo.toml <<'TOML'
[package]
name = "tracing-opentelemetry-late-name"
version = "0.0.0"
edition = "2024"

[dependencies]
opentelemetry = "=0.33.1"
opentelemetry_sdk = { version = "=0.33.1", features = ["testing"] }
tracing = "=0.1.44"
tracing-opentelemetry = { version = "=0.34.0", default-features = false }
tracing-subscriber = { version = "=0.3.23", default-features = false, features = ["registry", "std"] }
TOML

cat >src/main.rs <<'RUST'
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider};
use tracing::field::Empty;
use tracing_subscriber::layer::SubscriberExt as _;

fn main() {
    let spans = InMemorySpanExporter::default();
    let provider = SdkTracerProvider::builder().with_simple_exporter(spans.clone()).build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("finding"));
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
        for is_entered in [false, true] {
            let span = tracing::info_span!(
                "a request",
                otel.name = Empty,
                otel.kind = Empty,
                otel.status_code = Empty,
                route = Empty,
            );
            if is_entered {
                span.in_scope(|| {});
            }
            span.record("otel.name", "GET /users/{id}");
            span.record("otel.kind", "server");
            span.record("otel.status_code", "ERROR");
            span.record("route", "/users/{id}");
        }
    });
    provider.force_flush().unwrap();
    for (span, when) in spans.get_finished_spans().unwrap().iter().zip(["before", "after"]) {
        let names: Vec<_> = span.attributes.iter().map(|attribute| attribute.key.as_str()).collect();
        let route = names.contains(&"route");
        let otel = names.iter().any(|name| name.starts_with("otel."));
        println!(
            "recorded {when} the first entry: {:?}, {:?}, {:?}, route: {route}, otel.*: {otel}",
            span.name, span.span_kind, span.status
        );
    }
}
RUST

cat >expected <<'TEXT'
recorded before the first entry: "GET /users/{id}", Server, Error { description: "" }, route: true, otel.*: false
recorded after the first entry: "a request", Internal, Error { description: "" }, route: true, otel.*: false
TEXT

cargo run --quiet >seen
cat seen
diff expected seen || { echo "the behaviour has changed" >&2; exit 1; }
