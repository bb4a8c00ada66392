#!/usr/bin/env bash
# ring 0.17.14 is built again, and with it all that depends on it, when cargo is called by a program that cargo runs:
# its build script names variables such as CARGO_PKG_NAME and CARGO_MANIFEST_DIR in `cargo:rerun-if-env-changed`. Cargo
# compares them with its own environment, where `cargo run` has set those of the program, and not with what it gives
# to the build script, which is the same both times.
# Whoever alternates `cargo xtask build` and `cargo build` compiles rustls and reqwest each time. letterhead's commands
# call cargo without these variables.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CARGO_TARGET_DIR="$work/target"
mkdir "$work/src"
cd "$work"

cat >Cargo.toml <<'TOML'
[package]
name = "ring-built-again"
version = "0.0.0"
edition = "2024"

[dependencies]
ring = "=0.17.14"
TOML
echo 'fn main() {}' >src/main.rs

# Builds with the given variables in cargo's environment, and prints whether ring is compiled.
build() {
    local told=$1 output
    shift
    output=$(env "$@" cargo build 2>&1)
    if grep -q 'Compiling ring' <<<"$output"; then
        echo "$told: ring is compiled"
    else
        echo "$told: nothing is compiled"
    fi
}

unset "${!CARGO_PKG_@}" "${!CARGO_MANIFEST_@}"
{
    build "the first build" _=
    build "the same again" _=
    build "as below \`cargo run\` of another package" CARGO_PKG_NAME=xtask CARGO_MANIFEST_DIR="$work/xtask"
    build "by hand again" _=
} | tee seen

cat >expected <<'TEXT'
the first build: ring is compiled
the same again: nothing is compiled
as below `cargo run` of another package: ring is compiled
by hand again: ring is compiled
TEXT
diff expected seen || { echo "the behaviour has changed" >&2; exit 1; }
