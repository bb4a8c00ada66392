use std::collections::HashSet;

use letterhead_diagnostics::{Severity, one_line};
use letterhead_document::{Document, Span};

use crate::address;
use crate::levels::Levels;
use crate::rule::{Purpose, Rule};
use crate::rules::{references, schemas, syntax};

/// One finding: what is wrong, where, and how to correct it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule that was broken.
    pub rule: &'static Rule,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one line without a full stop.
    pub message: String,
    /// How to correct it.
    pub help: String,
    /// Where.
    pub span: Span,
    /// A second place that belongs to it, and what is there.
    pub also: Option<(Span, String)>,
    /// The JSON pointer to where it is.
    pub pointer: String,
    /// The operation that it is in.
    pub operation: Option<String>,
    /// Whether what stands there is a slip for another word, which the help names.
    pub(crate) is_slip: bool,
}

/// Takes the findings of the rules.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) list: Vec<Finding>,
}

impl Findings {
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
            severity: rule.severity,
            message: one_line(message.into()),
            help: one_line(help.into()),
            span,
            also: None,
            pointer: String::new(),
            operation: None,
            is_slip: false,
        });
        let last = self.list.len() - 1;
        &mut self.list[last]
    }

    /// Gives each finding its address.
    pub(crate) fn locate(&mut self, document: &Document) {
        let operations = address::Operations::of(document);
        for finding in &mut self.list {
            let file = document.file(finding.span.start);
            finding.pointer = address::pointer(file.root, finding.span);
            finding.operation = match file.index {
                0 => operations.at(&finding.pointer),
                _ => address::operation_around(document, finding.span),
            };
        }
    }

    /// The findings that matter for a purpose, as severe as the levels say, in the order of the document.
    pub(crate) fn reported<'l>(
        &self,
        purpose: Purpose,
        levels: impl Fn(&Finding) -> &'l Levels,
    ) -> Vec<Finding> {
        let judged = self.judged(purpose, levels).into_iter();
        judged.map(|(severity, finding)| Finding { severity, ..finding.clone() }).collect()
    }

    /// How many there are of these.
    pub(crate) fn count<'l>(
        &self,
        purpose: Purpose,
        levels: impl Fn(&Finding) -> &'l Levels,
    ) -> usize {
        self.judged(purpose, levels).len()
    }

    fn judged<'l>(
        &self,
        purpose: Purpose,
        levels: impl Fn(&Finding) -> &'l Levels,
    ) -> Vec<(Severity, &Finding)> {
        let of_purpose = self.list.iter().filter(|finding| finding.rule.purpose <= purpose);
        let severe = |finding| Some((levels(finding).severity(finding)?, finding));
        let mut list: Vec<(Severity, &Finding)> = of_purpose.filter_map(severe).collect();
        list.sort_by_key(|(_, finding)| finding.span);
        // What is used in several ways is judged as often.
        let mut seen = HashSet::new();
        let mut place = Span::default();
        list.retain(|(_, finding)| {
            if finding.span != place {
                place = finding.span;
                seen.clear();
            }
            seen.insert((finding.rule, finding.message.as_str()))
        });
        list.chunk_by(|(_, one), (_, other)| one.span == other.span)
            .flat_map(|at_place| {
                let is_said = |rule| at_place.iter().any(|(_, other)| other.says_better(rule));
                at_place.iter().filter(move |(_, it)| !is_said(it.rule)).copied()
            })
            .collect()
    }
}

impl Finding {
    /// Adds a second place.
    pub(crate) fn and(&mut self, span: Span, what: impl Into<String>) {
        self.also = Some((span, what.into()));
    }

    /// Whether it says what a finding of `rule` at the same place says, and knows more about it. Any other
    /// two are two faults.
    fn says_better(&self, rule: &Rule) -> bool {
        let better: &[&Rule] = if rule == &syntax::AMBIGUOUS_SCALAR {
            // Whoever writes another value looks at how that is read.
            return self.severity > Severity::Warning;
        } else if rule == &references::UNREAD_REFERENCE {
            &[
                &references::EXTERNAL_REFERENCE,
                &references::MALFORMED_REFERENCE,
                &references::PATH_ITEM_REFERENCE,
            ]
        } else if rule == &schemas::NULLABLE_WITHOUT_TYPE {
            &[&schemas::NULLABLE_ENUM]
        } else if rule == &schemas::REQUIRED_WITHOUT_PROPERTY {
            &[&schemas::IMPOSSIBLE_BOUNDS]
        } else {
            &[]
        };
        better.contains(&self.rule)
    }
}

/// Whether two words differ by a slip of a finger, by capitals or by what divides their parts; not by a
/// number, which distinguishes.
pub(crate) fn is_slip(written: &str, known: &str) -> bool {
    let squeezed = |word: &str| {
        let letters = word.chars().filter(|letter| !matches!(letter, '-' | '_' | ' '));
        letters.flat_map(char::to_lowercase).collect::<String>()
    };
    let digits = |word: &str| word.chars().filter(char::is_ascii_digit).collect::<String>();
    let (one, other) = (squeezed(written), squeezed(known));
    one == other
        || one.len().min(other.len()) > 3
            // Most names differ in too many letters, which is seen sooner.
            && least_distance(&one, &other) <= 1
            && digits(&one) == digits(&other)
            && strsim::damerau_levenshtein(&one, &other) == 1
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
        .filter_map(|candidate| {
            let (other, most) = (candidate.to_lowercase(), candidate.len().max(word.len()) / 3);
            // Of thousands of names most differ too much in their letters alone.
            let is_near = least_distance(&lower, &other) <= most;
            let distance = is_near.then(|| strsim::damerau_levenshtein(&lower, &other))?;
            (distance <= most).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many edits it takes at least to make one word of the other: each edit adds one letter, takes one, or both.
fn least_distance(one: &str, other: &str) -> usize {
    let mut surplus = [0_i32; 64];
    let place = |letter: char| letter as usize % 64;
    one.chars().for_each(|letter| surplus[place(letter)] += 1);
    other.chars().for_each(|letter| surplus[place(letter)] -= 1);
    let sum = |sign: i32| surplus.iter().map(|count| (sign * count).max(0)).sum::<i32>();
    usize::try_from(sum(1).max(sum(-1))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_word_is_nearer_than_its_letters_allow(one in "[a-dA-Dé]{0,9}", other in "[a-dA-Dé]{0,9}") {
            prop_assert!(least_distance(&one, &other) <= strsim::damerau_levenshtein(&one, &other));
        }
    }
}
