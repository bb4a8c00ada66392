#!/usr/bin/env bash
# openapi-to-rust 0.23.0: an operation with a cookie that is a text makes the whole client one that doesn't compile. The
# argument is `impl AsRef<str>`, and is formatted as if it were `Display`.
# `cargo xtask bench generators` gives it the document of the questions without such an operation.
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
  "info": {"title": "Themes", "version": "1.0.0"},
  "paths": {
    "/theme": {
      "get": {
        "operationId": "get_theme",
        "parameters": [{"name": "theme", "in": "cookie", "required": true, "schema": {"type": "string"}}],
        "responses": {"204": {"description": "Nothing"}}
      }
    }
  }
}
JSON

tools/bin/openapi-to-rust generate api.json --output-dir src/api --quiet
echo 'pub mod api;' >src/lib.rs
{
    printf '[package]\nname = "openapi-to-rust-text-cookie"\nversion = "0.0.0"\nedition = "2024"\n\n'
    cat src/api/REQUIRED_DEPS.toml
} >Cargo.toml

cat >expected <<'TEXT'
error[E0277]: `impl AsRef<str>` doesn't implement `std::fmt::Display`
TEXT

cargo check --quiet --color never 2>&1 | grep '^error\[' >seen || true
cat seen
diff expected seen || { echo "the behaviour has changed" >&2; exit 1; }
