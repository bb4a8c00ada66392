//! Whatever lies in a folder: a line for it, no panic, no end of waiting.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

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
fn nasty_pages() {
    let many = |piece: &str, times: usize| piece.repeat(times);
    let nasties = [
        String::new(),
        "\u{feff}".into(),
        many("\0", 10_000),
        many("a", 3_000_000),
        many("# ## **get** `/x` ", 20_000),
        many("<table><tr><td>", 20_000),
        many("<table>", 50_000),
        many("[", 50_000),
        many("> ", 5_000),
        many("- ", 5_000),
        many("*", 50_000),
        many("`", 50_000),
        many("![](", 20_000),
        format!(
            "```http\nPUT https://api.shelter.example/v1/animals/<id>\n\n{}\n```\n",
            many("{\"a\":", 50_000)
        ),
        format!(
            "```http\nPUT https://api.shelter.example/v1/animals/<id>\n\n{}\n```\n",
            many("[", 100_000)
        ),
        format!(
            "```\ncurl https://api.shelter.example/v1/animals/<id> {}\n```\n",
            many("-d '{' ", 20_000)
        ),
        format!(
            "```\ncurl https://api.shelter.example/v1/animals/<id> {}\n```\n",
            many("-H \"a ", 20_000)
        ),
        format!("```http\n{}```\n", many("GET https://api.shelter.example/v1/animals\n", 5_000)),
        format!("```http\nGET https://a\n{}```\n", many("/x\n", 50_000)),
        format!("| Method | URI |\n|-|-|\n{}", many("| PUT | {baseURL}/v1/animals |\n", 5_000)),
        format!(
            "```\ncurl https://api.shelter.example/v1/animals \\\n{}\n```\n",
            many("-H 'A: b' \\\n", 50_000)
        ),
        format!(
            "```http\nGET https://api.shelter.example/v1/animals\n{}A: b\n```\n",
            many("\n", 200_000)
        ),
        format!("```json\n{{\"a\": \"{}\"}}\n```\n", many("é", 500_000)),
        // On one line: cells, addresses.
        format!("| Method | URI |\n|-|-|\n{}\n", many("| GET ", 300_000)),
        format!("| GET | {{baseURL}}/{} |\n|-|-|\n", many("http/1.1/", 300_000)),
        // Many tables, each of which looks at what was before it.
        many(
            "## A\n\n| Method | URI |\n|-|-|\n| PUT | {baseURL}/v1/animals/{id} |\n\n### URI parameters\n\n\
             | Name | Type |\n|-|-|\n| id | string |\n\n### Request body\n\n| Name | Type |\n|-|-|\n| kind | Kind |\n\n\
             #### Kind\n\n| Name | Type |\n|-|-|\n| name | string |\n\n",
            2_000,
        ),
        format!(
            "| Method | URI |\n|-|-|\n| PUT | {{baseURL}}/v1/animals |\n\n### Request body\n\n{}",
            many("#### Kind\n\n| Name | Type |\n|-|-|\n| kind | Kind |\n\n", 3_000)
        ),
    ];
    for nasty in nasties {
        let start = Instant::now();
        let head: String = nasty.chars().take(40).collect();
        let all = folder(vec![page(crate::shelter::LEARN, &nasty)]);
        let outcome = check(&all, &documents());
        checked(
            (&all, &documents(), &outcome),
            (Format::Human, Look::default()),
            ALL,
            &mut Vec::new(),
        )
        .unwrap();
        // Without optimization, on a busy machine: a guard against what grows with the square.
        assert!(start.elapsed() < Duration::from_secs(20), "{head}: {:?}", start.elapsed());
    }
}

#[test]
fn samples_of_any_length_are_read_in_linear_time() {
    let mut members = String::new();
    for at in 0..100_000 {
        let _ = write!(members, "\"a{at}\": 1,");
    }
    let bodies = [members, "\"a\n".repeat(100_000), "\"a\": {\"b\": \"c\"}, ".repeat(20_000)];
    for body in bodies {
        let start = Instant::now();
        let text = format!(
            "```http\nPUT https://api.shelter.example/v1/animals/<id>\n\n{{{body}}}\n```\n"
        );
        let all = folder(vec![page(crate::shelter::LEARN, &text)]);
        facts(&all, Format::Json, &mut Vec::new()).unwrap();
        let lock = Lock::of(&all.pages).write();
        assert_eq!(Lock::read(&lock).unwrap().write(), lock);
        // As above.
        assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
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
