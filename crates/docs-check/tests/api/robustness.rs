//! Whatever lies in a folder: a line for it, no panic, no end of waiting.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use crate::nasties::{NASTIES, SAMPLES};
use crate::shelter::{PAGES, documents, folder, page, text};
use letterhead_docs_check::{
    Extent, Format, Lock, Look, check, checked, diff, facts, findings_issue, read_folders, report,
};
use proptest::prelude::*;

const ALL: Extent = Extent { coverage: true, max: None };

/// Reads, compares and writes a page in every way.
fn survive(path: &str, text: &str) {
    let all = folder(vec![page(path, text)]);
    let documents = documents();
    let outcome = check(&all, &documents);
    let lock = Lock::of(&all.pages);
    let lock = Lock::read(&lock.write()).unwrap();
    let changes = diff(&lock, &all.pages, &documents);
    assert!(changes.facts.is_empty(), "{:?}", changes.facts);
    for format in [Format::Human, Format::Json, Format::Github] {
        facts(&all, format, &mut Vec::new()).unwrap();
        checked((&all, &documents, &outcome), (format, Look::default()), ALL, &mut Vec::new())
            .unwrap();
    }
    report((&all, &documents, &outcome), &mut Vec::new()).unwrap();
    findings_issue((&all, &documents, &outcome), ALL, &mut Vec::new()).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn text_of_any_kind(text in "\\PC{0,400}") {
        survive(crate::shelter::LEARN, &text);
    }

    #[test]
    fn pieces_of_pages(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..60)) {
        survive(crate::shelter::LEARN, &pieces.concat());
        survive(crate::shelter::REFERENCE, &pieces.concat());
    }

    #[test]
    fn pages_with_damage(which in 0..4_usize, at in 0.0..1.0_f64, length in 0..80_usize, put in "\\PC{0,6}") {
        let mut text = text(PAGES[which]);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a share")]
        let mut start = (text.len() as f64 * at) as usize;
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let mut end = (start + length).min(text.len());
        while !text.is_char_boundary(end) {
            end += 1;
        }
        text.replace_range(start..end, &put);
        survive(PAGES[which], &text);
    }
}

const PIECES: &[&str] = &[
    "---\n",
    "\n\n",
    "\n",
    "# ",
    "## ",
    "**get** `",
    "**Applies to**",
    ": ",
    "|",
    "`",
    "```",
    "```http\n",
    "```json\n",
    "- ",
    "  - `",
    "a: string`",
    "\"a\"",
    "{",
    "}",
    "[",
    "]",
    ",",
    "\"",
    "'",
    "“",
    "<",
    ">",
    "<id>",
    "...",
    "//",
    "/*",
    "-X ",
    "curl ",
    "-d ",
    "-H ",
    "\\",
    "\\\n",
    "PUT ",
    "GET ",
    "https://api.shelter.example/v1/animals/",
    "{baseURL}",
    "/v1/animals/{animal-id}",
    " HTTP/1.1",
    "HTTP/1.1 200 OK\n",
    "Name: value\n",
    "é",
    "\u{feff}",
    "\0",
    "\r\n",
    "\t",
    "<table>",
    "<tr>",
    "<td>",
    "</td>",
    "</tr>",
    "</table>",
    "| Method | URI |\n|-|-|\n",
    "null",
    "04",
    "true",
    "$ID",
];

#[test]
fn what_could_make_somebody_wait() {
    for (size, nasty) in NASTIES.iter().chain(&SAMPLES) {
        let all = folder(vec![page(crate::shelter::LEARN, &nasty(size / 8))]);
        let documents = documents();
        let outcome = check(&all, &documents);
        let look = (Format::Human, Look::default());
        checked((&all, &documents, &outcome), look, ALL, &mut Vec::new()).unwrap();
        let written = Lock::of(&all.pages).write();
        assert_eq!(Lock::read(&written).unwrap().write(), written);
    }
}

#[cfg(unix)]
#[test]
fn nasty_files() {
    use std::os::unix::fs::symlink;

    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("nasty-files");
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(root.join("deep/deeper")).unwrap();
    symlink(&root, root.join("deep/loop")).unwrap();
    symlink(root.join("self.md"), root.join("self.md")).unwrap();
    symlink(root.join("nowhere"), root.join("gone.md")).unwrap();
    fs::create_dir(root.join("folder.md")).unwrap();
    fs::write(
        root.join("latin.md"),
        b"# Caf\xe9\n\n```http\nGET https://api.shelter.example/v1/animals\n```\n",
    )
    .unwrap();
    fs::write(root.join("noise.md"), (0..=255).cycle().take(100_000).collect::<Vec<u8>>()).unwrap();
    fs::write(root.join("deep/deeper/page.md"), text(crate::shelter::LEARN)).unwrap();
    fs::write(root.join("deep/notes.txt"), "PUT /v1/animals").unwrap();
    let found = read_folders(std::slice::from_ref(&root), &documents().known(), &|_| {}).unwrap();
    let name = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    let mut said = String::new();
    for problem in &found.problems {
        let _ = writeln!(said, "{}: {}", name(&problem.path), problem.reason);
    }
    assert_eq!(
        said,
        "gone.md: No such file or directory (os error 2)\n\
         latin.md: isn't UTF-8 from line 1 on and was read with gaps\n\
         noise.md: isn't UTF-8 from line 2 on and was read with gaps\n\
         self.md: Too many levels of symbolic links (os error 40)\n"
    );
    let pages: Vec<_> = found.pages.iter().map(|page| page.path.as_str()).collect();
    assert_eq!(pages, ["deep/deeper/page.md", "latin.md", "noise.md"]);
    assert!(read_folders(&[root.join("missing")], &documents().known(), &|_| {}).is_err());
}
