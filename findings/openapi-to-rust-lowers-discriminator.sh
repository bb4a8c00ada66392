#!/usr/bin/env bash
# openapi-to-rust 0.23.0: of a `oneOf` with a `discriminator` that has no `mapping`, the values are the names of the
# schemas (OpenAPI 3.0.3, Discriminator Object). It expects them in lower case: what the document describes is refused.
# letterhead takes the name of the schema as it is.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$work/target}"
cargo install --quiet --locked --version 0.23.0 openapi-to-rust --root "$work/tools"
mkdir "$work/src"
cd "$work"

cat >api.json <<'JSON'
{
  "openapi": "3.0.3",
  "info": {"title": "Animals", "version": "1.0.0"},
  "paths": {},
  "components": {
    "schemas": {
      "Animal": {
        "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
        "discriminator": {"propertyName": "kind"}
      },
      "Cat": {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"type": "string"}, "lives": {"type": "integer"}}
      },
      "Dog": {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"type": "string"}, "tricks": {"type": "integer"}}
      }
    }
  }
}
JSON

cat >Cargo.toml <<'TOML'
[package]
name = "openapi-to-rust-lowers-discriminator"
version = "0.0.0"
edition = "2024"

[dependencies]
serde = { version = "=1.0.228", features = ["derive"] }
serde_json = "=1.0.154"
TOML

cat >src/main.rs <<'RUST'
#![allow(dead_code)]
mod api;

fn main() {
    for animal in [r#"{"kind":"Cat","lives":9}"#, r#"{"kind":"cat","lives":9}"#] {
        match serde_json::from_str::<api::Animal>(animal) {
            Ok(read) => println!("{animal} is read as {read:?}"),
            Err(error) => println!("{animal} is refused: {error}"),
        }
    }
}
RUST

cat >expected <<'TEXT'
{"kind":"Cat","lives":9} is refused: unknown discriminator value `Cat` for `kind`
{"kind":"cat","lives":9} is read as Cat(Cat { kind: "cat", lives: Some(9) })
TEXT

tools/bin/openapi-to-rust generate api.json --types-only --output-dir src/api --quiet
cargo run --quiet >seen
cat seen
diff expected seen || { echo "the behaviour has changed" >&2; exit 1; }
