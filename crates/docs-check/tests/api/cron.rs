//! The cron job of the maintainer's guide, with the programs that it calls replaced.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::shelter::{LEARN, PAGES, root, text};

/// The job as the guide has it.
fn job() -> String {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/maintaining.md");
    let guide = fs::read_to_string(guide).unwrap();
    let (_, job) = guide.split_once("```sh\n").unwrap();
    let (job, _) = job.split_once("```").unwrap();
    assert_eq!(job.lines().count(), 5);
    job.to_owned()
}

/// A home with pages, documents, their lock, and programs: git that does nothing, cargo that runs this command
/// on the documents of the shelter, and gh that keeps the body of the issue.
fn home() -> PathBuf {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cron");
    let _ = fs::remove_dir_all(&home);
    for path in PAGES {
        let file = home.join("vendor-docs").join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text(path)).unwrap();
    }
    fs::create_dir_all(home.join("letterhead")).unwrap();
    fs::create_dir_all(home.join("bin")).unwrap();
    let spec = root().join("spec");
    let docs = env!("CARGO_BIN_EXE_letterhead-docs-check");
    let arguments = format!("--spec '{}' --lock '{}/pages.lock'", spec.display(), home.display());
    for (name, script) in [
        ("git", "exit 0".to_owned()),
        ("cargo", format!("shift; exec '{docs}' \"$@\" {arguments}")),
        ("gh", "while [ $# -gt 1 ]; do shift; done; cp \"$1\" \"$HOME/issue.md\"".to_owned()),
    ] {
        let file = home.join("bin").join(name);
        fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
        let mut rights = fs::metadata(&file).unwrap().permissions();
        std::os::unix::fs::PermissionsExt::set_mode(&mut rights, 0o755);
        fs::set_permissions(&file, rights).unwrap();
    }
    home
}

fn run(home: &Path, script: &str) -> Option<i32> {
    let path = format!("{}:{}", home.join("bin").display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("sh");
    command.args(["-c", script]).env("HOME", home).env("PATH", path);
    command.status().unwrap().code()
}

#[test]
fn the_cron_job_files_what_changed_and_nothing_else() {
    let (home, job) = (home(), job());
    // Without a lock it can't run.
    assert_eq!(run(&home, &job), Some(2));
    assert_eq!(run(&home, "cargo xtask docs lock \"$HOME/vendor-docs\""), Some(0));
    assert_eq!(run(&home, &job), Some(0));
    let issue = home.join("issue.md");
    assert!(!issue.exists());
    let page = home.join("vendor-docs").join(LEARN);
    fs::write(&page, text(LEARN).replace("\"heated\":true", "\"warm\":true")).unwrap();
    assert_eq!(run(&home, &job), Some(1));
    let body = fs::read_to_string(issue).unwrap();
    assert!(body.contains("- [ ] update-an-animal: request sample of"), "{body}");
    assert!(body.contains("gained `box.warm`"), "{body}");
}
