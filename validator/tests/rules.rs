//! Each rule's own example of wrong breaks that rule and no other, and its example of right none.

use letterhead_validator::{Options, Report, all_rules, check};

fn codes(report: &Report) -> Vec<String> {
    let place = |byte| report.document.place(byte);
    report
        .diagnostics
        .iter()
        .map(|diagnostic| {
            let place = place(diagnostic.span.start);
            format!(
                "{} {}:{} {}",
                diagnostic.code, place.line, place.column, diagnostic.message
            )
        })
        .collect()
}

#[test]
fn the_examples_of_every_rule_are_what_they_say() {
    let mut faults = Vec::new();
    for rule in all_rules() {
        let options = Options {
            is_own: rule.family == letterhead_validator::Family::Layer,
            ..Options::default()
        };
        let mut wrong = rule.wrong.document().into_bytes();
        if rule.code == "not-utf8" {
            // The one sample that text can't hold.
            let at = wrong
                .windows(4)
                .position(|bytes| bytes == b"\\xE9")
                .unwrap();
            wrong.splice(at..at + 4, [0xE9]);
        }
        let report = check("wrong.yaml", &wrong, options);
        if report.diagnostics.len() != 1 || report.diagnostics[0].code != rule.code {
            faults.push(format!("{}, wrong: {:#?}", rule.code, codes(&report)));
        }
        let report = check("right.yaml", rule.right.document().as_bytes(), options);
        if !report.diagnostics.is_empty() {
            faults.push(format!("{}, right: {:#?}", rule.code, codes(&report)));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_projects_own_documents_are_clean() {
    let spec = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
    let options = Options {
        is_own: true,
        ..Options::default()
    };
    let mut count = 0;
    for entry in std::fs::read_dir(spec).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        let report = check(
            &path.display().to_string(),
            &std::fs::read(&path).unwrap(),
            options,
        );
        assert!(
            report.diagnostics.is_empty(),
            "{}: {:#?}",
            path.display(),
            codes(&report)
        );
        count += 1;
    }
    assert!(count >= 3);
}
