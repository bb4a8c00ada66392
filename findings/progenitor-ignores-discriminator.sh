#!/usr/bin/env bash
# progenitor 0.15.1: of a `oneOf` with a `discriminator`, the discriminator isn't read. The variants are tried in
# their order, and the first one whose members are all optional takes every object: a square comes out as a circle,
# and its members are lost.
# letterhead writes its own reader for such a choice.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$work/target}"
mkdir "$work/src"
cd "$work"

cat >Cargo.toml <<'TOML'
[package]
name = "progenitor-ignores-discriminator"
version = "0.0.0"
edition = "2024"

[dependencies]
futures = "=0.3.31"
progenitor = "=0.15.1"
reqwest = { version = "=0.13.5", default-features = false, features = ["json", "stream"] }
serde = { version = "=1.0.228", features = ["derive"] }
serde_json = "=1.0.154"
TOML

cat >api.json <<'JSON'
{
  "openapi": "3.0.3",
  "info": {"title": "Shapes", "version": "1.0.0"},
  "paths": {
    "/shape": {
      "get": {
        "operationId": "get_shape",
        "responses": {
          "200": {
            "description": "A shape",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Shape"}}}
          }
        }
      }
    }
  },
  "components": {
    "schemas": {
      "Shape": {
        "oneOf": [{"$ref": "#/components/schemas/Circle"}, {"$ref": "#/components/schemas/Square"}],
        "discriminator": {
          "propertyName": "kind",
          "mapping": {
            "circle": "#/components/schemas/Circle",
            "square": "#/components/schemas/Square"
          }
        }
      },
      "Circle": {
        "type": "object",
        "properties": {"kind": {"type": "string"}, "radius": {"type": "integer"}}
      },
      "Square": {
        "type": "object",
        "properties": {"kind": {"type": "string"}, "side": {"type": "integer"}}
      }
    }
  }
}
JSON

cat >src/main.rs <<'RUST'
#![allow(dead_code)]
progenitor::generate_api!("api.json");

fn main() {
    let square = r#"{"kind":"square","side":3}"#;
    let shape: types::Shape = serde_json::from_str(square).unwrap();
    let variant = match shape {
        types::Shape::Circle(_) => "circle",
        types::Shape::Square(_) => "square",
    };
    println!("{square} is read as a {variant}");
    println!("and written as {}", serde_json::to_string(&shape).unwrap());
}
RUST

cat >expected <<'TEXT'
{"kind":"square","side":3} is read as a circle
and written as {"kind":"square"}
TEXT

cargo run --quiet >seen
cat seen
diff expected seen || { echo "the behaviour has changed" >&2; exit 1; }
