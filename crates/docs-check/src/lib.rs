//! Reads the vendors' documentation pages and compares letterhead's documents with them.
//!
//! ```text
//! folder -> files -> blocks -> dialect -> facts -> compare with documents -> findings
//!                                           |
//!                                           +----> lock, or diff with the lock
//! ```

mod bilingual;
mod blocks;
mod clouds;
mod compare;
mod curl;
mod dialect;
mod diff;
mod evidence;
mod fact;
mod files;
mod html;
mod http;
mod inline;
mod json;
mod languages;
mod located;
mod lock;
mod name;
mod part;
mod pipes;
mod render;
mod rules;
mod spec;
mod target;
mod unfold;

pub use letterhead_diagnostics::{Format, Look};
pub use letterhead_document::Source;

pub use clouds::CloudNames;
pub use compare::{Coverage, Finding, Outcome, Pair, Quiet, Unread, check};
pub use dialect::read_page;
pub use diff::{Change, Changes, diff};
pub use fact::{Fact, Kind, Page, Place, Shown, Side};
pub use files::{Folder, Problem, read_folders};
pub use json::{Node, Repair, Sample};
pub use lock::Lock;
pub use part::{Part, Renewed};
pub use render::{Extent, changed, changes_issue, checked, facts, findings_issue, report};
pub use rules::{Rule, kinds};
pub use spec::{Documents, Known, Vendor};
