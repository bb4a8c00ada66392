//! Edits that change no fact.

use std::collections::HashMap;

use crate::shelter::{LEARN, PAGES, STABLE, compare, documents, page, stable, text};
use letterhead_docs_check::{Lock, diff};

/// Edits of any page, each of which leaves the facts alone.
fn edits(text: &str) -> Vec<(&'static str, String)> {
    vec![
        ("other line ends", text.replace('\n', "\r\n")),
        ("a byte order mark", format!("\u{feff}{text}")),
        ("a space at the end of lines", text.lines().map(|line| line.to_owned() + " \n").collect()),
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
        ("no line break at the end", text.trim_end().to_owned()),
        ("a mark and other line ends", format!("\u{feff}{}", text.replace('\n', "\r\n"))),
        ("a comment", format!("{text}\n<!-- reviewed -->\n")),
        ("a note", format!("{text}\n> [!NOTE]\n> Mind the dog.\n")),
        ("a picture", format!("{text}\n![A dog](media/dog.png)\n")),
    ]
}

/// Edits from what to what.
const EDITS: [(&str, &str, &str); 52] = [
    ("a sign that nobody sees", "\n## Stock\n", "\n## Stock\u{200b}\n"),
    ("the end of a zone", "| Whether one is open. |\n", "| Whether one is open. |\n::: zone-end\n"),
    ("longer lines of dashes", "|---", "|-----"),
    ("aligned columns", "|--", "|:--"),
    ("another name of a column", "| Description ", "| What it is "),
    ("another description", "How many there are on a page.", "The size of a page."),
    ("a type in capitals", "**guid**", "**GUID**"),
    ("a type in title case", "| string |", "| String |"),
    ("a header in lower case", "\nAuthorization: Bearer", "\nauthorization: Bearer"),
    ("a header in another case", "MS-RequestId", "MS-RequestID"),
    ("a path parameter's spelling", "**animal-id**", "**animalId**"),
    ("a token's placeholder", "<token>", "{token}"),
    ("a token's placeholder in a command", "<ACCESS_TOKEN>", "$ACCESS_TOKEN"),
    ("a server's placeholder", "<ORGANIZATION>", "{organization}"),
    ("a heading in title case", "## REST request", "## REST Request"),
    ("a heading's words", "### Request example", "### Sample request"),
    ("a heading's order", "### Response example", "### Example response"),
    ("a sentence before a response", "It returns the horses.", "This returns all horses."),
    ("a sentence before a request", "Change its name.", "Change its name, if you must."),
    ("a label in capitals", "```json", "```JSON"),
    ("a blank before a label", "```http", "``` http"),
    ("JSON without blanks", "\": ", "\":"),
    ("a number without its zero", "\"totalCount\": 02", "\"totalCount\": 2"),
    ("a comma that is one too many", "\"kind\": \"dog\",\n", "\"kind\": \"dog\"\n"),
    ("quotation marks of a placeholder", "\"id\":<id>", "\"id\":\"<id>\""),
    ("quotation marks of another one", "\"etag\":<etag>", "\"etag\":\"<etag>\""),
    ("another number", "\"age\":4", "\"age\":5"),
    ("another truth", "\"heated\":true", "\"heated\":false"),
    ("more metadata", "title: ", "ms.topic: article\ntitle: "),
    ("another heading", "# Managing horses", "# How to manage horses"),
    ("another link", "[Stock](#stock)", "[Stock](feed-resources.md#stock)"),
    ("a name in bold", "| size |", "| **size** |"),
    ("a name as code", "| row |", "| `row` |"),
    ("a colon inside of a label", "**Applies to**: ", "**Applies To:** "),
    ("a label in other words", "**Does not apply to**", "**Doesn't apply to**"),
    ("blanks around a plus", "App+User", "App + User"),
    (
        "headers in another order",
        "Accept: application/json\nMS-RequestId: 7b0b8cf2-4bd3-4f4c-a1b5-26f2a1a54c43\n",
        "MS-RequestId: 7b0b8cf2-4bd3-4f4c-a1b5-26f2a1a54c43\nAccept: application/json\n",
    ),
    (
        "members in another order",
        "\"rider\": \"Ada\", \"minutes\": 45",
        "\"minutes\": 45, \"rider\": \"Ada\"",
    ),
    (
        "rows in another order",
        "| bales | integer | How many bales. |\n| opened | boolean | Whether one is open. |\n",
        "| opened | boolean | Whether one is open. |\n| bales | integer | How many bales. |\n",
    ),
    ("another date", "Thu, 14 Mar 2019", "Fri, 15 Mar 2019"),
    ("a status in other letters", "200 OK", "200 Ok"),
    ("indented options", "\\\n-H '", "\\\n  -H '"),
    ("a command's name", "\n-X GET", "\ncurl -X GET"),
    ("another value in the query", "?size=2 ", "?size=5 "),
    ("an anchor", "# Removing horses\n", "# Removing horses {#removing}\n"),
    ("a placeholder of the query", "size={size}", "size=<size>"),
    ("the version in lower case", "HTTP/1.1 |", "http/1.1 |"),
    ("tabs", "    \"", "\t\""),
    ("two empty lines in a fence", "```\n\n-X", "```\n\n\n-X"),
    ("two slashes", "api/barnExt/horse/<PKEY>/rides \\", "api//barnExt/horse/<PKEY>/rides \\"),
    ("a server in capitals", "https://api.shelter.example", "https://API.shelter.example"),
    ("another entry in a list", "[\"front\", \"back\"]", "[\"front\", \"back\", \"side\"]"),
];

