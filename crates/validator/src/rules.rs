//! Every rule, by family: a static for each page under `rules/`, made by the build script.

#![expect(clippy::doc_markdown, reason = "a page names products, too")]

use crate::rule::{Family, Rule};

include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// Every rule, by family.
pub(crate) fn all() -> impl Iterator<Item = &'static Rule> {
    Family::ALL.into_iter().flat_map(of).copied()
}

/// The rule with this code.
pub(crate) fn find(code: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.code == code)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    #[test]
    fn a_code_is_one_rules_only() {
        let codes: HashSet<&str> = super::all().map(|rule| rule.code).collect();
        assert_eq!(codes.len(), super::all().count());
    }
}
