//! How well an operation that a page shows fits one that a document describes.

use crate::target::{is_placeholder, is_value, same_path, same_path_in_prose};

/// What two paths have in common, from the least to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fit {
    /// All segments but one.
    ButOne,
    /// The last fixed segments, this many.
    Tail(usize),
    /// All but slashes.
    Slashes,
    /// All.
    Whole,
}

/// How well a path that a page shows fits the one of an operation; none where nothing but chance could pair
/// them. Prose has paths in any case.
pub(crate) fn fit(template: &str, shown: &str, in_prose: bool) -> Option<Fit> {
    let same = if in_prose { same_path_in_prose } else { same_path };
    if same(template, shown) {
        return Some(Fit::Whole);
    }
    let (left, right) = (segments(template), segments(shown));
    if same(&left.join("/"), &right.join("/")) {
        return Some(Fit::Slashes);
    }
    let tail = tail(&left, &right);
    if tail > 0 {
        return Some(Fit::Tail(tail));
    }
    let differing = left.iter().zip(&right).filter(|(left, right)| !same(left, right));
    // Of two segments, either could be the one that differs by chance.
    let is_but_one = left.len() == right.len() && left.len() > 1 && differing.count() == 1;
    is_but_one.then_some(Fit::ButOne)
}

/// How many fixed segments are the same, from the end. What is before them may differ, or be missing on one
/// side as a whole: a segment more in between makes another operation.
fn tail(left: &[&str], right: &[&str]) -> usize {
    let fixed = |path: &[&str]| -> Vec<String> {
        let varies = |part: &&&str| is_placeholder(part).is_some() || is_value(part);
        path.iter().filter(|part| !varies(part)).map(|part| (*part).to_owned()).collect()
    };
    let (left, right) = (fixed(left), fixed(right));
    let same = left.iter().rev().zip(right.iter().rev()).take_while(|(left, right)| left == right);
    let same = same.count();
    let is_prefix = left.len() == right.len() || same == left.len() || same == right.len();
    if is_prefix { same } else { 0 }
}

fn segments(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !part.is_empty()).collect()
}

/// Whether a path of a page is the form of many operations, this one among them: `/{collection}/{id}`.
pub(crate) fn is_form_of(template: &str, shown: &str) -> bool {
    let (left, right) = (segments(template), segments(shown));
    let varies = |part: &str| part.contains('{');
    left.len() == right.len()
        && left.iter().zip(&right).all(|(left, right)| varies(right) || left == right)
        && left.iter().zip(&right).any(|(left, right)| varies(right) && !varies(left))
}

/// Whether a path of a sample has words in the place of what varies.
pub(crate) fn is_instance_of(template: &str, shown: &str) -> bool {
    let (left, right) = (segments(template), segments(shown));
    let same = |(left, right): (&&str, &&str)| is_placeholder(left).is_some() || left == right;
    left.len() == right.len() && left.iter().zip(&right).all(same)
}

/// How many segments two paths share, in percent.
pub(crate) fn likeness(left: &str, right: &str) -> usize {
    let parts = |path| -> Vec<String> {
        let stable = crate::target::stable_path(path);
        segments(&stable).into_iter().map(str::to_owned).collect()
    };
    let (left, mut right) = (parts(left), parts(right));
    let all = left.len() + right.len();
    let shared = left.iter().filter(|part| {
        let found = right.iter().position(|other| other == *part);
        found.map(|at| right.remove(at)).is_some()
    });
    let shared = shared.count();
    shared * 100 / (all - shared).max(1)
}

/// How many percent of their segments two paths have to share to be taken for one another.
pub(crate) const ALIKE: usize = 30;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_paired_by_their_fixed_segments_from_the_end() {
        for (template, shown, expected) in [
            ("/v1/pets/{id}", "/v1/pets/{pet-id}", Some(Fit::Whole)),
            ("/v1/pets/", "/v1/pets", Some(Fit::Slashes)),
            ("/v1/pets/", "//v1/pets/", Some(Fit::Slashes)),
            ("/v1/pets/{id}", "/v1/pets", Some(Fit::Tail(2))),
            ("/v1/pets/{id}", "/v2/pets/{id}", Some(Fit::Tail(1))),
            ("/v1/pets/{id}", "/v1/animals/{id}", Some(Fit::ButOne)),
            ("/v1/pets/{id}/toys", "/v1/pets/{id}", None),
            ("/v1/pets/{id}/toys", "/v1/pets/{id}/bowls", Some(Fit::ButOne)),
            ("/v1/pets/{id}", "/pets/{id}", Some(Fit::Tail(1))),
            ("/v1/pets/byName", "/v1/pets/byAge/byName", None),
            ("/pets", "/toys", None),
        ] {
            assert_eq!(fit(template, shown, false), expected, "{template} {shown}");
        }
    }

    #[test]
    fn a_form_of_many_operations_is_none_of_them() {
        assert!(is_form_of("/api/pets/byName", "/api/{resource}/by{filter}"));
        assert!(!is_form_of("/api/pets/{id}", "/api/pets/{pet}"));
        assert!(!is_form_of("/api/pets/toys", "/api/{resource}/bowls"));
    }
}
