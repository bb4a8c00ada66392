//! What reports look like, and that any bytes get one.

mod kinds;
mod output;
mod parts;
mod program;
mod robustness;
mod run;
