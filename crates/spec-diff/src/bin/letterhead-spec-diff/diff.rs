//! `cargo xtask spec diff`.

use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, anyhow, bail};
use clap::Args;
use letterhead_command::{documents, read, root};
use letterhead_document::Document;
use letterhead_spec_diff::{Change, Class, Side, compare};

#[derive(Args)]
pub(crate) struct Arguments {
    /// The document as it was, and as it is.
    #[arg(num_args = 2, value_names = ["OLD", "NEW"], required_unless_present = "against")]
    documents: Vec<PathBuf>,
    /// Compare the documents of `spec/` with those of a git revision.
    #[arg(long, value_name = "REVISION", conflicts_with = "documents")]
    against: Option<String>,
}

/// The longest value that is shown, in characters.
const SHOWN: usize = 60;

/// Says what changed; true where nobody has to change anything because of it.
pub(crate) fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<bool> {
    let pairs = match (&arguments.against, arguments.documents.as_slice()) {
        (Some(revision), _) => committed(revision, out)?,
        (None, [old, new]) => vec![(read(old)?, read(new)?)],
        (None, _) => bail!("two documents are compared, or `--against` a revision"),
    };
    let mut is_compatible = true;
    for (old, new) in &pairs {
        let changes = compare(old, new).map_err(|fault| anyhow!("{fault}"))?;
        is_compatible &= !changes.iter().any(|change| change.class.is_breaking());
        report(old, new, &changes, out)?;
    }
    Ok(is_compatible)
}

/// The documents of `spec/` as a revision has them, each with what it is now; a new one changes nothing.
fn committed(revision: &str, out: &mut dyn Write) -> anyhow::Result<Vec<(Document, Document)>> {
    let mut pairs = Vec::new();
    for path in documents() {
        let new = read(&path)?;
        if !has(revision, new.name())? {
            writeln!(out, "{}: added\n", new.name())?;
            continue;
        }
        let object = format!("{revision}:{}", new.name());
        let text = git(&["show", &object])?;
        let text = String::from_utf8(text).with_context(|| format!("{object} isn't text"))?;
        let old = Document::parse(&object, &text).map_err(|fault| anyhow!("{fault}"))?;
        pairs.push((old, new));
    }
    Ok(pairs)
}

/// Whether a revision has a file.
fn has(revision: &str, path: &str) -> anyhow::Result<bool> {
    Ok(!git(&["ls-tree", revision, "--", path])?.is_empty())
}

fn git(arguments: &[&str]) -> anyhow::Result<Vec<u8>> {
    let output = Command::new("git")
        .args(arguments)
        .current_dir(root())
        .output()
        .context("git can't be run")?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(output.stdout)
}

fn report(
    old: &Document,
    new: &Document,
    changes: &[Change],
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    writeln!(out, "{} -> {}", old.name(), new.name())?;
    if changes.is_empty() {
        return Ok(writeln!(out, "  nothing changed\n")?);
    }
    for class in Class::ALL {
        let of_class: Vec<&Change> =
            changes.iter().filter(|change| change.class == class).collect();
        if !of_class.is_empty() {
            writeln!(out, "\n{} ({})", class.name(), of_class.len())?;
        }
        for change in of_class {
            writeln!(out, "  {}", line(change))?;
            let place = |document: &Document, side: &Option<Side>| {
                let at = document.place(side.as_ref()?.span?.start);
                Some(format!("{}:{}:{}", document.name(), at.line, at.column))
            };
            let places = [place(old, &change.old), place(new, &change.new)];
            let places: Vec<String> = places.into_iter().flatten().collect();
            if !places.is_empty() {
                writeln!(out, "      {}", places.join(" -> "))?;
            }
        }
    }
    writeln!(out, "\nfor the changelog:\n{}", changelog(changes))?;
    Ok(())
}

fn line(change: &Change) -> String {
    let value = |side: &Side| {
        let text = side.value.split_whitespace().collect::<Vec<_>>().join(" ");
        match text.char_indices().nth(SHOWN) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        }
    };
    let subject = &change.subject;
    let with = |side: &Side, word: &str| match value(side).as_str() {
        "" => format!("{subject}: {word}"),
        value if subject.ends_with(value) => format!("{subject}: {word}"),
        value => format!("{subject}: {word}, {value}"),
    };
    match (&change.old, &change.new) {
        (Some(old), Some(new)) => format!("{subject}: {} -> {}", value(old), value(new)),
        (None, Some(new)) => with(new, "added"),
        (Some(old), None) => with(old, "removed"),
        (None, None) => subject.clone(),
    }
}

/// Lines for people who read about a release.
fn changelog(changes: &[Change]) -> String {
    let mut text = String::new();
    for (class, heading, mark) in [
        (Class::Wire, "### Changed", "**Breaking** (wire): "),
        (Class::Rust, "### Changed", "**Breaking**: "),
        (Class::Additive, "### Added", ""),
    ] {
        // A new field is listed by its Rust name or by its name in the document, not by both.
        let of_class = changes.iter().filter(|change| {
            change.class == class && (class != Class::Additive || change.subject.contains("::"))
        });
        let lines: Vec<String> =
            of_class.map(|change| format!("- {mark}{}.", line(change))).collect();
        if !lines.is_empty() {
            if !text.contains(heading) {
                let _ = writeln!(text, "  {heading}");
            }
            for line in lines {
                let _ = writeln!(text, "  {line}");
            }
        }
    }
    if text.is_empty() {
        text.push_str("  nothing that a user would notice\n");
    }
    text
}
