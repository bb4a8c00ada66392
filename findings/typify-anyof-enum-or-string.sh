#!/usr/bin/env bash
# typify 0.8.0 (the type generator of progenitor 0.15.1): `anyOf` of a string enum and a plain string, the usual
# way to keep an enum open, becomes a struct with two flattened members. No text can be read as it: neither a
# listed value nor another one, though the schema allows both.
# letterhead therefore writes enums that take unlisted values itself.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$work/target}"
mkdir "$work/src"
cd "$work"

cat >Cargo.toml <<'TOML'
[package]
name = "typify-anyof-enum-or-string"
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
    "Light": {
      "anyOf": [{"type": "string", "enum": ["red", "green"]}, {"type": "string"}]
    }
  }
}
JSON

cat >src/main.rs <<'RUST'
typify::import_types!("schema.json");

fn main() {
    for json in ["\"red\"", "\"blue\""] {
        match serde_json::from_str::<Light>(json) {
            Ok(light) => println!("{json}: read as {light:?}"),
            Err(error) => println!("{json}: {error}"),
        }
    }
}
RUST

cat >expected <<'TEXT'
"red": invalid type: string "red", expected struct Light at line 1 column 5
"blue": invalid type: string "blue", expected struct Light at line 1 column 6
TEXT

cargo run --quiet >seen
cat seen
diff expected seen || { echo "the behaviour has changed" >&2; exit 1; }
