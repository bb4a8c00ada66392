//! `cargo xtask validate-spec`.

use std::path::Path;

use anyhow::bail;
use clap::{ArgMatches, Args};
use letterhead_command::{Color, Terminal, root};
use letterhead_validator::command::{self, Home};
use letterhead_validator::{Finding, Look, Purpose, Severity};

use crate::compile;

#[derive(Args)]
#[group(id = "validate-spec")]
pub(crate) struct Arguments {
    #[command(flatten)]
    shared: command::Arguments,
    /// When to use colours.
    #[arg(long, value_enum, default_value_t)]
    color: Color,
    /// Compile what is generated, too, which takes half a minute for the first document.
    #[arg(long)]
    compile: bool,
}

/// Checks the documents, `spec/*.yaml` where none is named, and writes what it found; true where there is no
/// error.
pub(crate) fn run(of: &Arguments, matches: &ArgMatches) -> anyhow::Result<bool> {
    let Terminal { out, colour, width } = &mut Terminal::new(of.color);
    let look = Look { colour: *colour, width: width.unwrap_or(Look::default().width) };
    if of.compile && !of.shared.is_for_people() {
        bail!("`--compile` writes text for people only; leave `--format` out");
    }
    let home = Home {
        documents: Some(letterhead_command::documents().collect()),
        purpose: &usual_purpose,
        asks_for_rust: of.compile,
    };
    let (reports, mut is_good) = command::run(&of.shared, matches, &home, look, out)?;
    if of.compile {
        for report in &reports {
            let is_error = |finding: &Finding| finding.severity == Severity::Error;
            if !report.findings.iter().any(is_error) {
                is_good &= compile::compiles(&report.document, out)?;
            }
        }
    }
    command::end(reports, out)?;
    Ok(is_good)
}

/// What a document is for: letterhead, if it lies in this workspace's `spec/`.
fn usual_purpose(path: &Path) -> Purpose {
    let spec = root().join("spec").canonicalize();
    match (spec, path.canonicalize()) {
        (Ok(spec), Ok(path)) if path.starts_with(&spec) => Purpose::Letterhead,
        _ => Purpose::Spec,
    }
}
