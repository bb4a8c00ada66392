//! The documents on a rule's page, which `rules/README.md` describes.

use letterhead_document::Place;

use crate::options::Options;
use crate::patch::apply;
use crate::rule::{Purpose, Rule};
use crate::{levels, rules};

/// A document from a rule's page.
#[derive(Clone, Debug)]
pub struct Case {
    /// `wrong`, `right`, or a name of its own.
    pub name: String,
    /// The name of its file.
    pub file: String,
    /// The document.
    pub bytes: Vec<u8>,
    /// The part of it that the page shows.
    pub shown: String,
    /// What is found in it, in order.
    pub expected: Vec<Expected>,
}

/// What is found in a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The rule that is broken.
    pub rule: &'static Rule,
    /// Where, if the page says so.
    pub place: Option<Place>,
}

impl Rule {
    /// The documents on its page: one that breaks the rule and nothing else, the same one corrected, then
    /// further cases.
    ///
    /// # Panics
    /// Where the page can't be read; a test reads all of them.
    #[must_use]
    pub fn cases(&'static self) -> Vec<Case> {
        cases(self)
            .unwrap_or_else(|fault| panic!("{}/{}.md:{fault}", self.family.name(), self.code))
    }

    /// How the documents on its page are judged.
    #[must_use]
    pub fn options(&self) -> Options {
        // Of the extensions, only one is read where the page is about those that nobody reads.
        let is_about_extensions = self == &rules::operations::UNKNOWN_EXTENSION;
        let extensions = is_about_extensions.then(|| vec!["x-owner".to_owned()]);
        Options { purpose: self.purpose.max(Purpose::Rust), extensions, ..Options::default() }
    }
}

/// What is wrong with a page, after the number of its line.
type Fault = String;

/// Reads the cases of a rule's page.
fn cases(rule: &'static Rule) -> Result<Vec<Case>, Fault> {
    let mut cases = Vec::new();
    let mut lines = rule.page.lines().zip(1..);
    while let Some((line, number)) = lines.next() {
        let Some(info) = line.strip_prefix("```") else {
            continue;
        };
        let mut block = Block::of(info, number, rule)?;
        block.lines.extend(lines.by_ref().take_while(|(line, _)| *line != "```"));
        let is_marked = |line: &str| line.is_empty() || line.starts_with([' ', '-', '+', '@']);
        if let Some((_, number)) = block.lines.iter().find(|(line, _)| !is_marked(line)) {
            return Err(format!("{number}: start the line with a blank, `-` or `+`"));
        }
        if cases.is_empty() {
            cases.extend(block.sample(number)?);
        } else {
            block.cases(&mut cases)?;
        }
    }
    if cases.is_empty() {
        return Err("1: there is no document that breaks the rule".to_owned());
    }
    Ok(cases)
}

/// A fenced block of a page.
struct Block {
    rule: &'static Rule,
    base: &'static str,
    file: String,
    is_bytes: bool,
    lines: Vec<(&'static str, usize)>,
}

impl Block {
    fn of(info: &'static str, number: usize, rule: &'static Rule) -> Result<Self, Fault> {
        let mut words = info.split(' ');
        let (Some("diff"), Some(name)) = (words.next(), words.next()) else {
            return Err(format!("{number}: write ```diff and a base"));
        };
        let of_name =
            |(file, _): &&(&str, &str)| *file == name || file.strip_suffix(".yaml") == Some(name);
        let Some((file, base)) = rules::BASES.iter().find(of_name) else {
            return Err(format!("{number}: there is no base `{name}`"));
        };
        let ending = file.rsplit('.').next().unwrap_or_default();
        Ok(Self {
            rule,
            base,
            file: format!("{}.{ending}", rule.code),
            is_bytes: match words.next() {
                None => false,
                Some("bytes") => true,
                Some(other) => return Err(format!("{number}: `{other}` is not `bytes`")),
            },
            lines: Vec::new(),
        })
    }

    /// The document that breaks the rule, and the one that doesn't.
    fn sample(&self, number: usize) -> Result<[Case; 2], Fault> {
        let [("--- wrong", _), ("+++ right", _), lines @ ..] = self.lines.as_slice() else {
            return Err(format!("{number}: start with `--- wrong` and `+++ right`"));
        };
        let side = |name: &str, left_out: char, expected| {
            let kept = lines.iter().filter(|(line, _)| !line.starts_with(left_out));
            let shown: Vec<&str> =
                kept.map(|(line, _)| line.get(1..).unwrap_or_default()).collect();
            let added: Vec<String> = shown.iter().map(|line| format!("+{line}")).collect();
            let patch: Vec<&str> = added.iter().map(String::as_str).collect();
            self.case(name, &[&patch], number, shown.join("\n"), expected)
        };
        let broken = Expected { rule: self.rule, place: None };
        Ok([side("wrong", '+', vec![broken])?, side("right", '-', Vec::new())?])
    }

    fn cases(&self, cases: &mut Vec<Case>) -> Result<(), Fault> {
        let is_header = |line: &str| line.starts_with("@@ ");
        let mut rest = self.lines.as_slice();
        while let [(header, number), after @ ..] = rest {
            let Some((name, expected)) =
                header.strip_prefix("@@ ").and_then(|header| header.split_once(' '))
            else {
                return Err(format!("{number}: write `@@ NAME LINE:COLUMN`"));
            };
            let end = after.iter().position(|(line, _)| is_header(line));
            let (patch, next) = after.split_at(end.unwrap_or(after.len()));
            rest = next;
            let patch: Vec<&str> = patch.iter().map(|(line, _)| *line).collect();
            let expected = expected
                .split(", ")
                .filter(|expected| *expected != "nothing")
                .map(|expected| self.expected(expected))
                .collect::<Result<_, _>>()
                .map_err(|fault| format!("{number}: {fault}"))?;
            let hunks: Vec<&[&str]> = patch.split(|line| *line == "@@").collect();
            if cases.iter().any(|case| case.name == name) {
                return Err(format!("{number}: a second case is called `{name}`"));
            }
            cases.push(self.case(name, &hunks, *number, patch.join("\n"), expected)?);
        }
        Ok(())
    }

