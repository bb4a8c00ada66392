use granit_parser::{ErrorKind, ScanError};

use crate::indentation::{self, Lack};
use crate::tree::{DEEPEST, Span};
use crate::unclosed::{Unclosed, unclosed};

/// What the parser says where a line is indented wrongly.
const MISPLACED: [&str; 3] = [
    "mapping values are not allowed",
    "did not find expected key",
    "did not find expected '-' indicator",
];

/// Something questionable about the text of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// What it is about.
    pub kind: RemarkKind,
    /// Whether the document can't be used as it is.
    pub is_error: bool,
    /// Where.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub help: String,
    /// A second place that belongs to it, and what is there.
    pub also: Option<(Span, &'static str)>,
}

/// What a remark is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemarkKind {
    /// It is not YAML.
    YamlSyntax,
    /// It is called JSON, and isn't.
    JsonSyntax,
    /// A tab indents a line.
    TabIndentation,
    /// A second document starts.
    SeveralDocuments,
    /// A key stands twice in its mapping.
    DuplicateKey,
    /// YAML 1.1 reads a word as something else.
    AmbiguousScalar,
    /// A number that JSON doesn't have.
    NotJson,
    /// A tag that is none of YAML's own.
    UnknownTag,
    /// A list or a mapping is a key.
    KeyNotText,
    /// An alias stands inside its own anchor.
    AliasCycle,
    /// Aliases multiply the document beyond reason.
    AliasBomb,
    /// Values are nested too deep.
    TooDeep,
}

impl Remark {
    pub(crate) fn error(
        kind: RemarkKind,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self { kind, is_error: true, span, message: message.into(), help: help.into(), also: None }
    }

    pub(crate) fn doubt(
        kind: RemarkKind,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self { is_error: false, ..Self::error(kind, span, message, help) }
    }

    pub(crate) fn and(mut self, span: Span, what: &'static str) -> Self {
        self.also = Some((span, what));
        self
    }

    pub(crate) fn too_deep(span: Span) -> Self {
        Self::error(
            RemarkKind::TooDeep,
            span,
            format!("values are nested more than {DEEPEST} levels deep"),
            "name the inner parts in `components` and refer to them",
        )
    }

    pub(crate) fn of_scan_error(text: &str, error: &ScanError) -> Self {
        let mut at = error.marker().byte_offset().unwrap_or(text.len());
        while !text.is_char_boundary(at) {
            at = at.saturating_sub(1).min(text.len());
        }
        let mut line = text[..at].rfind('\n').map_or(0, |end| end + 1);
        // A scalar that runs into a tab on the next line is reported where the scalar starts.
        let next = text[at..].find('\n').map(|end| at + end + 1);
        if let Some(next) = next.filter(|_| error.info().contains("tab"))
            && text[next..].trim_start_matches(' ').starts_with('\t')
        {
            line = next;
        }
        let indent = text[line..].len() - text[line..].trim_start_matches([' ', '\t']).len();
        let span = |start: usize, end: usize| Span {
            start: u32::try_from(start).unwrap_or(u32::MAX),
            end: u32::try_from(end).unwrap_or(u32::MAX),
        };
        if let Some(tab) = text[line..line + indent].find('\t') {
            return Self::error(
                RemarkKind::TabIndentation,
                span(line + tab, line + tab + 1),
                "a tab indents this line",
                "YAML indents with blanks only",
            );
        }
        let end = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
        if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
            return Self::too_deep(span(at, end));
        }
        let here = span(at, end);
        let syntax = |span, message: &str, help: &str| {
            Self::error(RemarkKind::YamlSyntax, span, message, help)
        };
        let info = error.info();
        if let Some(Unclosed { at: open, close }) = unclosed(text, at) {
            let message = format!("this is not YAML: nothing closes this `{}`", &text[open..=open]);
            let help = format!("write `{close}` where it ends");
            let remark = syntax(span(open, open + 1), &message, &help);
            return if open >= line { remark } else { remark.and(here, "the parser stops here") };
        }
        let start = line + indent;
        let colon = text.get(start..at).and_then(|before| before.find(": "));
        if let Some(colon) = colon.filter(|_| info.starts_with("mapping values")) {
            let value = start + colon + 2;
            let rest = text[value..].lines().next().unwrap_or_default().trim();
            let value = text[value..].find(rest).map_or(value, |blanks| value + blanks);
            let message = "this is not YAML: a second `: ` on one line";
            let help = format!("quote the value: `'{}'`", rest.replace('\'', "''"));
            return syntax(span(value, value + rest.len()), message, &help);
        }
        let is_misplaced = MISPLACED.iter().any(|misplaced| info.contains(misplaced));
        if is_misplaced && let Some((start, key, lack)) = indentation::lacking(text, at) {
            let shown = text[start..].lines().next().unwrap_or_default().trim_end();
            let (key, rest) = shown.split_at(key);
            let (reason, right) = match lack {
                Lack::End => ("lines belong to this one, and it is no key", format!("{shown}:")),
                Lack::Colon => ("this is text and no key", format!("{key}:{rest}")),
                Lack::BlankBehindColon => {
                    ("this is text and no key", format!("{key}: {}", &rest[1..]))
                }
                Lack::BlankBehindDash => {
                    ("this is no item of a list", format!("- {}", &shown[1..]))
                }
            };
            let message = format!("this is not YAML: {reason}");
            let help = format!("write `{right}`");
            return syntax(span(start, start + key.len()), &message, &help);
        }
        let culprit = if is_misplaced {
            indentation::culprit(text, at)
        } else {
            indentation::deeper_start(text, at).filter(|_| info.contains("<document start>"))
        };
        if let Some(culprit) = culprit {
            let shown = text[culprit..].lines().next().unwrap_or_default().trim_end();
            let key = shown.find(':').unwrap_or(shown.len());
            let message = "this is not YAML: this line is not indented as deep as its neighbours";
            let help = "indent it as deep as the lines that it belongs to";
            let remark = syntax(span(culprit, culprit + key), message, help);
            return if culprit >= line {
                remark
            } else {
                remark.and(here, "the parser stops here")
            };
        }
        let help = "check the indentation, the quotes and the brackets from here upwards";
        syntax(here, &format!("this is not YAML: {info}"), help)
    }
}
