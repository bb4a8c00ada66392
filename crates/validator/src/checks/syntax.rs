//! The text: bytes, YAML, and the words that YAML turns into something else.

use std::path::Path;

use letterhead_document::{Document, RemarkKind, Span};

use crate::finding::{Finding, Findings};
use crate::rule::Rule;
use crate::rules::syntax;

/// Reads the bytes and reports what is questionable about them.
pub(crate) fn read(name: &str, bytes: Vec<u8>) -> (Document, Findings) {
    let mut findings = Findings::default();
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let good = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(&error.as_bytes()[..good]);
            let (document, _) = Document::read(name, text);
            findings.add(
                &syntax::NOT_UTF8,
                at(good),
                "from here on the file is not UTF-8",
                "save it as UTF-8",
            );
            return (document, findings);
        }
    };
    if text.starts_with('\u{feff}') {
        findings.add(
            &syntax::BYTE_ORDER_MARK,
            Span { start: 0, end: 3 },
            "the file starts with a byte order mark",
            "save it as UTF-8 without one; many parsers take it for text",
        );
    }
    let (document, remarks) = Document::read(name, text);
    for remark in remarks {
        let rule = rule_of(remark.kind);
        let finding = findings.add(rule, remark.span, remark.message, remark.help);
        finding.also = remark.also.map(|(span, what)| (span, what.to_owned()));
    }
    let ending = Path::new(name).extension();
    let is_json = ending.is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    if is_json && !findings.list.iter().any(is_fatal) {
        let text = document.text();
        json(text.trim_start_matches('\u{feff}'), text, &mut findings);
    }
    (document, findings)
}

/// Reports syntax that only YAML allows, in a file that is called JSON.
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
    let is_end = json.get(byte..).is_some_and(|rest| rest.starts_with([']', '}']));
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
    findings.add(&syntax::JSON_SYNTAX, span, message, help);
}

fn at(byte: usize) -> Span {
    let byte = u32::try_from(byte).unwrap_or(u32::MAX);
    Span { start: byte, end: byte }
}

/// The rule that a remark is about.
fn rule_of(kind: RemarkKind) -> &'static Rule {
    match kind {
        RemarkKind::YamlSyntax => &syntax::YAML_SYNTAX,
        RemarkKind::TabIndentation => &syntax::TAB_INDENTATION,
        RemarkKind::SeveralDocuments => &syntax::SEVERAL_DOCUMENTS,
        RemarkKind::DuplicateKey => &syntax::DUPLICATE_KEY,
        RemarkKind::AmbiguousScalar => &syntax::AMBIGUOUS_SCALAR,
        RemarkKind::NotJson => &syntax::NOT_JSON,
        RemarkKind::UnknownTag => &syntax::UNKNOWN_TAG,
        RemarkKind::KeyNotText => &syntax::KEY_NOT_TEXT,
        RemarkKind::AliasCycle => &syntax::ALIAS_CYCLE,
        RemarkKind::AliasBomb => &syntax::ALIAS_BOMB,
        RemarkKind::TooDeep => &syntax::TOO_DEEP,
    }
}

/// Whether nothing can be made of a document that has this finding.
pub(crate) fn is_fatal(finding: &Finding) -> bool {
    [
        &syntax::NOT_UTF8,
        &syntax::YAML_SYNTAX,
        &syntax::JSON_SYNTAX,
        &syntax::TAB_INDENTATION,
        &syntax::SEVERAL_DOCUMENTS,
        &syntax::TOO_DEEP,
        &syntax::ALIAS_BOMB,
    ]
    .contains(&finding.rule)
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_only_yaml_takes_is_found_in_json() {
        for (text, at, help) in [
            ("{\"a\": [1, 2,]}", 11, "leave the comma out"),
            ("\u{feff}{\"a\": 1,\n}", 10, "leave the comma out"),
            ("{\"a\": 1 # one\n}", 8, "leave the comment out: JSON has none"),
            ("{'a': 1}", 1, "write double quotes"),
            ("{\"a\": yet}", 6, "write JSON, or call the file `.yaml`"),
        ] {
            let (_, findings) = super::read("a.json", text.into());
            let found =
                findings.list.iter().find(|found| found.rule == &crate::rules::syntax::JSON_SYNTAX);
            let found = found.map(|found| (found.span.start, found.help.as_str()));
            assert_eq!(found, Some((at, help)), "{text}");
        }
    }
}
