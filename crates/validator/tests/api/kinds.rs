//! Small documents that reviewers keep beside the project, each with the right result. They are read where
//! they are there.

use std::fs;
use std::path::Path;

use letterhead_validator::{Options, check};

/// The code and the line of what is found in each.
const KINDS: [(&str, &[(&str, usize)]); 17] = [
    (
        "allowed-warning-hides-error.yaml",
        &[("keyword-without-effect", 8), ("default-mismatch", 8), ("example-mismatch", 8)],
    ),
    ("discriminator-multi-level.yaml", &[]),
    ("encoding-on-json.yaml", &[("encoding-outside-form", 13)]),
    ("enum-exceeds-maxlength.yaml", &[("enum-value-misfit", 17)]),
    ("enum-nullable-no-null.yaml", &[("nullable-enum-without-null", 20), ("example-mismatch", 21)]),
    ("example-nullable-allof-no-type.yaml", &[("nullable-without-type", 21)]),
    ("format-iri-reference.yaml", &[]),
    ("impossible-allof-enum.yaml", &[("impossible-all-of", 21)]),
    ("json-c1-control.json", &[]),
    ("link-operationref-percent.yaml", &[]),
    ("no-operationid.yaml", &[]),
    ("readonly-allof-request-example.yaml", &[]),
    (
        "ref-description-hides-example.yaml",
        &[
            ("example-mismatch", 13),
            ("example-mismatch", 13),
            ("example-mismatch", 13),
            ("reference-siblings", 25),
        ],
    ),
    ("ref-local-file.yaml", &[("unread-reference", 6)]),
    ("ref-percent-braces.yaml", &[]),
    ("second-fault-hidden.yaml", &[("keyword-without-effect", 8), ("example-mismatch", 8)]),
    ("security-own-scheme.yaml", &[]),
];

#[test]
fn each_kind_has_its_result() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/cases/validator");
    for (file, expected) in KINDS {
        let Ok(bytes) = fs::read(Path::new(folder).join(file)) else {
            continue;
        };
        let report = check(file, bytes, &Options::default());
        let found = report
            .findings
            .iter()
            .map(|found| (found.rule.code, report.document.place(found.span.start).line));
        assert_eq!(found.collect::<Vec<_>>(), expected, "{file}");
    }
}
