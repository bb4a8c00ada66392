//! Edits that change no fact.

use crate::shelter::{PAGES, documents, page, text};
use letterhead_docs_check::{Lock, diff};

/// Edits of any page, each of which leaves the facts alone.
fn edits(text: &str) -> Vec<(&'static str, String)> {
    vec![
        ("other line ends", text.replace('\n', "\r\n")),
        ("a byte order mark", format!("\u{feff}{text}")),
        (
            "no space at the end of lines",
            text.lines().map(|line| line.trim_end().to_owned() + "\n").collect(),
        ),
        ("more empty lines", text.replace("\n\n", "\n\n\n")),
        (
            "renamed links",
            text.replace(
                "](rest-urls.md)",
                "](/partner-center/developer/partner-center-rest-urls)",
            ),
        ),
        ("heading ids", text.replace("\n## ", "\n## <span id=\"a\"/><span id=\"b\"></span>")),
        ("other metadata", text.replace("ms.date: 0", "ms.author: someone\nms.date: 1")),
        ("another title", text.replace("title: ", "title: About: ")),
        ("typos corrected", text.replace("the ", "teh ").replace("See", "For more, see")),
        (
            "reflowed sentences",
            text.replace(" of the", "\nof the")
                .replace("what is known about", "what\nis known about"),
        ),
        (
            "identifiers of a sample",
            text.replace(
                "7b0b8cf2-4bd3-4f4c-a1b5-26f2a1a54c43",
                "00000000-0000-0000-0000-000000000000",
            ),
        ),
        ("values of a sample", text.replace("Rex", "Bella").replace("North", "South")),
        (
            "other placeholders",
            text.replace("<animal-id>", "{animal_id}")
                .replace("$KENNEL_ID", "<KENNEL_ID>")
                .replace("/<PKEY>", "/{PKEY}"),
        ),
        (
            "a real identifier in place of one",
            text.replace("<animal-id>", "4b10bf41-ab11-40e3-8c53-cd67849b50de"),
        ),
        ("lengths", text.replace("Content-Length: 2", "Content-Length: 9")),
        ("a label on a fence", text.replace("```http", "``` HTTP")),
        ("narrower tables", text.replace("  |", " |").replace("---|", "-|")),
        ("a sentence more", format!("{text}\nThank you for reading.\n")),
        ("bold no more", text.replace("**PUT**", "PUT").replace("| **GET** |", "| GET |")),
        (
            "bold line in place of a heading",
            text.replace("### Request syntax", "**Request syntax**")
                .replace("### Response example", "**Response example**"),
        ),
        ("JSON with other indentation", text.replace("    \"", "  \"")),
        ("another case of the version", text.replace("HTTP/1.1\nAuth", "http/1.1\nAuth")),
        ("no version on the request", text.replace(" HTTP/1.1\nAuth", "\nAuth")),
    ]
}

#[test]
fn wording_is_no_fact() {
    for path in PAGES {
        let before = text(path);
        let lock = Lock::of([&page(path, &before)]);
        for (name, after) in edits(&before) {
            let changes = diff(&lock, &[page(path, &after)], &documents());
            let facts: Vec<_> = changes.facts.iter().map(|change| &change.message).collect();
            assert!(facts.is_empty(), "{path}: {name}: {facts:#?}");
            assert_eq!(changes.wording.len(), usize::from(before != after), "{path}: {name}");
        }
    }
}

#[test]
fn a_lock_reads_what_it_wrote() {
    let pages = PAGES.map(|path| page(path, &text(path)));
    let written = Lock::of(&pages).write();
    assert_eq!(Lock::read(&written).unwrap().write(), written);
    assert!(Lock::read("GET /x: status 200\n").is_err());
}

#[test]
fn moved_pages_are_followed() {
    let locked = page(crate::shelter::LEARN, &text(crate::shelter::LEARN));
    let lock = Lock::of([&locked]);
    let said = |path: &str, text: &str| {
        let changes = diff(&lock, &[page(path, text)], &documents());
        let facts: Vec<_> = changes.facts.into_iter().map(|change| change.message).collect();
        (changes.moved.into_iter().map(|(_, to)| to).collect::<Vec<_>>(), facts)
    };
    let same = text(crate::shelter::LEARN);
    // Another folder, another name, both with another content, and a renamed path on top.
    assert_eq!(
        said("a/b/update-an-animal.md", &same),
        (vec!["a/b/update-an-animal.md".into()], vec![])
    );
    assert_eq!(said("x.md", &same), (vec!["x.md".into()], vec![]));
    let edited = same.replace("Replaces", "Changes");
    assert_eq!(said("change-animal.md", &edited), (vec!["change-animal.md".into()], vec![]));
    let renamed = edited.replace("/v1/animals/", "/v1/pets/");
    let (moved, facts) = said("change-animal.md", &renamed);
    assert_eq!(moved, ["change-animal.md"]);
    assert_eq!(facts, ["change-animal: `PUT /v1/animals/{}` is `PUT /v1/pets/{}` now"]);
    let (moved, facts) = said("other.md", "# Other\n");
    assert!(moved.is_empty() && facts.is_empty());
}

#[test]
fn a_page_is_gone_where_its_neighbours_are() {
    let pages = PAGES.map(|path| page(path, &text(path)));
    let lock = Lock::of(&pages);
    let gone = |pages: &[letterhead_docs_check::Page]| {
        let changes = diff(&lock, pages, &documents());
        let facts: Vec<_> = changes.facts.into_iter().map(|change| change.message).collect();
        (facts, changes.absent.len())
    };
    assert_eq!(gone(&pages), (vec![], 0));
    let (facts, absent) = gone(&pages[..3]);
    assert_eq!(facts, ["updating-the-unit-of-an-animal: the page is gone"]);
    assert_eq!(absent, 0);
    // The folder of one vendor alone, laid out in its own way.
    let alone = [page("docs/kennel-card.md", &text(crate::shelter::REFERENCE))];
    assert_eq!(gone(&alone), (vec![], 3));
}
