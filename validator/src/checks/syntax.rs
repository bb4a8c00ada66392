//! The text: bytes, YAML, and the words that YAML turns into something else.

use std::path::Path;

use letterhead_document::{Document, Span};

use crate::diagnostic::{Finding, Findings, Severity};
use crate::rule::{Check, Family, Rule, Sample};

/// Reads the bytes and says what is questionable about them.
pub(crate) fn read(name: &str, bytes: Vec<u8>) -> (Document, Findings) {
    let mut findings = Findings::default();
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let good = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(&error.as_bytes()[..good]);
            let (document, _) = Document::read(name, text);
            findings.add(
                "not-utf8",
                at(good),
                "from here on the file is not UTF-8",
                "save it as UTF-8",
            );
            return (document, findings);
        }
    };
    if text.starts_with('\u{feff}') {
        findings.add(
            "byte-order-mark",
            Span { start: 0, end: 3 },
            "the file starts with a byte order mark",
            "save it as UTF-8 without one; many parsers take it for text",
        );
    }
    let (document, remarks) = Document::read(name, text);
    for remark in remarks {
        findings.list.push(Finding {
            code: remark.code,
            message: remark.message,
            help: remark.help,
            span: remark.span,
            also: remark.also.map(|(span, what)| (span, what.to_owned())),
        });
    }
    let ending = Path::new(name).extension();
    let is_json = ending.is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    if is_json && !findings.list.iter().any(|finding| is_fatal(finding.code)) {
        let text = document.text();
        json(text.trim_start_matches('\u{feff}'), text, &mut findings);
    }
    (document, findings)
}

/// What only YAML takes, in a file that says that it is JSON.
fn json(json: &str, text: &str, findings: &mut Findings) {
    let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(json) else {
        return;
    };
    let lines = json.split_inclusive('\n').take(error.line().max(1) - 1);
    let before: usize = lines.map(str::len).sum();
    let mut byte = before + error.column().max(1) - 1;
    let reason = error.to_string();
    let mut reason = reason.split(" at line ").next().unwrap_or_default();
    // The bracket is reported, and the comma before it is too much.
    let before = json.get(..byte).unwrap_or_default().trim_end();
    let is_end = json
        .get(byte..)
        .is_some_and(|rest| rest.starts_with([']', '}']));
    if is_end && before.ends_with(',') {
        byte = before.len() - 1;
        reason = "trailing comma";
    }
    let help = match json.as_bytes().get(byte) {
        Some(b',') => "leave the comma out",
        Some(b'/' | b'#') => "leave the comment out: JSON has none",
        Some(b'\'') => "write double quotes",
        _ => "write JSON, or call the file `.yaml`",
    };
    let message = format!("this is YAML, but not JSON: {reason}");
    let span = at(byte + text.len() - json.len());
    findings.add("json-syntax", span, message, help);
}

fn at(byte: usize) -> Span {
    let byte = u32::try_from(byte).unwrap_or(u32::MAX);
    Span {
        start: byte,
        end: byte,
    }
}

/// Whether nothing can be made of a document that has this finding.
pub(crate) fn is_fatal(code: &str) -> bool {
    matches!(
        code,
        "not-utf8"
            | "yaml-syntax"
            | "json-syntax"
            | "tab-indentation"
            | "several-documents"
            | "too-deep"
            | "alias-bomb"
    )
}

/// These rules are kept by [`read`], before there is a model.
pub(crate) static CHECK: Check = Check {
    rules: RULES,
    run: |_, _| {},
};

const fn rule(
    code: &'static str,
    severity: Severity,
    summary: &'static str,
    reason: &'static str,
    wrong: &'static str,
    right: &'static str,
) -> Rule {
    Rule {
        code,
        family: Family::Syntax,
        severity,
        summary,
        reason,
        wrong: Sample::Document(wrong),
        right: Sample::Document(right),
    }
}

