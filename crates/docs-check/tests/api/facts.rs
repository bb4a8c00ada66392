//! What the pages say, in every dialect and form.

use std::path::Path;

use crate::shelter::{folder, page, text};
use insta::assert_snapshot;
use letterhead_docs_check::{Documents, Format, Lock, check, facts, read_folders};

/// The facts of a page, without the line that counts them.
fn shown(path: &str, text: &str) -> String {
    let mut out = Vec::new();
    facts(&folder(vec![page(path, text)]), Format::Human, &mut out).unwrap();
    let out = String::from_utf8(out).unwrap();
    let lines = out.lines().skip(1).take_while(|line| !line.is_empty());
    lines.map(|line| line.trim().to_owned() + "\n").collect()
}

/// The facts of a page under its name.
fn section(path: &str, text: &str) -> String {
    format!("== {path}\n{}", shown(path, text))
}

#[test]
fn the_shelters_pages() {
    let all = crate::shelter::PAGES.map(|path| section(path, &text(path)));
    assert_snapshot!("pages", all.concat());
}

#[test]
fn a_page_on_one_line_says_the_same() {
    let long = text(crate::shelter::REFERENCE);
    let folded = long.split_whitespace().collect::<Vec<_>>().join(" ");
    let said = |text: &str| -> Vec<String> {
        let facts = shown("kennel-card.md", text);
        let words = facts.lines().map(|line| line.split_once(' ').unwrap().1.trim().to_owned());
        words.collect()
    };
    assert_eq!(said(&folded), said(&long));
    let columns = shown("kennel-card.md", &folded);
    assert!(columns.lines().all(|line| line.starts_with("1:")), "{columns}");
}

/// Pages in older forms and other languages, and what is in them.
#[test]
fn historical_and_translated_forms() {
    let folder = crate::shelter::root().join("forms");
    let mut paths: Vec<_> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 20, "{}", paths.len());
    let all = paths.iter().map(|path| {
        let name = path.file_name().unwrap().to_string_lossy();
        section(&name, &std::fs::read_to_string(path).unwrap())
    });
    assert_snapshot!("forms", all.collect::<String>());
}

/// The vendors' own pages, where they lie beside the project: the committed lock is the list of all that
/// is in them, and the documents settle every contradiction.
#[test]
fn the_vendors_pages() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let pages = root.join("../shared/vendor-docs");
    if !pages.is_dir() {
        return;
    }
    let mut documents = Documents::default();
    for vendor in letterhead_spec::VENDORS {
        documents.add_of((*vendor).into(), vendor.file, vendor.document()).unwrap();
    }
    let found = read_folders(&[pages], &documents.known(), &|_| {}).unwrap();
    assert_eq!(found.pages.len(), 79);
    assert!(found.problems.is_empty());
    let lock = std::fs::read_to_string(root.join("spec/pages.lock")).unwrap();
    assert_eq!(Lock::of(&found.pages).write(), lock);
    let own = [
        "campaign-standard/updating-organizational-unit-of-a-profile.nl.md",
        "cloudflare/organization-profile.md",
        "partner-center/update-an-organization-profile.md",
        "partner-center/update-support-profile.md",
        "partner-center/update-user-accounts-for-a-customer.md",
    ];
    let operations: Vec<String> = found
        .pages
        .iter()
        .filter(|page| own.contains(&page.path.as_str()))
        .flat_map(|page| page.operations().map(|(method, path, _)| format!("{method} {path}")))
        .collect();
    assert_eq!(
        operations,
        [
            "GET /profileAndServicesExt/orgUnitBase/",
            "PATCH /profileAndServicesExt/profile/{PKEY}",
            "GET /organizations/{organization_id}/profile",
            "GET /organizations/{ORGANIZATION_ID}/profile",
            "PUT /organizations/{organization_id}/profile",
            "PUT /organizations/{ORGANIZATION_ID}/profile",
            "PUT /v1/profiles/organization",
            "PUT /v1/profiles/organization",
            "PUT /v1/profiles/supportprofile",
            "PUT /v1/profiles/supportprofile",
            "PATCH /v1/customers/{customer-tenant-id}/users",
            "PATCH /v1/customers/{customer-tenant-id}/users/{user-id}",
        ]
    );
    let outcome = check(&found, &documents);
    let keys: Vec<_> = outcome.findings.iter().map(|finding| &finding.key).collect();
    assert!(keys.is_empty(), "{keys:#?}");
    assert_eq!(outcome.settled.len(), 125);
}

#[test]
fn facts_as_json_have_a_page_a_line_and_a_kind() {
    let pages = crate::shelter::PAGES.map(|path| page(path, &text(path)));
    let mut out = Vec::new();
    facts(&folder(pages.into()), Format::Json, &mut out).unwrap();
    let rows: Vec<serde_json::Value> = serde_json::from_slice(&out).unwrap();
    assert!(rows.len() > 80);
    for row in rows {
        assert!(row["page"].is_string() && row["line"].is_u64() && row["column"].is_u64(), "{row}");
        if row["kind"].as_str().unwrap() == "operation" {
            assert!(row["method"].is_string() && row["path"].is_string(), "{row}");
        }
    }
}
