//! Where a page falls silent, or begins to say something: one message, and none that calls gone what only isn't
//! mentioned.

use crate::shelter::{FEEDS, LEARN, LIST, documents, page, text};
use letterhead_docs_check::{Lock, Page, diff};

/// What changed between two texts of a page, without the page's name.
fn changes(path: &str, before: &str, after: &str) -> Vec<String> {
    assert_ne!(before, after, "nothing was edited");
    let read = |text: &str| -> Page { page(path, text) };
    let lock = Lock::read(&Lock::of([&read(before)]).write()).unwrap();
    let facts = diff(&lock, &[read(after)], &documents()).facts;
    facts.into_iter().map(|change| change.message.split_once(": ").unwrap().1.to_owned()).collect()
}

/// The same of a page of the shelter, with one piece in the place of another.
fn edited(path: &str, from: &str, to: &str) -> Vec<String> {
    let before = text(path);
    changes(path, &before, &before.replace(from, to))
}

#[test]
fn a_label_that_is_gone_is_one_message() {
    let line = "**Applies to**: Partner Center | Partner Center operated by 21Vianet\n";
    let silent = ["no longer names the clouds that it applies to (was `china`, `global`)"];
    assert_eq!(edited(LIST, line, ""), silent);
    // And the other way.
    let before = text(LIST);
    assert_eq!(
        changes(LIST, &before.replace(line, ""), &before),
        ["now names the clouds that it applies to (`china`, `global`)"]
    );
    // One of several is gone: that is a statement.
    assert_eq!(
        edited(LIST, " | Partner Center operated by 21Vianet", ""),
        ["no longer available in the cloud `china`"]
    );
    let rule =
        " This scenario supports authentication with both standalone App and App+User credentials.";
    assert_eq!(edited(FEEDS, rule, ""), ["no longer says a rule about credentials"]);
}

#[test]
fn an_emptied_section_is_one_message() {
    let all = text(LIST);
    let (start, rest) = all.split_once("| Name | Type | Required | Description |\n").unwrap();
    let (_, end) = rest.split_once("### Request example").unwrap();
    // The names are in the address as well.
    assert_eq!(changes(LIST, &all, &format!("{start}\n### Request example{end}")), [""; 0]);
    let all = text(LEARN);
    let (start, rest) = all.split_once("| Name          |").unwrap();
    let (_, end) = rest.split_once("### Request headers").unwrap();
    assert_eq!(
        changes(LEARN, &all, &format!("{start}### Request headers{end}")),
        ["no longer names path parameters of `PUT /v1/animals/{}` (was `animal-id`)"]
    );
    let (start, end) = all.split_once("{\n    \"id\":<id>").unwrap();
    let (_, end) = end.split_once("\n}\n```").unwrap();
    assert_eq!(
        changes(LEARN, &all, &format!("{start}```{end}")),
        [
            "no longer shows a request sample of `PUT /v1/animals/{}` (was `age`, `attributes.etag`, \
          `attributes.objectType`, `box.heated`, `box.row` and 4 more)"
        ]
    );
}

#[test]
fn a_sample_that_can_be_read_now_is_one_message() {
    let broken = |text: &str| text.replace("\"age\":4", "\"age\" 4");
    let all = text(LEARN);
    let read = changes(LEARN, &broken(&all), &all);
    assert_eq!(read.len(), 2, "{read:?}");
    assert!(read.iter().all(|message| message.contains("can be read now")), "{read:?}");
    let unread = changes(LEARN, &all, &broken(&all));
    assert!(unread.iter().all(|message| message.contains("can't be read any more")), "{unread:?}");
}

#[test]
fn a_field_of_a_filter_is_a_fact() {
    assert_eq!(
        edited(FEEDS, "\"Field\":\"Kind\"", "\"Field\":\"Sort\""),
        ["`filter.Field` (query value of `GET /v1/feeds`) is `Sort` now, was `Kind`"]
    );
}

#[test]
fn a_column_that_comes_or_goes_is_no_statement() {
    let all = text(LIST);
    let without = all
        .replace(
            "| Name | Type | Required | Description |\n|------|------|----------|-------------|",
            "| Name | Type | Description |\n|---|---|---|",
        )
        .replace("| int | Y |", "| int |")
        .replace("| string | N |", "| string |");
    assert_eq!(changes(LIST, &all, &without), [""; 0]);
    assert_eq!(changes(LIST, &without, &all), [""; 0]);
    let untyped = all
        .replace(
            "| Name | Type | Required | Description |\n|------|------|----------|-------------|",
            "| Name | Required |\n|---|---|",
        )
        .replace("| int | Y | How many there are on a page. |", "| Y |")
        .replace("| string | N | Which kind. |", "| N |");
    assert_eq!(changes(LIST, &all, &untyped), [""; 0]);
    assert_eq!(changes(LIST, &untyped, &all), [""; 0]);
    // What the other column says still counts.
    let edited = untyped.replace("| size | Y |", "| size | N |");
    assert_eq!(
        changes(LIST, &all, &edited),
        ["`size` (query parameter of `GET /v1/animals`) is `optional` now, was `int, required`"]
    );
}
