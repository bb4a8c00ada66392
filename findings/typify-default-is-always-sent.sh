#!/usr/bin/env bash
# typify 0.8.0 (the type generator of progenitor 0.15.1): an optional member with a `default` becomes a plain
# field that is always written. A value that was read without the member has it when it is written, so a PATCH
# made of this type sets what nobody meant to set.
# letterhead takes defaults out of documents before it generates types.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$work/target}"
mkdir "$work/src"
cd "$work"

cat >Cargo.toml <<'TOML'
[package]
name = "typify-default-is-always-sent"
version = "0.0.0"
edition = "2024"

[dependencies]
serde = { version = "=1.0.228", features = ["derive"] }
serde_json = "=1.0.154"
typify = "=0.8.0"
TOML

cat >schema.json <<'JSON'
{
  "$schema": "http://json-schema.org/draft-07/schema#",
  "definitions": {
    "Lamp": {
      "type": "object",
      "properties": {
        "name": {"type": "string"},
        "watts": {"type": "integer", "default": 40}
      }
    }
  }
}
JSON

cat >src/main.rs <<'RUST'
typify::import_types!("schema.json");

fn main() {
    let read: Lamp = serde_json::from_str(r#"{"name":"desk"}"#).unwrap();
    println!("{}", serde_json::to_string(&read).unwrap());
}
RUST

cat >expected <<'TEXT'
{"name":"desk","watts":40}
TEXT

cargo run --quiet >seen
cat seen
diff expected seen || { echo "the behaviour has changed" >&2; exit 1; }
