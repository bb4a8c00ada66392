//! The URLs of paths without an argument.

use std::sync::{PoisonError, RwLock};

use reqwest::Url;

/// How many are kept: more than a document has of such paths. A program can make up others.
const MOST: usize = 64;

/// Each of them is made once for a client: to put a URL together is a tenth of what a call costs here.
#[derive(Default)]
pub(super) struct FixedUrls(RwLock<Vec<(&'static str, Url)>>);

impl FixedUrls {
    /// The URL of `path`, by `make` where it has not been made before.
    pub(super) fn url(&self, path: &'static str, make: impl FnOnce() -> Url) -> Url {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, url)) = known.iter().find(|(of, _)| *of == path) {
            return url.clone();
        }
        let is_full = known.len() >= MOST;
        drop(known);
        let url = make();
        if !is_full {
            let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
            // Another call may have made it meanwhile.
            if known.len() < MOST && known.iter().all(|(of, _)| *of != path) {
                known.push((path, url.clone()));
            }
        }
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_made_once_and_no_more_are_kept_than_there_are_of_a_document() {
        let urls = FixedUrls::default();
        let url = |path: &str| Url::parse(&format!("https://example.com{path}")).unwrap();
        let made = urls.url("/a", || url("/a"));
        assert_eq!(urls.url("/a", || unreachable!("it is known")), made);
        assert_eq!(urls.url("/b", || url("/b")), url("/b"));
        for number in 0..2 * MOST {
            let path: &'static str = format!("/{number}").leak();
            assert_eq!(urls.url(path, || url(path)), url(path));
        }
        assert_eq!(urls.0.read().unwrap().len(), MOST);
    }
}
