//! The JSON that the services keep, by path.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use serde_json::Value;

/// The decoded segments of a path.
pub(crate) type Segments = Vec<String>;

/// Splits a path at its slashes and decodes each part, so that an encoded slash stays inside one.
///
/// A trailing slash yields an empty last segment.
pub(crate) fn segments(path: &str) -> Segments {
    path.strip_prefix('/')
        .unwrap_or(path)
        .split('/')
        .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
        .collect()
}

/// Every stored resource under its path.
#[derive(Debug, Default)]
pub(crate) struct Store {
    resources: BTreeMap<Segments, Value>,
    revision: u64,
}

impl Store {
    pub(crate) fn get(&self, path: &[String]) -> Option<&Value> {
        self.resources.get(trimmed(path))
    }

    pub(crate) fn put(&mut self, path: &[String], value: Value) {
        self.resources.insert(trimmed(path).to_vec(), value);
        self.revision += 1;
    }

    /// Takes out the resource at `path` with everything below it.
    pub(crate) fn remove(&mut self, path: &[String]) -> Option<Value> {
        let path = trimmed(path);
        let removed = self.resources.remove(path);
        self.resources.retain(|key, _| !key.starts_with(path));
        self.revision += u64::from(removed.is_some());
        removed
    }

    /// How often something was put here or taken out.
    pub(crate) fn revision(&self) -> u64 {
        self.revision
    }

    /// The resources one segment below `path`, each with that segment, in its order.
    pub(crate) fn below(&self, path: &[String]) -> impl Iterator<Item = (&str, &Value)> {
        let parent = trimmed(path);
        self.resources
            .range(parent.to_vec()..)
            .take_while(move |(key, _)| key.starts_with(parent))
            .filter_map(move |(key, value)| match &key[parent.len()..] {
                [name] => Some((name.as_str(), value)),
                _ => None,
            })
    }
}

/// A list is the same resource with and without a slash at the end.
fn trimmed(path: &[String]) -> &[String] {
    match path {
        [rest @ .., last] if last.is_empty() => rest,
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn segments_keep_an_encoded_slash() {
        assert_eq!(segments("/a/b%2Fc%20d/"), ["a", "b/c d", ""]);
    }

    #[test]
    fn below_lists_children_only() {
        let mut store = Store::default();
        for path in ["/a", "/a/2", "/a/1", "/a/1/x", "/ab/3"] {
            store.put(&segments(path), json!(path));
        }
        let names: Vec<_> = store.below(&segments("/a/")).map(|(name, _)| name).collect();
        assert_eq!(names, ["1", "2"]);
    }

    #[test]
    fn what_is_below_goes_too() {
        let mut store = Store::default();
        for path in ["/a/1", "/a/1/x", "/a/10"] {
            store.put(&segments(path), json!(path));
        }
        assert_eq!(store.remove(&segments("/a/1")), Some(json!("/a/1")));
        assert_eq!(store.get(&segments("/a/1/x")), None);
        assert!(store.get(&segments("/a/10")).is_some());
    }
}
