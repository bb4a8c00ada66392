use letterhead_document::Span;

use crate::Rule;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Something to look at: the document works, and will surprise someone.
    Warning,
    /// The document is wrong, or what is generated from it will be.
    Error,
}

/// One finding: what is wrong, where, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that was broken.
    pub rule: &'static Rule,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one line without a full stop.
    pub message: String,
    /// How to mend it.
    pub help: String,
    /// Where.
    pub span: Span,
    /// A second place that belongs to it, and what is there.
    pub also: Option<(Span, String)>,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) rule: &'static Rule,
    /// The place of its check in the order they run.
    pub(crate) rank: usize,
    pub(crate) message: String,
    pub(crate) help: String,
    pub(crate) span: Span,
    pub(crate) also: Option<(Span, String)>,
}

/// Takes the findings of the rules.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) list: Vec<Finding>,
}

impl Findings {
    /// Runs a check, whose place in the order is `rank`.
    pub(crate) fn of_check<T>(&mut self, rank: usize, check: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.list.len();
        let result = check(self);
        for finding in &mut self.list[before..] {
            finding.rank = rank;
        }
        result
    }

    /// Adds a finding of `rule` at `span`.
    pub(crate) fn add(
        &mut self,
        rule: &'static Rule,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> &mut Finding {
        self.list.push(Finding {
            rule,
            rank: 0,
            message: message.into(),
            help: help.into(),
            span,
            also: None,
        });
        let last = self.list.len() - 1;
        &mut self.list[last]
    }
}

impl Finding {
    /// Adds a second place.
    pub(crate) fn and(&mut self, span: Span, what: impl Into<String>) {
        self.also = Some((span, what.into()));
    }
}

/// A message or a help as it is shown: one line of a length to be read, whatever the document put in.
pub(crate) fn one_line(text: String) -> String {
    const LONGEST: usize = 500;
    if text.len() <= LONGEST && !text.contains(char::is_control) {
        return text;
    }
    let mut line = String::new();
    for (index, character) in text.chars().enumerate() {
        if index == LONGEST {
            line.push_str("...");
            break;
        }
        if character.is_control() {
            line.extend(character.escape_default());
        } else {
            line.push(character);
        }
    }
    line
}

/// The known word nearest to `word`, if one is near enough to be meant.
pub(crate) fn did_you_mean<'a>(
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let lower = word.to_lowercase();
    known
        .into_iter()
        .filter(|candidate| *candidate != word)
        .map(|candidate| {
            let distance = strsim::damerau_levenshtein(&lower, &candidate.to_lowercase());
            (distance, candidate)
        })
        .filter(|(distance, candidate)| *distance <= candidate.len().max(word.len()) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
