//! What a test has queued for later requests.

use std::collections::VecDeque;

use http::Method;

use crate::store::{Segments, segments};

/// Entries in order, each for any request or for those of one path, by any method or by one.
pub(crate) struct Queue<T> {
    entries: VecDeque<(Wanted, T)>,
}

#[derive(Default)]
struct Wanted {
    method: Option<Method>,
    path: Option<Segments>,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self { entries: VecDeque::new() }
    }
}

impl<T> Queue<T> {
    /// Adds an entry for any request.
    pub(crate) fn push(&mut self, entry: T) {
        self.entries.push_back((Wanted::default(), entry));
    }

    /// Adds an entry for a request of `path`, however it is percent-encoded.
    pub(crate) fn push_for(&mut self, path: &str, entry: T) {
        let wanted = Wanted { method: None, path: Some(segments(path)) };
        self.entries.push_back((wanted, entry));
    }

    /// Adds an entry for a request of `path` by one method.
    pub(crate) fn push_for_method(&mut self, method: Method, path: &str, entry: T) {
        let wanted = Wanted { method: Some(method), path: Some(segments(path)) };
        self.entries.push_back((wanted, entry));
    }

    /// Takes the first entry that is for such a request.
    pub(crate) fn take(&mut self, method: &Method, path: &[String]) -> Option<T> {
        let is_for = |wanted: &Wanted| {
            wanted.method.as_ref().is_none_or(|own| own == method)
                && wanted.path.as_deref().is_none_or(|own| own == path)
        };
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
        assert_eq!(queue.take(&Method::GET, &other), Some(2));
        assert_eq!(queue.take(&Method::GET, &own), Some(1));
        assert_eq!(queue.take(&Method::GET, &own), Some(3));
        assert_eq!(queue.take(&Method::GET, &own), None);
    }

    #[test]
    fn an_entry_waits_for_its_method() {
        let mut queue = Queue::default();
        queue.push_for_method(Method::PUT, "/a", 1);
        queue.push_for("/a", 2);
        let path = segments("/a");
        assert_eq!(queue.take(&Method::PUT, &segments("/b")), None);
        assert_eq!(queue.take(&Method::GET, &path), Some(2));
        assert_eq!(queue.take(&Method::GET, &path), None);
        assert_eq!(queue.take(&Method::PUT, &path), Some(1));
    }
}
