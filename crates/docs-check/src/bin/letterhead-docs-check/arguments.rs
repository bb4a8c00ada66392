//! What `cargo xtask docs` takes.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use letterhead_command::Color;

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
pub(super) enum Commands {
    /// Hold the vendors' documentation pages against the documents.
    ///
    /// Exits 0 when nothing is found, 1 with findings or changed facts, 2 when it could not run.
    Docs {
        #[command(subcommand)]
        what: Command,
    },
}

#[derive(Subcommand)]
pub(super) enum Command {
    /// Compare the pages with the documents.
    Check {
        #[command(flatten)]
        arguments: Arguments,
        /// List the pages that describe operations outside the documents, and the operations without a page.
        #[arg(long)]
        coverage: bool,
        /// Report findings of this kind alone; may stand several times.
        #[arg(long, value_name = "KIND", value_parser = clap::builder::PossibleValuesParser::new(letterhead_docs_check::kinds()), hide_possible_values = true)]
        only: Vec<String>,
        /// Show no more findings of each kind, in the formats for people.
        #[arg(long, value_name = "N")]
        max: Option<usize>,
    },
    /// Write the lock: what the pages say, to be reviewed like a document.
    ///
    /// Pages of other folders and of vendors that these folders have no page of stay as they were.
    Lock {
        #[command(flatten)]
        arguments: Arguments,
        #[command(flatten)]
        lock: LockFile,
    },
    /// Report which facts changed since the lock was written, and which pages' wording alone.
    Diff {
        #[command(flatten)]
        arguments: Arguments,
        #[command(flatten)]
        lock: LockFile,
        /// Show no more changes, in the formats for people.
        #[arg(long, value_name = "N")]
        max: Option<usize>,
    },
    /// Print everything that the pages say, as far as it was understood.
    Facts {
        #[command(flatten)]
        arguments: Arguments,
    },
}

#[derive(Args)]
pub(super) struct Arguments {
    /// Folders of Markdown pages, of any depth.
    #[arg(required = true, value_name = "DIR")]
    pub(super) folders: Vec<PathBuf>,
    /// A folder of OpenAPI documents to hold the pages against, in place of letterhead's own.
    #[arg(long, value_name = "DIR")]
    pub(super) spec: Option<PathBuf>,
    /// How it is written.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
    /// When to use colours.
    #[arg(long, value_enum, default_value_t)]
    pub(super) color: Color,
}

#[derive(Args)]
pub(super) struct LockFile {
    /// The lock; `pages.lock` beside the documents where it is missing.
    #[arg(long = "lock", value_name = "FILE")]
    pub(super) file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For a terminal.
    #[default]
    Human,
    /// JSON.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// Workflow commands of GitHub Actions.
    Github,
    /// The body of an issue, for `check` and `diff`.
    Markdown,
    /// One page to look at, for `check`.
    Html,
}

impl Command {
    pub(super) fn arguments(&self) -> &Arguments {
        match self {
            Self::Check { arguments, .. }
            | Self::Lock { arguments, .. }
            | Self::Diff { arguments, .. }
            | Self::Facts { arguments } => arguments,
        }
    }
}
