//! A small vendor of our own: three documents, and pages in each dialect.

use std::path::{Path, PathBuf};

use letterhead_docs_check::{Documents, Folder, Outcome, Page, Source, Vendor, check, read_page};

pub(crate) const LEARN: &str = "learn/update-an-animal.md";
pub(crate) const LIST: &str = "learn/get-a-list-of-animals.md";
pub(crate) const REFERENCE: &str = "reference/kennel-card.md";
pub(crate) const LEAGUE: &str = "league/updating-the-unit-of-an-animal.nl.md";
pub(crate) const HORSES: &str = "stable/managing-horses.md";
pub(crate) const REMOVING: &str = "stable/removing-horses.md";
pub(crate) const FEEDS: &str = "stable/get-a-list-of-feeds.md";
pub(crate) const TYPES: &str = "stable/horse-resources.md";
/// One vendor's pages: several operations on one, one operation on several, and types.
pub(crate) const STABLE: [&str; 4] = [HORSES, REMOVING, FEEDS, TYPES];
pub(crate) const PAGES: [&str; 4] = [LEARN, LIST, REFERENCE, LEAGUE];

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/shelter")
}

/// A vendor whose clouds are called as those of Partner Center are.
pub(crate) fn clouds() -> Vendor {
    Vendor { bases: Vec::new(), ..(&letterhead_spec::PARTNER_CENTER).into() }
}

pub(crate) fn documents() -> Documents {
    let mut documents = Documents::default();
    let entries = std::fs::read_dir(root().join("spec")).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        let has_bases = path.ends_with("stable.yaml");
        let bases =
            if has_bases { ["/barnExt", "/barn"].map(str::to_owned).into() } else { Vec::new() };
        let vendor = Vendor { bases, ..clouds() };
        documents.add_of(vendor, &path.display().to_string(), &text).unwrap();
    }
    documents
}

pub(crate) fn text(path: &str) -> String {
    std::fs::read_to_string(root().join("pages").join(path)).unwrap()
}

pub(crate) fn page(path: &str, text: &str) -> Page {
    let source = Source::new(path.to_owned(), text);
    read_page(path.to_owned(), source, &documents().known())
}

pub(crate) fn folder(pages: Vec<Page>) -> Folder {
    Folder { count: pages.len(), pages, ..Folder::default() }
}

/// All pages of the stable, one of them edited: of a vendor whose pages are all there, none is missed.
pub(crate) fn stable(path: &str, edited: &str) -> Vec<Page> {
    let pages = STABLE
        .map(|other| if other == path { page(other, edited) } else { page(other, &text(other)) });
    pages.into()
}

pub(crate) fn compare(pages: Vec<Page>) -> Outcome {
    check(&folder(pages), &documents())
}
