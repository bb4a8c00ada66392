//! What a test has laid out for requests to come.

use std::collections::VecDeque;

use crate::store::{Segments, segments};

/// Entries in order, each for any request or for those of one path.
pub(crate) struct Queue<T> {
    entries: VecDeque<(Option<Segments>, T)>,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self {
            entries: VecDeque::new(),
        }
    }
}

impl<T> Queue<T> {
    /// Adds an entry for any request.
    pub(crate) fn push(&mut self, entry: T) {
        self.entries.push_back((None, entry));
    }

    /// Adds an entry for a request of `path`, however it is percent-encoded.
    pub(crate) fn push_for(&mut self, path: &str, entry: T) {
        self.entries.push_back((Some(segments(path)), entry));
    }

    /// Takes the first entry that is for a request of `path`.
    pub(crate) fn take(&mut self, path: &[String]) -> Option<T> {
        let is_for = |wanted: &Option<Segments>| wanted.as_deref().is_none_or(|own| own == path);
        let index = self.entries.iter().position(|(own, _)| is_for(own))?;
        self.entries.remove(index).map(|(_, entry)| entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_waits_for_its_path() {
        let mut queue = Queue::default();
        queue.push_for("/a/%40b", 1);
        queue.push(2);
        queue.push(3);
        let (own, other) = (segments("/a/@b"), segments("/c"));
        assert_eq!(queue.take(&other), Some(2));
        assert_eq!(queue.take(&own), Some(1));
        assert_eq!(queue.take(&own), Some(3));
        assert_eq!(queue.take(&own), None);
    }
}
