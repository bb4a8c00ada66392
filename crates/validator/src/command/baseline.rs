//! A file of findings that are known, so that only new ones count.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::Context;
use serde::{Deserialize, Serialize};

use crate::check::Report;
use crate::finding::Finding;

/// The findings that are known, each as often as it was there.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Baseline {
    findings: Vec<Known>,
}

/// A finding without its line, which changes too easily. Its file is named from the folder of the baseline, wherever
/// the command runs.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(deny_unknown_fields)]
struct Known {
    file: String,
    code: String,
    pointer: String,
    message: String,
}

impl Known {
    fn of(report: &Report, names: &[String], finding: &Finding) -> Self {
        Self {
            file: names[report.document.file(finding.span.start).index].clone(),
            code: finding.rule.code.to_owned(),
            pointer: finding.pointer.clone(),
            message: finding.message.clone(),
        }
    }
}

/// What the files of a report are called from the folder of a baseline.
fn names(report: &Report, baseline: &Path) -> Vec<String> {
    let folder = match baseline.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let folder = folder.canonicalize().ok();
    let name = |name: &str| {
        let path = Path::new(name).canonicalize().ok();
        let path = path.zip(folder.as_deref()).map(|(path, folder)| between(folder, &path));
        path.map_or_else(|| name.to_owned(), |path| path.display().to_string()).replace('\\', "/")
    };
    report.document.files().map(|file| name(file.source.name())).collect()
}

/// The way from a folder to a file.
fn between(folder: &Path, file: &Path) -> PathBuf {
    let both = folder.components().zip(file.components());
    let common = both.take_while(|(own, other)| own == other).count();
    let up = folder.components().skip(common).map(|_| Component::ParentDir);
    up.chain(file.components().skip(common)).collect()
}

impl Baseline {
    /// The findings that a file of this name is to hold.
    pub(super) fn of(reports: &[Report], file: &Path) -> Self {
        let all = reports.iter().flat_map(|report| {
            let names = names(report, file);
            report.findings.iter().map(move |finding| Known::of(report, &names, finding))
        });
        let mut findings: Vec<Known> = all.collect();
        findings.sort();
        Self { findings }
    }

    pub(super) fn read(file: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(file).with_context(|| {
            format!("`{}` can't be read; `--write-baseline` writes it", file.display())
        })?;
        serde_json::from_str(&text).with_context(|| format!("`{}` is no baseline", file.display()))
    }

    pub(super) fn write(&self, file: &Path) -> anyhow::Result<usize> {
        let text = serde_json::to_string_pretty(self)? + "\n";
        fs::write(file, text).with_context(|| format!("`{}` can't be written", file.display()))?;
        Ok(self.findings.len())
    }

    /// Drops what is known, and says how many of its findings aren't there any more.
    pub(super) fn apply(&self, reports: &mut [Report], file: &Path) -> usize {
        let mut left: BTreeMap<&Known, usize> = BTreeMap::new();
        for known in &self.findings {
            *left.entry(known).or_default() += 1;
        }
        for report in reports.iter_mut() {
            let names = names(report, file);
            let mut findings = std::mem::take(&mut report.findings);
            findings.retain(|finding| match left.get_mut(&Known::of(report, &names, finding)) {
                Some(count) if *count > 0 => {
                    *count -= 1;
                    false
                }
                _ => true,
            });
            report.findings = findings;
        }
        left.values().sum()
    }
}
