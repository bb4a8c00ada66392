//! The text: bytes, YAML, and the words that YAML turns into something else.

use letterhead_document::{Document, File, Remark, RemarkKind, Span};

use crate::finding::{Finding, Findings};
use crate::rule::Rule;
use crate::rules::syntax;

/// Reads the bytes and reports what is questionable about them.
pub(crate) fn read(name: &str, bytes: Vec<u8>) -> (Document, Findings) {
    let mut findings = Findings::default();
    let (text, bad) = decoded(bytes);
    let has_mark = text.starts_with('\u{feff}');
    let (document, remarks) = Document::read(name, text);
    report(&document.file(0), has_mark, bad, remarks, &mut findings);
    (document, findings)
}

/// Reads another file that a document consists of.
pub(crate) fn read_part(
    document: &mut Document,
    name: &str,
    bytes: Vec<u8>,
    findings: &mut Findings,
) {
    let (text, bad) = decoded(bytes);
    let has_mark = text.starts_with('\u{feff}');
    let remarks = document.read_part(name, text);
    if let Some(file) = document.files().last() {
        report(&file, has_mark, bad, remarks, findings);
    }
}

/// The text up to the first byte that is no UTF-8, and where that is.
fn decoded(bytes: Vec<u8>) -> (String, Option<usize>) {
    match String::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let good = error.utf8_error().valid_up_to();
            let mut bytes = error.into_bytes();
            bytes.truncate(good);
            (String::from_utf8(bytes).unwrap_or_default(), Some(good))
        }
    }
}

fn report(
    file: &File<'_>,
    has_mark: bool,
    bad: Option<usize>,
    remarks: Vec<Remark>,
    findings: &mut Findings,
) {
    if let Some(bad) = bad {
        let message = "from here on the file is not UTF-8";
        findings.add(&syntax::NOT_UTF8, file.global(at(bad)), message, "save it as UTF-8");
        return;
    }
    if has_mark {
        findings.add(
            &syntax::BYTE_ORDER_MARK,
            file.global(Span { start: 0, end: 3 }),
            "the file starts with a byte order mark",
            "save it as UTF-8 without one; many parsers take it for text",
        );
    }
    for remark in remarks {
        let rule = rule_of(remark.kind);
        let finding = findings.add(rule, remark.span, remark.message, remark.help);
        finding.also = remark.also.map(|(span, what)| (span, what.to_owned()));
    }
}

fn at(byte: usize) -> Span {
    let byte = u32::try_from(byte).unwrap_or(u32::MAX);
    Span { start: byte, end: byte }
}

/// The rule that a remark is about.
fn rule_of(kind: RemarkKind) -> &'static Rule {
    match kind {
        RemarkKind::YamlSyntax => &syntax::YAML_SYNTAX,
        RemarkKind::JsonSyntax => &syntax::JSON_SYNTAX,
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
