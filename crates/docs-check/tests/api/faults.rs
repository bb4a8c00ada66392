//! Pages with one changed fact each: every one is found, and nothing else.

use crate::shelter::{
    FEEDS, HORSES, LEAGUE, LEARN, LIST, REFERENCE, REMOVING, STABLE, TYPES, compare, documents,
    page, stable, text,
};
use letterhead_docs_check::{Lock, diff};

/// One changed fact: on which page, from what to what, and the finding.
struct Fault {
    name: &'static str,
    page: &'static str,
    from: String,
    to: String,
    finding: &'static str,
}

/// Three lines each: name and page, the edit as two JSON strings, the finding.
fn faults() -> Vec<Fault> {
    let lines = include_str!("faults.txt").lines();
    let mut lines = lines.filter(|line| !line.starts_with('#'));
    let mut faults = Vec::new();
    while let (Some(head), Some(edit), Some(finding)) = (lines.next(), lines.next(), lines.next()) {
        let (name, page) = head.split_once(" | ").unwrap();
        let (from, to) = edit.split_once("\" -> \"").unwrap();
        faults.push(Fault {
            name,
            page: match page {
                "learn" => LEARN,
                "list" => LIST,
                "reference" => REFERENCE,
                "league" => LEAGUE,
                "horses" => HORSES,
                "removing" => REMOVING,
                "feeds" => FEEDS,
                "types" => TYPES,
                other => panic!("no page is called {other}"),
            },
            from: serde_json::from_str(&format!("{}\"", from.trim())).unwrap(),
            to: serde_json::from_str(&format!("\"{to}")).unwrap(),
            finding: finding.trim(),
        });
    }
    assert!(faults.len() >= 120, "{}", faults.len());
    faults
}

#[test]
fn the_pages_are_clean_as_they_are() {
    let pages = crate::shelter::PAGES.map(|path| page(path, &text(path)));
    let outcome = compare(pages.into());
    let found: Vec<_> = outcome.findings.iter().map(|finding| &finding.message).collect();
    assert!(found.is_empty(), "{found:#?}");
    assert_eq!(outcome.compared.len(), 4);
    let outcome = compare(stable("", ""));
    let found: Vec<_> = outcome.findings.iter().map(|finding| &finding.message).collect();
    assert!(found.is_empty(), "{found:#?}");
    assert_eq!(outcome.compared.len(), 4);
}

#[test]
fn every_fault_is_found_and_nothing_else() {
    let mut wrong = Vec::new();
    for Fault { name, page: path, from, to, finding } in faults() {
        let before = text(path);
        let after = before.replace(&from, &to);
        assert_ne!(before, after, "{name}: nothing to change");
        let pages =
            if STABLE.contains(&path) { stable(path, &after) } else { vec![page(path, &after)] };
        let outcome = compare(pages);
        let found: Vec<String> = outcome
            .findings
            .iter()
            .map(|finding| format!("{} {}", finding.rule.code, finding.key))
            .collect();
        if found != [finding] {
            wrong.push(format!("{name}: {found:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Edits of more than one fact.
const SEVERAL: [&str; 5] = [
    "a path parameter's name in the table",
    "a query parameter's name",
    "another host for one of them",
    "a list where there was an object",
    "an envelope more",
];

#[test]
fn every_fault_is_a_changed_fact() {
    let mut silent = Vec::new();
    for Fault { name, page: path, from, to, .. } in faults() {
        // Values of samples are no facts of the lock; whether they fit is for the documents to say.
        if ["a member's value", "an entry's value"].contains(&name) {
            continue;
        }
        let lock = Lock::read(&Lock::of([&page(path, &text(path))]).write()).unwrap();
        let after = page(path, &text(path).replace(&from, &to));
        let facts = diff(&lock, &[after], &documents()).facts;
        // Some are edits in several places, or of several facts at once.
        let most = if SEVERAL.contains(&name) { 4 } else { 1 };
        if facts.is_empty() || facts.len() > most {
            let said: Vec<_> = facts.into_iter().map(|change| change.message).collect();
            silent.push(format!("{name}: {said:#?}"));
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn an_operation_that_a_page_drops_is_missed() {
    let all = text(REFERENCE);
    let (first, _) = all.split_once("## Put kennel card").unwrap();
    let outcome = compare(vec![page(REFERENCE, first)]);
    let found: Vec<_> = outcome.findings.iter().map(|finding| finding.key.as_str()).collect();
    assert_eq!(found, ["unmentioned: PUT /kennels/{kennel_id}/card"]);
}
