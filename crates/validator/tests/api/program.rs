//! The program `letterhead-lint`, from its outermost door.

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::run::{folder, found, lint, row, shown, write};

const WARNING: &str =
    "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0', contact: {url: ''}}\npaths: {}\n";
const ERROR: &str = "openapi: 3.0.3\ninfo: {title: Pets, verison: '1.0'}\npaths: {}\n";

#[test]
fn only_errors_fail_unless_warnings_are_denied() {
    let here = folder("levels");
    write(&here, &[("w.yaml", WARNING), ("e.yaml", ERROR)]);
    let warning = vec![row("w.yaml", "empty-url")];
    assert_eq!(found(&here, &["w.yaml"]), (0, warning.clone()));
    assert_eq!(found(&here, &["w.yaml", "--deny=warnings"]), (1, warning));
    assert_eq!(found(&here, &["w.yaml", "--allow=empty-url"]), (0, vec![]));
    assert_eq!(found(&here, &["e.yaml"]), (1, vec![row("e.yaml", "unknown-key")]));
    assert_eq!(found(&here, &["e.yaml", "--warn=structure"]).0, 0);
}

#[test]
fn documents_are_named_by_folder_glob_and_pipe() {
    let here = folder("inputs");
    write(
        &here,
        &[
            ("a/w.yaml", WARNING),
            (
                "a/b/e.json",
                r#"{"openapi": "3.0.3", "info": {"title": "It", "verison": "1"}, "paths": {}}"#,
            ),
            ("a/package.json", "{\"name\": \"pets\"}"),
            ("a/node_modules/e.yaml", ERROR),
        ],
    );
    let both = vec![row("a/b/e.json", "unknown-key"), row("a/w.yaml", "empty-url")];
    assert_eq!(found(&here, &["a"]), (1, both.clone()));
    assert_eq!(found(&here, &["a/b/**/*.json"]).1, both[..1]);
    assert_eq!(found(&here, &["a/*.yaml", "a/w.yaml"]).1, both[1..]);
    let piped = shown(&lint(&here, &["-"], ERROR));
    assert!(piped.contains("stdin:2:21") && piped.contains("at /info/verison"), "{piped}");
    for (arguments, message) in [
        (&[][..], "name a document"),
        (&["a/*.yml"], "`a/*.yml` matches no document"),
        (&["none.yaml"], "can't read `none.yaml`"),
    ] {
        let output = lint(&here, arguments, "");
        assert_eq!(output.status.code(), Some(2));
        assert!(shown(&output).contains(message), "{arguments:?}: {}", shown(&output));
    }
}

#[test]
fn what_holds_no_document_is_an_error() {
    let here = folder("nothing");
    write(
        &here,
        &[
            ("notes/a.md", "Pets"),
            ("empty.yaml", ""),
            ("words.yaml", "# Pets.\n"),
            ("empty.json", " \n"),
        ],
    );
    for (arguments, message) in [
        (&["notes"][..], "`notes` holds no OpenAPI document"),
        (&["none/"], "can't read `none/`"),
        (&["empty.yaml/a.yaml"], "can't read `empty.yaml/a.yaml`"),
    ] {
        let output = lint(&here, arguments, "");
        assert_eq!(output.status.code(), Some(2));
        assert!(shown(&output).contains(message), "{arguments:?}: {}", shown(&output));
    }
    for name in ["empty.yaml", "words.yaml", "empty.json"] {
        let output = lint(&here, &[name], "");
        let shown = shown(&output);
        assert_eq!(output.status.code(), Some(1));
        assert!(
            shown.contains("the file is empty") && shown.ends_with("1 error in 1 document\n"),
            "{shown}"
        );
    }
}

/// A link to itself can't be read by anybody, whatever their permissions.
#[cfg(unix)]
#[test]
fn a_file_of_a_folder_that_cannot_be_read_is_not_passed_over() {
    use std::os::unix::fs::symlink;

    let here = folder("links");
    write(&here, &[("a/w.yaml", WARNING), ("elsewhere/e.yaml", ERROR)]);
    symlink("../elsewhere/e.yaml", here.join("a/link.yaml")).unwrap();
    symlink(".", here.join("a/round")).unwrap();
    // A link to a file is a name of it, and one to a folder may lead round in a circle.
    let both = vec![row("a/link.yaml", "unknown-key"), row("a/w.yaml", "empty-url")];
    assert_eq!(found(&here, &["a"]), (1, both));
    for (name, target) in [("loop.yaml", "loop.yaml"), ("gone.yaml", "nowhere.yaml")] {
        let link = here.join("a").join(name);
        symlink(target, &link).unwrap();
        for arguments in [&["a"][..], &["a/*.yaml"]] {
            let output = lint(&here, arguments, "");
            assert_eq!(output.status.code(), Some(2));
            let message = format!("can't read `a/{name}`: ");
            assert!(shown(&output).contains(&message), "{}", shown(&output));
        }
        std::fs::remove_file(link).unwrap();
    }
}

#[test]
fn a_pattern_is_shown_as_it_is_written() {
    let here = folder("pattern");
    let schema = "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0'}\npaths: {}\ncomponents:\n  schemas:\n    \
                  Pet: {type: string, pattern: '^[^]$', example: ab}\n";
    write(&here, &[("p.yaml", schema)]);
    let shown = shown(&lint(&here, &["p.yaml"], ""));
    assert!(shown.contains("doesn't match the pattern `^[^]$`"), "{shown}");
}

