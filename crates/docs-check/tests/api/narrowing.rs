//! `--only` and `--max`, as they are typed.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::shelter::{LEARN, root, text};

/// A folder with a page that has two headers too many, and another status.
fn pages() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("narrowing");
    fs::create_dir_all(&folder).unwrap();
    let page = text(LEARN)
        .replace("HTTP/1.1 200 OK", "HTTP/1.1 206 Partial")
        .replace("Expect: 100-continue\n", "X-One: 1\nX-Two: 2\n");
    fs::write(folder.join("update-an-animal.md"), page).unwrap();
    folder
}

/// What `docs check` writes and returns.
fn check(arguments: &[&str]) -> (String, Option<i32>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_letterhead-docs-check"));
    command.args(["docs", "check"]).arg(pages()).arg("--spec").arg(root().join("spec"));
    let output = command.args(arguments).output().unwrap();
    (String::from_utf8(output.stdout).unwrap(), output.status.code())
}

#[test]
fn findings_of_some_kinds_are_shown_alone() {
    let (all, code) = check(&[]);
    assert!(all.contains("header-not-in-document") && code == Some(1), "{all}");
    let (only, code) = check(&["--only", "header-not-in-document"]);
    assert!(only.contains("2 findings") && code == Some(1), "{only}");
    let (none, code) = check(&["--only", "cloud-differs"]);
    assert!(none.contains("clean") && code == Some(0), "{none}");
    let (_, code) = check(&["--only", "no-such-kind"]);
    assert_eq!(code, Some(2));
    // JSON has those of the kind alone, and all of them.
    let (json, _) = check(&["--only", "header-not-in-document", "--format", "json", "--max", "1"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let findings = json["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 2, "{json}");
}

#[test]
fn of_each_kind_no_more_are_shown() {
    let (text, code) = check(&["--max", "1"]);
    assert!(text.contains("X-One") && !text.contains("X-Two:"), "{text}");
    assert!(text.contains("1 more; `--only header-not-in-document` without `--max`"), "{text}");
    assert_eq!(code, Some(1));
    let (text, code) = check(&["--max", "2"]);
    assert!(!text.contains(" more; `--only"), "{text}");
    assert_eq!(code, Some(1));
    let (text, _) = check(&["--max", "0", "--format", "markdown"]);
    assert!(text.contains("2 more of this kind."), "{text}");
}
