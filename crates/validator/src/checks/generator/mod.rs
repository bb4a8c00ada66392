//! What keeps a client from being generated, and what the generator ignores: a rule for each that a document's author
//! can mend, and a dry run for the operations that are left out.

pub(crate) mod dry_run;
mod effort;
pub(crate) mod schemas;
