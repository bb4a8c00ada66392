//! The severity of rules, as the command line sets it.

use std::collections::HashSet;
use std::fmt;
use std::path::{Path, PathBuf};

use globset::GlobSet;
use letterhead_diagnostics::Severity;

use crate::finding::{Finding, did_you_mean};
use crate::rule::{Family, Rule};
use crate::rules;

/// What to make of a rule's findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Don't report them.
    Allow,
    /// Report them as warnings.
    Warn,
    /// Report them as errors.
    Deny,
}

/// The levels of rules that differ from their own severity. The last word about a finding counts.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    words: Vec<Word>,
    denies_warnings: bool,
}

/// What is said about some rules, everywhere or in some places.
#[derive(Clone, Debug)]
struct Word {
    rules: HashSet<&'static Rule>,
    level: Level,
    places: Places,
}

/// Where something is said about rules; everywhere where nothing is given.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    /// Files, from this folder on.
    pub(crate) files: Option<(PathBuf, GlobSet)>,
    /// Pointers into a file.
    pub(crate) pointers: Option<GlobSet>,
}

impl Levels {
    /// Takes the findings of `word` as `level` from now on: of one rule by its code, of a family by its
    /// name, or of `all`. To deny `warnings` is to take whatever remains a warning as an error.
    ///
    /// # Errors
    /// A word that names no rule and no family.
    pub fn set(&mut self, word: &str, level: Level) -> Result<(), UnknownRule> {
        self.set_at(word, level, &Places::default())
    }

    /// The same for findings in some places.
    pub(crate) fn set_at(
        &mut self,
        word: &str,
        level: Level,
        places: &Places,
    ) -> Result<(), UnknownRule> {
        if word == "warnings" && places.files.is_none() && places.pointers.is_none() {
            self.denies_warnings = level == Level::Deny;
            return Ok(());
        }
        let named = |rule: &&Rule| word == "all" || word == rule.code || word == rule.family.name();
        let rules: HashSet<&'static Rule> = rules::all().filter(named).collect();
        if rules.is_empty() {
            let families = Family::ALL.iter().map(|family| family.name());
            return Err(UnknownRule::new(word, families.chain(["all", "warnings"])));
        }
        self.words.push(Word { rules, level, places: places.clone() });
        Ok(())
    }

    /// Adds what others say, which counts more.
    pub(crate) fn extend(&mut self, others: &Self) {
        self.words.extend(others.words.iter().cloned());
        self.denies_warnings |= others.denies_warnings;
    }

    /// Those about one file.
    pub(crate) fn about(&self, file: &Path) -> Self {
        let is_about = |word: &&Word| word.places.files.as_ref().is_none_or(|it| matches(it, file));
        let words = self.words.iter().filter(is_about).cloned().collect();
        Self { words, denies_warnings: self.denies_warnings }
    }

    /// How severe a finding is; none where it isn't reported.
    pub(crate) fn severity(&self, finding: &Finding) -> Option<Severity> {
        let is_about = |word: &&Word| {
            let mut pointers = word.places.pointers.iter();
            word.rules.contains(finding.rule) && pointers.all(|it| it.is_match(&finding.pointer))
        };
        let severity = match self.words.iter().rev().find(is_about).map(|word| word.level) {
            Some(Level::Allow) => return None,
            Some(Level::Warn) => Severity::Warning,
            Some(Level::Deny) => Severity::Error,
            None => finding.severity,
        };
        Some(if self.denies_warnings { Severity::Error } else { severity })
    }
}

/// Whether a file matches globs that start from a folder.
pub(crate) fn matches((folder, globs): &(PathBuf, GlobSet), file: &Path) -> bool {
    let file = file.canonicalize().unwrap_or_else(|_| file.to_owned());
    globs.is_match(file.strip_prefix(folder).unwrap_or(&file))
}

/// The rule with this code.
///
/// # Errors
/// A code that no rule has.
pub fn rule(code: &str) -> Result<&'static Rule, UnknownRule> {
    rules::find(code).ok_or_else(|| UnknownRule::new(code, std::iter::empty()))
}

/// A word that names no rule.
#[derive(Debug)]
pub struct UnknownRule {
    word: String,
    meant: Option<&'static str>,
}

impl UnknownRule {
    /// Also looks among the `other` words for the one that was meant.
    fn new(word: &str, other: impl Iterator<Item = &'static str>) -> Self {
        Self {
            word: word.to_owned(),
            meant: did_you_mean(word, rules::all().map(|rule| rule.code).chain(other)),
        }
    }
}

impl fmt::Display for UnknownRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no rule is called `{}`", self.word)?;
        match self.meant {
            Some(meant) => write!(f, "; did you mean `{meant}`?"),
            None => write!(f, "; `--list-rules` lists them"),
        }
    }
}

impl std::error::Error for UnknownRule {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Options, check};

    const TEXT: &str =
        "openapi: 3.0.3\ninfo: {title: Pets, verison: '1', x-country: no}\npaths: {}\n";

    fn found(levels: &[(&str, Level)]) -> Vec<(&'static str, Severity)> {
        let mut all = Levels::default();
        for (word, level) in levels {
            all.set(word, *level).unwrap();
        }
        let options = Options { levels: all, ..Options::default() };
        let report = check("t.yaml", TEXT.as_bytes(), &options);
        let findings = report.findings.iter();
        findings.map(|found| (found.rule.code, found.severity)).collect()
    }

    #[test]
    fn the_last_word_about_a_rule_counts() {
        use Severity::{Error, Warning};
        let (key, scalar) = ("unknown-key", "ambiguous-scalar");
        assert_eq!(found(&[]), [(key, Error), (scalar, Warning)]);
        assert_eq!(found(&[("all", Level::Allow)]), []);
        assert_eq!(found(&[("all", Level::Allow), ("syntax", Level::Deny)]), [(scalar, Error)]);
        assert_eq!(
            found(&[(key, Level::Deny), (key, Level::Warn), (scalar, Level::Allow)]),
            [(key, Warning)]
        );
        assert_eq!(found(&[("warnings", Level::Deny)]), [(key, Error), (scalar, Error)]);
    }

    #[test]
    fn an_unknown_word_is_refused_with_the_nearest_one() {
        let message = |word| {
            let unknown = Levels::default().set(word, Level::Deny).unwrap_err();
            unknown.to_string()
        };
        assert_eq!(
            message("unknown-keys"),
            "no rule is called `unknown-keys`; did you mean `unknown-key`?"
        );
        assert_eq!(message("sintax"), "no rule is called `sintax`; did you mean `syntax`?");
        assert_eq!(message("?"), "no rule is called `?`; `--list-rules` lists them");
    }
}