fn all_pages() -> impl Iterator<Item = &'static str> {
    PAGES.into_iter().chain(STABLE)
}

/// What is wrong with an edit that should be wording: facts that it changed, findings that it brought, or a page
/// that didn't change.
fn changed_by(path: &str, before: &str, after: &str) -> Option<Vec<String>> {
    let lock = Lock::of([&page(path, before)]);
    let changes = diff(&lock, &[page(path, after)], &documents());
    let facts: Vec<_> = changes.facts.into_iter().map(|change| change.message).collect();
    let pages = if STABLE.contains(&path) { stable(path, after) } else { vec![page(path, after)] };
    let found = compare(pages).findings.into_iter().map(|finding| finding.message);
    let facts: Vec<_> = facts.into_iter().chain(found).collect();
    let is_told = changes.wording.len() == usize::from(before != after);
    (!facts.is_empty() || !is_told).then_some(facts)
}

#[test]
fn wording_is_no_fact() {
    let mut wrong = Vec::new();
    let mut applied: HashMap<&str, bool> = HashMap::new();
    for path in all_pages() {
        let before = text(path);
        for (name, after) in edits(&before) {
            *applied.entry(name).or_default() |= before != after;
            let facts = changed_by(path, &before, &after);
            wrong.extend(facts.map(|facts| format!("{path}: {name}: {facts:#?}")));
        }
    }
    let idle: Vec<_> = applied.iter().filter(|(_, applies)| !**applies).collect();
    assert!(idle.is_empty(), "nothing to change: {idle:?}");
    for (name, from, to) in EDITS {
        let edited: Vec<_> = all_pages().filter(|path| text(path).contains(from)).collect();
        assert!(!edited.is_empty(), "{name}: nothing to change");
        for path in edited {
            let before = text(path);
            let facts = changed_by(path, &before, &before.replace(from, to));
            wrong.extend(facts.map(|facts| format!("{path}: {name}: {facts:#?}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn which_identifier_a_sample_has_is_no_fact() {
    let with = |id: &str| text(LEARN).replace("<animal-id>", id);
    assert_eq!(changed_by(LEARN, &with("QZH318Z0BQ3Q"), &with("AB-0042-K7X0")), None);
    // A word is another address.
    assert!(changed_by(LEARN, &with("QZH318Z0BQ3Q"), &with("kennels")).is_some());
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
