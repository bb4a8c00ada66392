#!/usr/bin/env bash
# tracing-opentelemetry 0.34.0: a field of an unsigned type (u16, u32, u64) becomes an attribute that is a text, one
# of a signed type an integer. OpenTelemetry says that http.response.status_code is an integer, and the usual type of
# a status in Rust is u16: a query such as 'status >= 500' finds nothing then.
# A span's numbers have to be recorded as i64.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$work/target}"
mkdir "$work/src"
cd "$work"

cat >Cargo.toml <<'TOML'
[package]
name = "tracing-opentelemetry-unsigned"
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
use tracing_subscriber::layer::SubscriberExt as _;

fn main() {
    let spans = InMemorySpanExporter::default();
    let provider = SdkTracerProvider::builder().with_simple_exporter(spans.clone()).build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("finding"));
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
        let _span = tracing::info_span!(
            "a",
            of_u16 = 503_u16,
            of_u32 = 503_u32,
            of_u64 = 503_u64,
            of_i64 = 503_i64,
        );
    });
    provider.force_flush().unwrap();
    for span in spans.get_finished_spans().unwrap() {
        let mut seen: Vec<_> = span.attributes.iter().collect();
        seen.sort_by_key(|attribute| attribute.key.to_string());
        for attribute in seen.iter().filter(|it| it.key.as_str().starts_with("of_")) {
            println!("{}: {:?}", attribute.key, attribute.value);
        }
    }
}
RUST

cat >expected <<'TEXT'
of_i64: I64(503)
of_u16: String(Owned("503"))
of_u32: String(Owned("503"))
of_u64: String(Owned("503"))
TEXT

cargo run --quiet >seen
cat seen
diff expected seen || { echo "the behaviour has changed" >&2; exit 1; }
