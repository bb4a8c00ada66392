//! The rules themselves as text.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::{Look, human};
use crate::{Family, Options, Rule, check, rules};

/// Writes all there is to say about a rule.
///
/// # Errors
/// What `out` can't take.
pub fn explain(rule: &Rule, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let code = rule.code;
    let (severity, family) = (rule.severity.name(), rule.family.name());
    writeln!(out, "{severity}[{code}] ({family})\n")?;
    writeln!(out, "{}", folded(rule.summary, look.width))?;
    writeln!(out, "{}\n", folded(rule.reason, look.width))?;
    writeln!(
        out,
        "Wrong:\n\n{}\n",
        indented(&sample(rule.wrong.fragment()))
    )?;
    let wrong = rule.wrong.document();
    let options = Options {
        is_own: rule.family == Family::Layer,
        dry_run: crate::DryRun::Always,
    };
    let report = check(&format!("{code}.yaml"), wrong.as_bytes(), options);
    for found in report.diagnostics.iter().filter(|found| found.code == code) {
        writeln!(out, "{}\n", human::shown(&report, found, look))?;
    }
    writeln!(
        out,
        "Right:\n\n{}",
        indented(&sample(rule.right.fragment()))
    )
}

/// Writes a table of all rules.
///
/// # Errors
/// What `out` can't take.
pub fn list_rules(out: &mut dyn Write) -> io::Result<()> {
    let width = |text: fn(&Rule) -> &'static str| rules::all().map(text).map(str::len).max();
    let code = width(|rule| rule.code).unwrap_or_default();
    let family = width(|rule| rule.family.name()).unwrap_or_default();
    for rule in rules::all() {
        writeln!(
            out,
            "{:code$}  {:family$}  {:7}  {}",
            rule.code,
            rule.family.name(),
            rule.severity.name(),
            rule.summary
        )?;
    }
    Ok(())
}

/// The page about all rules, in Markdown.
#[must_use]
pub fn rules_page() -> String {
    let mut page = String::from(
        "# The rules of `cargo xtask validate-spec`\n\n\
         <!-- Written by `cargo xtask rules` from validator/src/rules/. -->\n\n\
         Each rule demands one thing, says why, and shows it broken and kept. Both samples are tests. A \
         sample is the part of a document that matters: a whole document, or the content of `paths`, of \
         `components.schemas`, of an operation or of a schema.\n\n\
         `--deny`, `--warn` and `--allow` take a code, the name of a family, or `all`; the last word about \
         a rule counts.\n\n",
    );
    for family in Family::ALL {
        let rules: Vec<&Rule> = of(family).collect();
        let _ = writeln!(
            page,
            "- [{}](#{}): {}",
            family.name(),
            family.name(),
            family.about()
        );
        for rule in rules {
            let _ = writeln!(page, "  - [`{}`](#{})", rule.code, anchor(rule));
        }
    }
    for family in Family::ALL {
        let _ = writeln!(page, "\n## {}\n\n{}", family.name(), family.about());
        for rule in of(family) {
            let _ = writeln!(
                page,
                "\n### `{}`\n\n**{}** ({}). {}\n\nWrong:\n\n{}\n\nRight:\n\n{}",
                rule.code,
                rule.summary.trim_end_matches('.'),
                rule.severity.name(),
                rule.reason,
                fenced(rule.wrong.fragment()),
                fenced(rule.right.fragment())
            );
        }
    }
    page
}

/// What a heading of the rule's code is reached by: without dots, and numbered where the family's own
/// heading has taken the name.
fn anchor(rule: &Rule) -> String {
    let suffix = if rule.code == rule.family.name() {
        "-1"
    } else {
        ""
    };
    rule.code.replace('.', "") + suffix
}

fn of(family: Family) -> impl Iterator<Item = &'static Rule> {
    rules::all().filter(move |rule| rule.family == family)
}

fn fenced(text: &str) -> String {
    format!("```yaml\n{}\n```", sample(text))
}

/// A sample with what can't be seen made visible.
fn sample(text: &str) -> String {
    let text = text.trim_matches('\n');
    text.replace('\u{feff}', "\\u{FEFF}").replace('\t', "→")
}

fn indented(text: &str) -> String {
    let lines = text.lines().map(|line| match line {
        "" => String::new(),
        line => format!("    {line}"),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// `text` in lines of at most `width` characters, where its words allow.
fn folded(text: &str, width: usize) -> String {
    let mut out = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let needed = word.chars().count();
        if length > 0 && length + 1 + needed > width.min(100) {
            out.push('\n');
            length = 0;
        } else if length > 0 {
            out.push(' ');
            length += 1;
        }
        out.push_str(word);
        length += needed;
    }
    out
}
