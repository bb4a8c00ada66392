use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;

use letterhead_document::{Document, Source};

use crate::checks::operations::version;
use crate::checks::{CHECKS, structure, syntax};
use crate::finding::Finding;
use crate::levels::Levels;
use crate::options::Options;
use crate::parts::{self, Parts};
use crate::rule::Purpose;
use crate::suppress;
use crate::walk::walk;

/// A document and what was found in it, in the order it stands in the document.
#[derive(Debug)]
pub struct Report {
    /// The document as far as it could be read.
    pub document: Document,
    /// What was found.
    pub findings: Vec<Finding>,
    /// The other files that it consists of, without links, in the order of the document's files.
    pub parts: Vec<PathBuf>,
    /// How many findings more there are where the document is to become Rust.
    pub further: usize,
}

/// The stack that is enough to follow the deepest possible document without optimization.
const STACK: usize = 64 << 20;

/// Checks one document; `name` is how messages call it.
///
/// # Panics
/// As [`check_source`].
#[must_use]
pub fn check(name: &str, text: impl AsRef<[u8]>, options: &Options) -> Report {
    check_source(Source::new(name, text), options)
}

/// Checks one document.
///
/// It works on a thread of its own, whose stack is large enough for any document.
///
/// # Panics
/// Where the system has no thread left.
#[must_use]
pub fn check_source(source: Source, options: &Options) -> Report {
    let work = || check_here(source, options);
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK);
        let thread = thread.spawn_scoped(scope, work).expect("a thread");
        thread.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

fn check_here(source: Source, options: &Options) -> Report {
    let (mut document, mut findings) = syntax::read(source);
    let mut parts = Parts::default();
    let is_readable = !findings.list.iter().any(syntax::is_fatal);
    if is_readable {
        version::run(&document, &mut findings);
    }
    if is_readable && !version::is_foreign(&document) {
        parts = parts::gather(&mut document, options.file.as_deref(), &mut findings);
        let (model, oddities) = walk(&document, &parts, options);
        structure::run(&model, &oddities, &mut findings);
        for check in CHECKS {
            check(&model, &mut findings);
        }
    }
    findings.locate(&document);
    suppress::apply(&document, &parts, options.purpose, &mut findings);
    let levels: Vec<Levels> =
        document.files().map(|file| options.levels.about(Path::new(file.source.name()))).collect();
    let level_of = |finding: &Finding| &levels[document.file(finding.span.start).index];
    let all = findings.count(Purpose::Rust.max(options.purpose), level_of);
    let findings = findings.reported(options.purpose, level_of);
    let further = all.saturating_sub(findings.len());
    Report { further, parts: parts.paths, document, findings }
}