static RULES: &[Rule] = &[
    rule(
        "yaml-syntax",
        Severity::Error,
        "The file is well-formed YAML or JSON.",
        "Nothing can be read of a file that isn't.",
        "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0'\npaths: {}\n",
        "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0'}\npaths: {}\n",
    ),
    rule(
        "json-syntax",
        Severity::Error,
        "A file called `.json` is JSON.",
        "YAML takes trailing commas, comments and words without quotes, and those who read the file as \
         JSON don't.",
        "{\"openapi\": \"3.0.3\", \"info\": {\"title\": \"Pets\", \"version\": \"1.0\"}, \"paths\": {},}\n",
        "{\"openapi\": \"3.0.3\", \"info\": {\"title\": \"Pets\", \"version\": \"1.0\"}, \"paths\": {}}\n",
    ),
    rule(
        "tab-indentation",
        Severity::Error,
        "Lines are indented with blanks, not with tabs.",
        "YAML doesn't allow tabs there, and what a parser says about them is rarely clear.",
        "openapi: 3.0.3\ninfo:\n\ttitle: Pets\n\tversion: '1.0'\npaths: {}\n",
        "openapi: 3.0.3\ninfo:\n  title: Pets\n  version: '1.0'\npaths: {}\n",
    ),
    rule(
        "not-utf8",
        Severity::Error,
        "The file is UTF-8.",
        "Other encodings read as other words, or not at all.",
        // A sample is text; the test of the rule writes the bytes itself.
        "openapi: 3.0.3\ninfo: {title: Caf\\xE9, version: '1.0'}\npaths: {}\n",
        "openapi: 3.0.3\ninfo: {title: Café, version: '1.0'}\npaths: {}\n",
    ),
    rule(
        "byte-order-mark",
        Severity::Warning,
        "The file has no byte order mark.",
        "Many parsers take it for a part of the first key.",
        "\u{feff}openapi: 3.0.3\ninfo: {title: Pets, version: '1.0'}\npaths: {}\n",
        "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0'}\npaths: {}\n",
    ),
    rule(
        "several-documents",
        Severity::Error,
        "One file holds one document.",
        "Most tools read the first one and ignore the rest.",
        "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0'}\npaths: {}\n---\npaths: {}\n",
        "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0'}\npaths: {}\n",
    ),
    rule(
        "duplicate-key",
        Severity::Error,
        "A key stands once in its mapping.",
        "Of two, most parsers silently drop the first: a schema or a path just vanishes.",
        "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0', title: Dogs}\npaths: {}\n",
        "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0'}\npaths: {}\n",
    ),
    rule(
        "ambiguous-scalar",
        Severity::Warning,
        "A word that older parsers take for something else is quoted.",
        "`no`, `on`, `0123`, `1_000`, `12:30:00` and `2020-01-31` are text or a plain number in YAML 1.2 and \
         a boolean, another number or a date in YAML 1.1, which many tools still read: Norway becomes false.",
        "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0', x-country: no}\npaths: {}\n",
        "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0', x-country: 'no'}\npaths: {}\n",
    ),
    rule(
        "not-json",
        Severity::Error,
        "Numbers are finite.",
        "A document is JSON underneath, and JSON has no infinity and no NaN.",
        "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0', x-limit: .inf}\npaths: {}\n",
        "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0', x-limit: 1000}\npaths: {}\n",
    ),
    rule(
        "unknown-tag",
        Severity::Error,
        "A YAML tag is one of YAML's own.",
        "Tools drop or refuse others.",
        "openapi: 3.0.3\ninfo: {title: !name Pets, version: '1.0'}\npaths: {}\n",
        "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0'}\npaths: {}\n",
    ),
    rule(
        "key-not-text",
        Severity::Error,
        "A key is a word.",
        "A list or a mapping as a key, as in `{id}: 1`, has no counterpart in JSON.",
        "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0', x-names: {{id}: 1}}\npaths: {}\n",
        "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0', x-names: {'{id}': 1}}\npaths: {}\n",
    ),
    rule(
        "alias-cycle",
        Severity::Error,
        "An alias doesn't stand inside its own anchor.",
        "The value would have no end.",
        "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0', x-loop: &a [*a]}\npaths: {}\n",
        "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0', x-loop: []}\npaths: {}\n",
    ),
    rule(
        "alias-bomb",
        Severity::Error,
        "Aliases don't multiply a document beyond reason.",
        "A few lines of aliases to aliases can fill any memory.",
        "openapi: 3.0.3
info: {title: Pets, version: '1.0'}
paths: {}
x-a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
x-b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
x-c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
x-d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
x-e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]
",
        "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0'}\npaths: {}\nx-a: &a [1, 1]\nx-b: [*a, *a]\n",
    ),
    rule(
        "too-deep",
        Severity::Error,
        "Values are nested at most 200 levels deep.",
        "Nobody writes that, and tools run out of stack.",
        concat!(
            "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0'}\npaths: {}\nx-deep: ",
            "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
            "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
            "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
            "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
            "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
            "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n",
        ),
        "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0'}\npaths: {}\nx-deep: [[]]\n",
    ),
];

#[cfg(test)]
mod tests {
    #[test]
    fn what_only_yaml_takes_is_found_in_json() {
        for (text, at, help) in [
            ("{\"a\": [1, 2,]}", 11, "leave the comma out"),
            ("\u{feff}{\"a\": 1,\n}", 10, "leave the comma out"),
            (
                "{\"a\": 1 # one\n}",
                8,
                "leave the comment out: JSON has none",
            ),
            ("{'a': 1}", 1, "write double quotes"),
            ("{\"a\": yet}", 6, "write JSON, or call the file `.yaml`"),
        ] {
            let (_, findings) = super::read("a.json", text.into());
            let found = findings
                .list
                .iter()
                .find(|found| found.code == "json-syntax");
            let found = found.map(|found| (found.span.start, found.help.as_str()));
            assert_eq!(found, Some((at, help)), "{text}");
        }
    }
}
