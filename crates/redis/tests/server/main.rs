//! Replicas on a real Redis, which each test starts for itself: `cargo xtask ci redis`.

mod quota;
mod support;
mod tokens;
