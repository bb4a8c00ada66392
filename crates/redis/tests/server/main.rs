//! Replicas on a real Redis, which each test starts for itself: `cargo xtask ci redis`.

mod away;
mod clients;
mod quota;
mod refresh;
mod refused;
mod runtimes;
mod secrets;
mod support;
#[cfg(feature = "rustls")]
mod tls;
mod tokens;