    /// Reads `[CODE] LINE:COLUMN`.
    fn expected(&self, text: &str) -> Result<Expected, Fault> {
        let (rule, place) = match text.split_once(' ') {
            Some((code, place)) => {
                let rule = levels::rule(code).map_err(|unknown| unknown.to_string())?;
                (rule, place)
            }
            None => (self.rule, text),
        };
        let place = place.split_once(':').and_then(|(line, column)| {
            Some(Place { line: line.parse().ok()?, column: column.parse().ok()? })
        });
        let place = Some(place.ok_or_else(|| format!("`{text}` is no place"))?);
        Ok(Expected { rule, place })
    }

    fn case(
        &self,
        name: &str,
        hunks: &[&[&str]],
        number: usize,
        shown: String,
        expected: Vec<Expected>,
    ) -> Result<Case, Fault> {
        let text = apply(self.base, hunks).map_err(|fault| format!("{number}: {fault}"))?;
        Ok(Case {
            name: name.to_owned(),
            file: self.file.clone(),
            bytes: if self.is_bytes { bytes(&text) } else { text.into_bytes() },
            shown,
            expected,
        })
    }
}

/// Turns `\xE9` into the byte.
fn bytes(text: &str) -> Vec<u8> {
    let mut parts = text.split("\\x");
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        match part.get(..2).map(|digits| u8::from_str_radix(digits, 16)) {
            Some(Ok(byte)) => {
                bytes.push(byte);
                bytes.extend(part[2..].bytes());
            }
            _ => bytes.extend(format!("\\x{part}").bytes()),
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_gets_wrong_is_said_at_its_line() {
        let fault = |page: &'static str| {
            let rule = Rule { page, ..RULE };
            cases(Box::leak(Box::new(rule))).unwrap_err()
        };
        let after = |block: &str| fault(Box::leak(format!("{SAMPLE}{block}").into_boxed_str()));
        assert_eq!(fault("# no-block\n"), "1: there is no document that breaks the rule");
        assert_eq!(fault("```yaml\n"), "1: write ```diff and a base");
        assert_eq!(fault("\n```diff petshop\n"), "2: there is no base `petshop`");
        assert_eq!(fault("```diff pet byte\n"), "1: `byte` is not `bytes`");
        assert_eq!(fault("```diff pet\n+a\n"), "1: start with `--- wrong` and `+++ right`");
        assert_eq!(after("```diff shop\na: 1\n"), "7: start the line with a blank, `-` or `+`");
        assert_eq!(after("```diff shop\n+a\n"), "7: write `@@ NAME LINE:COLUMN`");
        assert_eq!(after("```diff shop\n@@ far 1\n"), "7: `1` is no place");
        assert_eq!(after("```diff shop\n@@ right 1:1\n"), "7: a second case is called `right`");
        assert_eq!(
            after("```diff shop\n@@ far unknown-keys 1:2\n"),
            "7: no rule is called `unknown-keys`; did you mean `unknown-key`?"
        );
    }

    #[test]
    fn a_case_says_what_is_found() {
        let page = "```diff pet\n--- wrong\n+++ right\n type: string\n```\n\n\
                    ```diff shop\n@@ clean nothing\n+/b: {}\n@@ two 3:4, unknown-key 5:6\n+/c: {}\n```\n";
        let cases = cases(Box::leak(Box::new(Rule { page, ..RULE }))).unwrap();
        let names: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
        assert_eq!(names, ["wrong", "right", "clean", "two"]);
        assert_eq!(cases[2].expected, []);
        let found = |case: &Case| {
            let all = case.expected.iter();
            all.map(|found| (found.rule.code, found.place.unwrap().column)).collect::<Vec<_>>()
        };
        assert_eq!(found(&cases[3]), [("unknown-tag", 4), ("unknown-key", 6)]);
    }

    #[test]
    fn the_example_of_the_readme_holds() {
        let readme = include_str!("../rules/README.md");
        let rule =
            Rule { code: "negative-limit", page: readme.split("````").nth(1).unwrap(), ..RULE };
        let cases = cases(Box::leak(Box::new(rule))).unwrap();
        assert_eq!(cases.len(), 5);
        for case in &cases[2..] {
            let report = crate::check(&case.file, case.bytes.as_slice(), &RULE.options());
            let found = report.findings.iter().map(|found| {
                let place = report.document.place(found.span.start);
                (found.rule.code, Some(place))
            });
            let expected = case.expected.iter();
            let expected = expected.map(|found| (found.rule.code, found.place));
            assert!(found.eq(expected), "{}", case.name);
        }
    }

    #[test]
    fn bytes_are_bytes() {
        assert_eq!(bytes("a\\xE9\\xg\\x2"), b"a\xE9\\xg\\x2");
    }

    const SAMPLE: &str = "```diff pet\n--- wrong\n+++ right\n type: string\n```\n";

    const RULE: Rule = Rule {
        code: "unknown-tag",
        family: crate::Family::Syntax,
        severity: letterhead_diagnostics::Severity::Error,
        purpose: Purpose::Spec,
        summary: "",
        reason: "",
        page: "",
    };
}
