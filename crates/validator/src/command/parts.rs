//! The files that documents consist of, over all documents: each file's findings count once.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::config::Config;
use crate::check::Report;

/// Drops what is found in the files of a document that its configuration leaves out.
pub(super) fn exclude(report: &mut Report, config: &Config) -> anyhow::Result<()> {
    let Report { document, findings, .. } = report;
    let mut excluded = HashSet::new();
    for file in document.files().skip(1) {
        if config.excludes(Path::new(file.source.name()))? {
            excluded.insert(file.index);
        }
    }
    findings.retain(|finding| !excluded.contains(&document.file(finding.span.start).index));
    Ok(())
}

/// Leaves out what was named beside a document that it is a part of, unless it is a document itself; and of
/// the findings in a file that belongs to several documents, all but the first document's.
pub(super) fn once(reports: &mut Vec<Report>) {
    let parts = reports.iter().flat_map(|report| report.parts.iter().cloned());
    let parts: HashSet<PathBuf> = parts.collect();
    if parts.is_empty() {
        return;
    }
    let path = |name: &str| Path::new(name).canonicalize().unwrap_or_else(|_| name.into());
    reports.retain(|report| {
        let root = report.document.root();
        let is_document = root.get("openapi").or(root.get("swagger")).is_some();
        is_document || !parts.contains(&path(report.document.name()))
    });
    let mut seen = HashSet::new();
    for report in reports {
        let document = &report.document;
        let files: Vec<PathBuf> = document.files().map(|file| path(file.source.name())).collect();
        report.findings.retain(|finding| {
            let file = document.file(finding.span.start);
            let place = (files[file.index].clone(), file.local(finding.span));
            seen.insert((place, finding.rule, finding.message.clone()))
        });
    }
}
