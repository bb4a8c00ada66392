//! `$ref`, and the other ways in which one part of a document names another.

pub(crate) mod cycles;
pub(crate) mod expressions;
pub(crate) mod links;
pub(crate) mod tags;
pub(crate) mod targets;
pub(crate) mod unused;
