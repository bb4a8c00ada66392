//! What reports look like, and that any bytes get one.

mod kinds;
mod output;
mod program;
mod robustness;
