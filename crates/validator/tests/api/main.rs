//! What reports look like, and that any bytes get one.

mod output;
mod robustness;
