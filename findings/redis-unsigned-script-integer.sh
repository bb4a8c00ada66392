#!/usr/bin/env bash
# redis 1.8.1 (the Rust client): a negative integer from the server, such as the -1 or -2 of a TTL or of a script, is
# read as an unsigned type without an error, and wraps. 'No expiry' becomes 584 million years in milliseconds.
# Read script integers as i64 and check their range.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$work/target}"
mkdir "$work/src"
cd "$work"

cat >Cargo.toml <<'TOML'
[package]
name = "redis-unsigned-script-integer"
version = "0.0.0"
edition = "2024"

[dependencies]
redis = { version = "=1.8.1", default-features = false }
TOML

cat >src/main.rs <<'RUST'
use redis::{Value, from_redis_value};

fn main() {
    println!("as i64: {:?}", from_redis_value::<i64>(Value::Int(-1)).ok());
    println!("as u64: {:?}", from_redis_value::<u64>(Value::Int(-1)).ok());
    println!("as u8: {:?}", from_redis_value::<u8>(Value::Int(-1)).ok());
    println!("300 as u8: {:?}", from_redis_value::<u8>(Value::Int(300)).ok());
}
RUST

cat >expected <<'TEXT'
as i64: Some(-1)
as u64: Some(18446744073709551615)
as u8: Some(255)
300 as u8: Some(44)
TEXT

cargo run --quiet >seen
cat seen
diff expected seen || { echo "the behaviour has changed" >&2; exit 1; }
