//! The name of a page, by which a link of a document finds its file.

use std::collections::BTreeSet;

/// A page's name without what changes when it is moved, renamed or translated: a set of words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    words: BTreeSet<String>,
    /// The last two folders or segments, for pages that lie below one of the name.
    tail: Option<String>,
}

impl Name {
    /// The last segment of an address.
    pub(crate) fn of_url(url: &str) -> Self {
        let path = url.split(['?', '#']).next().unwrap_or_default();
        let path = path.trim_end_matches('/');
        let mut parts = path.rsplit('/');
        let last = parts.next().unwrap_or_default();
        let tail = parts.next().map(|before| format!("/{before}/{last}/").to_lowercase());
        Self { tail, ..Self::of_page(last.trim_end_matches(".html")) }
    }

    /// A page by its bare name.
    pub(crate) fn of_page(name: &str) -> Self {
        const SMALL: [&str; 8] = ["a", "an", "the", "of", "for", "to", "by", "in"];
        let words = name.split(|c: char| !c.is_alphanumeric());
        let words = words
            .map(str::to_lowercase)
            .filter(|word| !word.is_empty() && !SMALL.contains(&word.as_str()));
        Self { words: words.collect(), tail: None }
    }

    /// Whether a file is the page, or a part of it in a folder of the name.
    pub(crate) fn is(&self, path: &str) -> bool {
        let below = self
            .tail
            .as_ref()
            .is_some_and(|tail| format!("/{path}").to_lowercase().contains(tail.as_str()));
        below || !self.words.is_empty() && Self::of_page(stem(path)).words == self.words
    }
}

/// A file's name without folder, extension and language; an index is called as its folder.
pub(crate) fn stem(path: &str) -> &str {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let mut stem = file.split_once('.').map_or(file, |(stem, _)| stem);
    if matches!(stem, "index" | "README" | "_index") && !folder.is_empty() {
        stem = folder.rsplit('/').next().unwrap_or(folder);
    }
    stem
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_found_by_their_words() {
        let url = "https://learn.example/partner-center/developer/update-an-organization-profile";
        let name = Name::of_url(url);
        assert!(name.is("partner-center/update-an-organization-profile.md"));
        assert!(name.is("x/update-organization-profile.de-de.md"));
        assert!(!name.is("get-an-organization-profile.md"));
        let name = Name::of_url("https://d.example/a/updating-profile-organizational-unit.html");
        assert!(name.is("updating-organizational-unit-of-a-profile.nl.md"));
        let name =
            Name::of_url("https://d.example/api/resources/subresources/organization_profile/");
        assert!(name.is("cloudflare/organization-profile.md"));
        assert!(name.is("api/subresources/organization_profile/index.md"));
        assert!(name.is("api/subresources/organization_profile/methods/get/index.md"));
        assert!(!name.is("api/subresources/organization_members/index.md"));
    }
}
