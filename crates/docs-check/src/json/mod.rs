//! JSON as pages print it: read leniently, with a name for everything that had to be repaired.

mod between;
mod node;
mod read;
mod scalar;

pub use node::{Node, Repair, Sample};
pub(crate) use read::{Parsed, is_fragment, read};
