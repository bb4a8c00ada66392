//! The text: bytes, YAML, and the words that YAML turns into something else.

use letterhead_document::{Document, File, Remark, RemarkKind, Source, Span};

use crate::finding::{Finding, Findings};
use crate::rule::Rule;
use crate::rules::syntax;

/// Reads a document and reports what is questionable about its text.
pub(crate) fn read(source: Source) -> (Document, Findings) {
    let mut findings = Findings::default();
    let (document, remarks) = Document::read(source);
    report(&document.file(0), remarks, &mut findings);
    (document, findings)
}

/// Reads another file that a document consists of.
pub(crate) fn read_part(document: &mut Document, source: Source, findings: &mut Findings) {
    let remarks = document.read_part(source);
    if let Some(file) = document.files().last() {
        report(&file, remarks, findings);
    }
}

fn report(file: &File<'_>, remarks: Vec<Remark>, findings: &mut Findings) {
    if let Some(bad) = file.source.not_utf8() {
        let message = "from here on the file is not UTF-8";
        findings.add(&syntax::NOT_UTF8, file.global(bad), message, "save it as UTF-8");
        return;
    }
    if file.source.has_mark() {
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
