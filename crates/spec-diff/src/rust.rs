//! What the generated Rust gained and lost.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Change, Class, Side};

/// Compares two public faces, each a line for each thing that a caller can name.
pub(crate) fn compare(old: &[String], new: &[String]) -> Vec<Change> {
    let (before, after): (BTreeSet<&String>, BTreeSet<&String>) =
        (old.iter().collect(), new.iter().collect());
    let lost: BTreeMap<&str, &str> = before.difference(&after).map(|line| split(line)).collect();
    let gained: BTreeMap<&str, &str> = after.difference(&before).map(|line| split(line)).collect();
    let broken = lost.iter().map(|(name, was)| Change {
        class: Class::Rust,
        subject: (*name).to_owned(),
        old: Some(side(was)),
        new: gained.get(name).map(|is| side(is)),
    });
    let fresh = gained.iter().filter(|(name, _)| !lost.contains_key(*name));
    let fresh = fresh.map(|(name, is)| Change {
        class: Class::Additive,
        subject: (*name).to_owned(),
        old: None,
        new: Some(side(is)),
    });
    broken.chain(fresh).collect()
}

/// The name of a line, and its details.
fn split(line: &str) -> (&str, &str) {
    let at = line
        .match_indices([':', '(', ' '])
        .find(|(at, found)| *found != ":" || line[at + 1..].starts_with(' '))
        .map_or(line.len(), |(at, _)| at);
    line.split_at(at)
}

fn side(text: &str) -> Side {
    Side { value: text.trim_start_matches([':', ' ']).to_owned(), span: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_that_changes_is_one_change() {
        let lines =
            |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
        let changes = compare(
            &lines(&["Client::a() -> A", "types::A.x: Option<i64>", "types::A.y: bool"]),
            &lines(&["Client::a() -> A", "types::A.x: Option<String>", "types::A::B(i64)"]),
        );
        let details: Vec<String> = changes
            .iter()
            .map(|change| {
                let value = |side: &Option<Side>| side.as_ref().map(|side| side.value.clone());
                format!(
                    "{}: {} {:?} {:?}",
                    change.class.name(),
                    change.subject,
                    value(&change.old),
                    value(&change.new)
                )
            })
            .collect();
        assert_eq!(
            details,
            [
                "Rust-API-breaking: types::A.x Some(\"Option<i64>\") Some(\"Option<String>\")",
                "Rust-API-breaking: types::A.y Some(\"bool\") None",
                "additive: types::A::B None Some(\"(i64)\")",
            ]
        );
    }
}
