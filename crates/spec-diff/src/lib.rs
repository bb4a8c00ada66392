//! What an edit of an OpenAPI document changes: on the wire, in the generated Rust, in words.
//!
//! ```
//! use letterhead_spec_diff::{Class, compare};
//! use letterhead_document::Document;
//!
//! let document = |title: &str, path: &str| {
//!     let text = format!(
//!         "openapi: 3.0.3
//! info: {{title: {title}, version: '1'}}
//! paths:
//!   {path}: {{get: {{operationId: listPets, responses: {{'204': {{description: d}}}}}}}}
//! "
//!     );
//!     Document::parse("pets.yaml", &text)
//! };
//! let changes = compare(&document("Pets", "/pets")?, &document("Cats", "/cats")?)?;
//! let classes: Vec<Class> = changes.iter().map(|change| change.class).collect();
//! assert_eq!(classes, [Class::Wire, Class::Wording]);
//! # Ok::<(), letterhead_document::Fault>(())
//! ```

mod classify;
mod flatten;
mod rust;

use std::collections::{BTreeMap, HashMap, HashSet};

use letterhead_document::{Document, Fault, Span};

use flatten::{Entry, Flat};

/// How much a change matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// What was right on the wire no longer is.
    Wire,
    /// Code that compiled no longer does.
    Rust,
    /// Something is new, and nothing else has to change.
    Additive,
    /// Only people notice.
    Wording,
}

impl Class {
    /// All of them, the worst first.
    pub const ALL: [Self; 4] = [Self::Wire, Self::Rust, Self::Additive, Self::Wording];

    /// Its name for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Wire => "wire-breaking",
            Self::Rust => "Rust-API-breaking",
            Self::Additive => "additive",
            Self::Wording => "wording",
        }
    }

    /// Whether somebody has to change something because of it.
    #[must_use]
    pub fn is_breaking(self) -> bool {
        matches!(self, Self::Wire | Self::Rust)
    }
}

/// One difference between two documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// How much it matters.
    pub class: Class,
    /// What changed: the operation or the component, and the way to the place in it.
    pub subject: String,
    /// What it was; none where it is new.
    pub old: Option<Side>,
    /// What it is; none where it is gone.
    pub new: Option<Side>,
}

/// One of the two sides of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The value, where it is more than being there.
    pub value: String,
    /// Where it stands; none in generated code.
    pub span: Option<Span>,
}

/// What changed from `old` to `new`, the worst first.
///
/// # Errors
/// A document that can't be generated, where the place is.
pub fn compare(old: &Document, new: &Document) -> Result<Vec<Change>, Fault> {
    let (before, after) = (Flat::of(old, &HashMap::new()), Flat::of(new, &renamed(old, new)));
    let mut changes = Vec::new();
    for (path, entry) in &before.entries {
        match after.entries.get(path) {
            Some(other) if other.value == entry.value => {}
            Some(other) => changes.push(classify::changed(path, entry, other)),
            None if is_outermost(path, &after.entries) => {
                changes.push(classify::removed(path, entry));
            }
            None => {}
        }
    }
    for (path, entry) in &after.entries {
        if !before.entries.contains_key(path) && is_outermost(path, &before.entries) {
            changes.push(classify::added(path, entry, &after));
        }
    }
    changes.extend(rust::compare(&letterhead_codegen::api(old)?, &letterhead_codegen::api(new)?));
    changes.sort_by(|a, b| (a.class, &a.subject).cmp(&(b.class, &b.subject)));
    Ok(changes)
}

/// The old ids, by the new ones, of operations that have only another id now: that is nothing to the
/// wire, and the generated Rust shows it.
fn renamed<'d>(old: &'d Document, new: &'d Document) -> HashMap<&'d str, &'d str> {
    let ids = |document: &'d Document| -> BTreeMap<(&'d str, &'d str), &'d str> {
        let operations = document.operations();
        let named = operations.filter_map(|operation| {
            let address = (operation.path.text.as_str(), operation.http_method());
            Some((address, operation.id()?))
        });
        named.collect()
    };
    let (before, after) = (ids(old), ids(new));
    let moved: HashSet<&str> = before.values().copied().collect();
    let renamed = after.iter().filter_map(|(address, id)| {
        let was = before.get(address)?;
        (!moved.contains(id)).then_some((*id, *was))
    });
    renamed.collect()
}

/// Whether what stands around a place that one side lacks is there: only the outermost is reported.
fn is_outermost(path: &[String], other: &BTreeMap<Vec<String>, Entry>) -> bool {
    (1..path.len()).all(|length| {
        let around = &path[..length];
        other.contains_key(around)
    })
}
