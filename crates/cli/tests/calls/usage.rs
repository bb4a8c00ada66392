//! Completions, manual pages, and usage that is wrong.

use crate::support::run;

#[test]
fn shells_complete_operations_and_man_has_its_pages() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ran = run(&["completions", shell]);
        assert_eq!((ran.code, &*ran.notes), (0, ""), "{shell}");
        assert!(ran.out.contains("get-organization-profile"), "{shell}");
    }
    let page = run(&["man"]);
    assert_eq!(page.code, 0);
    assert!(
        page.out.contains(".TH letterhead 1") && page.out.contains("sign\\-in"),
        "{}",
        page.out
    );
    let folder = tempfile::tempdir().unwrap();
    let ran = run(&["man", "--out", folder.path().to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.screen());
    let pages = std::fs::read_dir(folder.path()).unwrap().count();
    assert!(pages > 89, "{pages}");
    assert!(folder.path().join("letterhead-call-cloudflare-get-organization.1").is_file());
}

#[test]
fn wrong_usage_exits_with_1_and_help_with_0() {
    for words in [
        &["completions", "tcsh"][..],
        &["sign-in", "adobe"],
        &["man", "--nowhere"],
        &["call", "--what"],
    ] {
        let ran = run(words);
        assert_eq!((ran.code, &*ran.out), (1, ""), "{}", ran.screen());
        assert!(ran.notes.starts_with("error: "), "{}", ran.screen());
    }
    for words in [&["call", "--help"][..], &["sign-in", "--help"], &["doctor", "--help"]] {
        let ran = run(words);
        assert_eq!((ran.code, &*ran.notes), (0, ""), "{}", ran.screen());
    }
}
