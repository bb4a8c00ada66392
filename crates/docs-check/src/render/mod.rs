//! What was found as text: for people and for programs.

mod changes;
mod check;
mod excerpt;
mod facts;
mod issue;
mod report;
mod tool;

pub use changes::changed;
pub use check::{Extent, checked};
pub use facts::facts;
pub use issue::{changes_issue, findings_issue};
pub use report::report;
