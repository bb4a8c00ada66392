//! The rules themselves as text.

use std::fmt::Write as _;
use std::io::{self, Write};

use comfy_table::{Table, presets};
use letterhead_diagnostics::{Look, human};

use crate::check::check;
use crate::options::{DryRun, Options};
use crate::rule::{Family, Rule};
use crate::rules;

/// Writes the explanation of a rule.
///
/// # Errors
/// What `out` can't take.
pub fn explain(rule: &'static Rule, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let (severity, family) = (rule.severity.name(), rule.family.name());
    writeln!(out, "{severity}[{}] ({family}, for {})\n", rule.code, rule.purpose.name())?;
    writeln!(out, "{}", folded(rule.summary, look.width))?;
    writeln!(out, "{}", folded(rule.reason, look.width))?;
    // The first two documents of a page are the wrong one and the right one.
    let cases = rule.cases();
    for (case, heading) in cases.iter().zip(["Wrong:", "Right:"]) {
        writeln!(out, "\n{heading}\n\n{}", indented(&visible(&case.shown)))?;
        let options = Options { dry_run: DryRun::Always, ..rule.options() };
        let report = check(&case.file, case.bytes.as_slice(), &options);
        for found in report.findings.iter().filter(|found| found.rule == rule) {
            writeln!(out, "\n{}", human(&found.located(&report), look))?;
        }
    }
    Ok(())
}

/// Writes a table of all rules.
///
/// # Errors
/// What `out` can't take.
pub fn list_rules(out: &mut dyn Write) -> io::Result<()> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    for rule in rules::all() {
        let (severity, purpose) = (rule.severity.name(), rule.purpose.name());
        table.add_row([rule.code, rule.family.name(), severity, purpose, rule.summary]);
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    writeln!(out, "{}", table.trim_fmt())
}

/// The list of all rules, in Markdown, as it stands in `docs/`.
#[must_use]
pub fn rules_page() -> String {
    let mut page = String::from(
        "# The rules of `cargo xtask validate-spec`\n\n\
         <!-- Written by `cargo xtask rules` from the pages under crates/validator/rules/. -->\n\n\
         Each rule demands one thing. Its page says why and shows a document that breaks it and the same \
         document corrected; `cargo xtask validate-spec --explain CODE` shows the same in a terminal. The further \
         cases on a page are changes of one of the documents in [bases](../crates/validator/rules/bases), each with \
         the line and the column of what is found. All of them are tests: `cargo test -p \
         letterhead-validator -- CODE`.\n\n\
         A rule is *for* `spec` where it matters for every document, for `rust` where it matters for a \
         document that is to become a Rust client, and for `letterhead` where it matters for letterhead's own \
         documents. `--for` chooses: `--for rust` judges by the rules of `spec`, too, and `--for letterhead` by \
         all. letterhead's own documents are judged by all rules, others by those of `spec`.\n\n\
         `--deny`, `--warn` and `--allow` take a code, the name of a family, or `all`; the last word about \
         a rule counts.\n",
    );
    for family in Family::ALL {
        let name = family.name();
        let _ = writeln!(page, "\n## {name}\n\n{}\n", family.about());
        page.push_str("| rule | level | for | what it demands |\n|---|---|---|---|\n");
        for rule in rules::of(family) {
            let _ = writeln!(
                page,
                "| [`{code}`](../crates/validator/rules/{name}/{code}.md) | {} | {} | {} |",
                rule.severity.name(),
                rule.purpose.name(),
                rule.summary.replace('|', "\\|"),
                code = rule.code
            );
        }
    }
    page
}

/// A document with what can't be seen made visible.
fn visible(text: &str) -> String {
    text.replace('\t', "→")
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
