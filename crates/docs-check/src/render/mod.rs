//! What was found as text: for people and for programs.

mod changes;
mod check;
mod facts;
mod tool;

pub use changes::changed;
pub use check::checked;
pub use facts::facts;
