//! A file of findings that are known, so that only new ones count.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

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

/// A finding without its line, which changes too easily.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(deny_unknown_fields)]
struct Known {
    file: String,
    code: String,
    pointer: String,
    message: String,
}

impl Known {
    fn of(report: &Report, finding: &Finding) -> Self {
        Self {
            file: report.document.file(finding.span.start).source.name().replace('\\', "/"),
            code: finding.rule.code.to_owned(),
            pointer: finding.pointer.clone(),
            message: finding.message.clone(),
        }
    }
}

impl Baseline {
    pub(super) fn of(reports: &[Report]) -> Self {
        let all = reports
            .iter()
            .flat_map(|report| report.findings.iter().map(|finding| Known::of(report, finding)));
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
    pub(super) fn apply(&self, reports: &mut [Report]) -> usize {
        let mut left: BTreeMap<&Known, usize> = BTreeMap::new();
        for known in &self.findings {
            *left.entry(known).or_default() += 1;
        }
        for report in reports.iter_mut() {
            let mut findings = std::mem::take(&mut report.findings);
            findings.retain(|finding| match left.get_mut(&Known::of(report, finding)) {
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
