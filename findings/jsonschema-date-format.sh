#!/usr/bin/env bash
# jsonschema 0.60.2 (the Rust crate) takes the text 2026-0*-01 for `format: date`: a character beside the digits passes
# for a digit of the month. 0.61.2 refuses it. RFC 3339 allows digits only.
# letterhead requires 0.61.2 at least, since it checks the examples of its documents with this crate.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$work/target}"
mkdir "$work/src"
cd "$work"

cat >src/main.rs <<'RUST'
use serde_json::json;

fn main() {
    let schema = json!({"type": "string", "format": "date"});
    let options = jsonschema::draft7::options().should_validate_formats(true);
    let date = options.build(&schema).unwrap();
    for text in ["2026-10-05", "2026-0*-01", "2026-0a-01"] {
        println!("{text}: {}", date.is_valid(&json!(text)));
    }
}
RUST

for version in 0.60.2 0.61.2; do
    cat >Cargo.toml <<TOML
[package]
name = "jsonschema-date-format"
version = "0.0.0"
edition = "2024"

[dependencies]
jsonschema = { version = "=$version", default-features = false }
serde_json = "=1.0.154"
TOML
    rm -f Cargo.lock
    echo "jsonschema $version"
    cargo run --quiet
done | tee seen

cat >expected <<'TEXT'
jsonschema 0.60.2
2026-10-05: true
2026-0*-01: true
2026-0a-01: false
jsonschema 0.61.2
2026-10-05: true
2026-0*-01: false
2026-0a-01: false
TEXT
diff expected seen || { echo "the behaviour has changed" >&2; exit 1; }
