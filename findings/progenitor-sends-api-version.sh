#!/usr/bin/env bash
# progenitor 0.15.1: a generated client adds a header `api-version` to every request, with the version of the OpenAPI
# document, though no parameter declares it. A service that has a header of this name takes it for its own.
# letterhead generates its requests without it.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$work/target}"
mkdir "$work/src"
cd "$work"

cat >Cargo.toml <<'TOML'
[package]
name = "progenitor-sends-api-version"
version = "0.0.0"
edition = "2024"

[dependencies]
futures = "=0.3.31"
progenitor = "=0.15.1"
reqwest = { version = "=0.13.5", default-features = false, features = ["json", "stream"] }
serde = { version = "=1.0.228", features = ["derive"] }
serde_json = "=1.0.154"
tokio = { version = "=1.54.1", features = ["macros", "rt"] }
TOML

cat >api.json <<'JSON'
{
  "openapi": "3.0.3",
  "info": {"title": "Ping", "version": "7.8.9"},
  "paths": {
    "/ping": {
      "get": {
        "operationId": "ping",
        "responses": {"204": {"description": "It is there"}}
      }
    }
  }
}
JSON

cat >src/main.rs <<'RUST'
#![allow(dead_code)]
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;

progenitor::generate_api!("api.json");

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let lines = BufReader::new(stream.try_clone().unwrap()).lines();
        let head: Vec<_> = lines.map(Result::unwrap).take_while(|line| !line.is_empty()).collect();
        stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap();
        head
    });
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    Client::new_with_client(&url, http).ping().await.unwrap();
    for line in server.join().unwrap() {
        if line.starts_with("GET") || line.starts_with("api-version") {
            println!("{line}");
        }
    }
}
RUST

cat >expected <<'TEXT'
GET /ping HTTP/1.1
api-version: 7.8.9
TEXT

cargo run --quiet >seen
cat seen
diff expected seen || { echo "the behaviour has changed" >&2; exit 1; }
