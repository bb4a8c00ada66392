#!/usr/bin/env bash
# opentelemetry_sdk 0.33.1: BaggagePropagator writes `%` as it is, and decodes what it reads: a value with a percent
# sign arrives as another one. W3C Baggage says that a percent sign has to be percent-encoded.
# Source: https://www.w3.org/TR/baggage/#value
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$work/target}"
mkdir "$work/src"
cd "$work"

cat >Cargo.toml <<'TOML'
[package]
name = "opentelemetry-baggage-percent"
version = "0.0.0"
edition = "2024"

[dependencies]
opentelemetry = "=0.33.1"
opentelemetry_sdk = "=0.33.1"
TOML

cat >src/main.rs <<'RUST'
use std::collections::HashMap;

use opentelemetry::baggage::BaggageExt as _;
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::propagation::BaggagePropagator;

fn main() {
    let propagator = BaggagePropagator::new();
    for value in ["a b", "a,b", "100%", "100%25", "50%2C5"] {
        let context = Context::new().with_baggage([KeyValue::new("key", value)]);
        let mut headers = HashMap::new();
        propagator.inject_context(&context, &mut headers);
        let received = propagator.extract(&headers);
        let arrived = received.baggage().get("key").map(ToString::to_string);
        println!("{value:?} is sent as {:?} and arrives as {arrived:?}", headers["baggage"]);
    }
}
RUST

cat >expected <<'TEXT'
"a b" is sent as "key=a%20b" and arrives as Some("a b")
"a,b" is sent as "key=a%2Cb" and arrives as Some("a,b")
"100%" is sent as "key=100%" and arrives as Some("100%")
"100%25" is sent as "key=100%25" and arrives as Some("100%")
"50%2C5" is sent as "key=50%2C5" and arrives as Some("50,5")
TEXT

cargo run --quiet >seen
cat seen
diff expected seen || { echo "the behaviour has changed" >&2; exit 1; }
