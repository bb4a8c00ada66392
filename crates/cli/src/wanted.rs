//! What a company says for one target.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value};

/// What a company says for one target.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// The company, and over it what differs at the target: JSON of [`crate::company::Company`].
    pub(crate) layers: Vec<Arc<Value>>,
    /// The members that are left alone.
    pub(crate) leave: Vec<String>,
}

impl Wanted {
    /// What is wanted of a member or of a group: a value, null to clear it, or nothing.
    pub(crate) fn of(&self, member: &str) -> Option<&Value> {
        if self.leave.iter().any(|group| covers(group, member)) {
            return None;
        }
        self.layers.iter().rev().find_map(|layer| at(layer, member))
    }

    /// What is wanted of a member of free data.
    pub(crate) fn of_open(&self, member: &str, name: &str) -> Option<Value> {
        // A name may have a dot in it, and then isn't in a group of another name.
        let is_left = |left: &String| {
            let of_member = left.strip_prefix(member);
            of_member.is_some_and(|rest| rest.is_empty() || rest.strip_prefix('.') == Some(name))
        };
        if self.leave.iter().any(is_left) {
            return None;
        }
        self.layers.iter().rev().find_map(|layer| at_open(layer, member, name))
    }

    /// The names of the free data that is wanted, or that are at the vendor's while all of it is to be cleared.
    pub(crate) fn names(&self, member: &str, present: &Value) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for layer in self.layers.iter().rev() {
            match layer.get(member) {
                None => {}
                Some(Value::Null) => {
                    names.extend(present.as_object().into_iter().flat_map(Map::keys).cloned());
                    break;
                }
                Some(value) => {
                    names.extend(value.as_object().into_iter().flat_map(Map::keys).cloned());
                }
            }
        }
        names
    }
}

/// The value at a path; null where there is a null on the way.
fn at<'v>(mut value: &'v Value, member: &str) -> Option<&'v Value> {
    for name in member.split('.') {
        value = value.get(name)?;
        if value.is_null() {
            break;
        }
    }
    Some(value)
}

/// What a layer wants of a member of free data.
fn at_open(layer: &Value, member: &str, name: &str) -> Option<Value> {
    match layer.get(member)? {
        Value::Null => Some(Value::Null),
        data => data.get(name).cloned(),
    }
}

/// Whether `group` is `member` or has it in it: `address` covers `address.city`.
pub(crate) fn covers(group: &str, member: &str) -> bool {
    member.strip_prefix(group).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_name_of_free_data_is_left_alone_and_no_other() {
        let company = json!({"metadata": {"a": 1, "a.b": 2}});
        let left = |leave: &[&str]| {
            let leave = leave.iter().map(|name| (*name).to_owned()).collect();
            let wanted = Wanted { layers: vec![Arc::new(company.clone())], leave };
            ["a", "a.b"].map(|name| wanted.of_open("metadata", name).is_none())
        };
        assert_eq!(left(&["metadata.a"]), [true, false]);
        assert_eq!(left(&["metadata.a.b"]), [false, true]);
        assert_eq!(left(&["metadata"]), [true, true]);
        assert_eq!(left(&["metadata.", "meta", "metadata.b"]), [false, false]);
    }
}