#[test]
fn findings_are_limited_and_counted() {
    let here = folder("counts");
    write(&here, &[("w.yaml", WARNING), ("e.yaml", ERROR)]);
    let counts = "      1  error[unknown-key] in 1 document\n      1  warning[empty-url] in 1 document\n\n\
                  1 error, 1 warning in 2 documents\n";
    assert_eq!(shown(&lint(&here, &["e.yaml", "w.yaml", "--statistics"], "")), counts);
    let one = shown(&lint(&here, &["e.yaml", "w.yaml", "--max=1"], ""));
    assert!(one.contains("did you mean `version`?") && one.ends_with(counts), "{one}");
    assert!(!one.contains("this URL is empty"), "{one}");
    let version = shown(&lint(&here, &["--version"], ""));
    assert_eq!(version, format!("letterhead-lint {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_file_beside_the_documents_configures() {
    let here = folder("configuration");
    let config = "for = 'spec'\ndeny-warnings = true\nexclude = ['old/**']\nextensions = ['x-owner']\n\
                  [levels]\nstructure = 'allow'\nunknown-key = 'warn'\n\
                  [[override]]\nfiles = ['new/*.yaml']\npointers = ['/info/**']\n\
                  levels = {empty-url = 'allow'}\nreason = 'the page is not written yet'\n";
    let extended = WARNING.replace("contact", "x-ownr: a, contact");
    write(
        &here,
        &[
            ("letterhead-lint.toml", config),
            ("old/e.yaml", ERROR),
            ("new/w.yaml", &extended),
            ("w.yaml", WARNING),
            ("e.yaml", ERROR),
        ],
    );
    let all = vec![
        row("./e.yaml", "unknown-key"),
        row("./new/w.yaml", "unknown-extension"),
        row("./w.yaml", "empty-url"),
    ];
    assert_eq!(found(&here, &["."]), (1, all));
    assert_eq!(found(&here, &["w.yaml", "--no-config"]).0, 0);
    assert_eq!(found(&here, &["e.yaml", "--allow=all"]).1, []);
    for (wrong, message) in [
        ("[levels]\nunknown-keys = 'warn'\n", "did you mean `unknown-key`?"),
        ("[level]\n", "unknown field `level`"),
        ("for = 'python'\n", "unknown variant `python`"),
        ("exclude = ['[']\n", "`[` is no glob"),
    ] {
        write(&here, &[("letterhead-lint.toml", wrong)]);
        let output = lint(&here, &["w.yaml"], "");
        assert_eq!(output.status.code(), Some(2));
        let shown = shown(&output);
        assert!(shown.contains(message) && shown.contains("letterhead-lint.toml"), "{shown}");
    }
}

#[test]
fn the_schema_of_the_configuration_takes_what_the_program_takes() {
    let schema = include_str!("../../letterhead-lint.schema.json");
    let schema = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
    let is_good = |text: &str| schema.is_valid(&toml::from_str::<Value>(text).unwrap());
    for good in [
        "",
        "for = 'rust'\ndeny-warnings = true\nexclude = ['a/**']\nextensions = ['x-a']\nbaseline = 'b.json'\n",
        "[levels]\nall = 'deny'\n[[override]]\nfiles = ['a']\npointers = ['/a']\nlevels = {all = 'warn'}\nreason = 'b'\n",
    ] {
        assert!(is_good(good), "{good}");
    }
    for bad in [
        "for = 'python'\n",
        "level = {}\n",
        "[levels]\nall = 'off'\n",
        "[[override]]\nfiles = ['a']\n",
    ] {
        assert!(!is_good(bad), "{bad}");
    }
}

#[test]
fn a_baseline_holds_what_is_known() {
    let here = folder("baseline");
    write(&here, &[("e.yaml", ERROR)]);
    let known = ["e.yaml", "--baseline=known.json"];
    let output = lint(&here, &known, "");
    assert_eq!(output.status.code(), Some(2));
    assert!(shown(&output).contains("`--write-baseline` writes it"));
    let output = lint(&here, &[&known[..], &["--write-baseline"]].concat(), "");
    assert_eq!((output.status.code(), shown(&output)), (Some(0), "known.json: 1 finding\n".into()));
    assert_eq!(found(&here, &known), (0, vec![]));
    // Wherever the command runs, and however the file is named.
    assert_eq!(found(&here, &["./e.yaml", "--baseline=known.json"]), (0, vec![]));
    std::fs::create_dir_all(here.join("deep")).unwrap();
    assert_eq!(found(&here.join("deep"), &["../e.yaml", "--baseline=../known.json"]), (0, vec![]));
    // Lines may move, and a second fault of the same kind is new.
    write(
        &here,
        &[("e.yaml", &format!("# Pets.\n{}", ERROR.replace("verison", "verison: '1', titel")))],
    );
    assert_eq!(found(&here, &known), (1, vec![row("e.yaml", "unknown-key")]));
    write(&here, &[("e.yaml", WARNING)]);
    let gone = shown(&lint(&here, &known, ""));
    assert!(gone.contains("1 finding of the baseline not there any more"), "{gone}");
}

#[test]
fn a_closed_pipe_is_no_error() {
    let here = folder("pipe");
    write(&here, &[("w.yaml", WARNING)]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_letterhead-lint"))
        .args(["--list-rules"])
        .current_dir(&here)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}
