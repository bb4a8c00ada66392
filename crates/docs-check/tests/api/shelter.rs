//! A small vendor of our own: three documents, and pages in each dialect.

use std::path::{Path, PathBuf};

use letterhead_docs_check::{Documents, Folder, Outcome, Page, Source, check, read_page};

pub(crate) const LEARN: &str = "learn/update-an-animal.md";
pub(crate) const LIST: &str = "learn/get-a-list-of-animals.md";
pub(crate) const REFERENCE: &str = "reference/kennel-card.md";
pub(crate) const LEAGUE: &str = "league/updating-the-unit-of-an-animal.nl.md";
pub(crate) const PAGES: [&str; 4] = [LEARN, LIST, REFERENCE, LEAGUE];

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/shelter")
}

pub(crate) fn documents() -> Documents {
    let mut documents = Documents::default();
    let entries = std::fs::read_dir(root().join("spec")).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        documents.add(&path.display().to_string(), &text).unwrap();
    }
    documents
}

pub(crate) fn text(path: &str) -> String {
    std::fs::read_to_string(root().join("pages").join(path)).unwrap()
}

pub(crate) fn page(path: &str, text: &str) -> Page {
    let source = Source::new(path.to_owned(), text.to_owned());
    read_page(path.to_owned(), source, &documents().servers())
}

pub(crate) fn folder(pages: Vec<Page>) -> Folder {
    Folder { count: pages.len(), pages, ..Folder::default() }
}

pub(crate) fn compare(pages: Vec<Page>) -> Outcome {
    check(&folder(pages), &documents())
}
