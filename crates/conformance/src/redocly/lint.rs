//! Redocly's `recommended` rules, on each of our documents. A rule that only warns counts as well.

use anyhow::{Context, ensure};
use serde::Deserialize;

use super::redocly;
use crate::documents::{Described, documents};
use crate::judge::Verdict;
use crate::program::{Programs, REDOCLY, run};

const RULES: &str = "recommended";
/// More than there are: what isn't shown would be lost.
const MOST: &str = "10000";

/// What Redocly may say, and where.
struct Exception {
    rule: &'static str,
    /// The JSON pointers of the places.
    places: &'static [&'static str],
}

const EXCEPTIONS: [Exception; 2] = [
    Exception { rule: "info-license", places: &["#/info"] },
    Exception {
        rule: "no-path-trailing-slash",
        places: &[
            "#/paths/~1profileAndServicesExt~1orgUnitBase~1",
            "#/paths/~1profileAndServicesExt~1geoUnitBase~1",
            "#/paths/~1profileAndServicesExt~1service~1{service_pkey}~1subscriptions~1",
        ],
    },
];

const EXCLUSIONS: [&str; 2] = [
    "`info-license`, in each document. The services are the vendors', who publish no license of their APIs; \
     that of this project is not it.",
    "`no-path-trailing-slash`, of three paths of Campaign Standard. Adobe's pages end them with a slash.",
];

/// Judges each document by the rules.
pub(crate) async fn judge(programs: &Programs) -> anyhow::Result<Vec<Verdict>> {
    let mut verdicts = Vec::new();
    let mut problems = Vec::new();
    for document in documents() {
        let found = problems_of(programs, document).await;
        let found = found.with_context(|| format!("Redocly and {}", document.name()))?;
        let objections = found.iter().filter(|problem| !problem.is_excepted());
        verdicts.push(Verdict {
            judge: "@redocly/cli lint",
            version: REDOCLY,
            about: format!("{}, the rules `{RULES}`", document.name()),
            count: document.document()?.operations().count(),
            findings: objections.map(|problem| problem.about(document)).collect(),
            exclusions: if verdicts.is_empty() { &EXCLUSIONS } else { &[] },
        });
        problems.extend(found);
    }
    if let Some(last) = verdicts.last_mut() {
        last.findings.extend(unused(&problems));
    }
    Ok(verdicts)
}

async fn problems_of(programs: &Programs, document: Described) -> anyhow::Result<Vec<Problem>> {
    let mut command = redocly(programs);
    command
        .args(["lint", "--extends", RULES, "--format", "json", "--max-problems", MOST])
        .arg(document.path());
    let output = run(&mut command).await?;
    let report = serde_json::from_slice(&output.stdout);
    let report: Report = report.with_context(|| {
        let said = String::from_utf8_lossy(&output.stderr);
        format!("it doesn't report in JSON: {}", said.trim())
    })?;
    let Report { totals, problems } = report;
    let count = totals.errors + totals.warnings;
    ensure!(count == problems.len(), "it reports {} of {count} problems", problems.len());
    ensure!(totals.ignored == 0, "it ignores {} problems", totals.ignored);
    Ok(problems)
}

/// The places of exceptions at which there is nothing to except.
fn unused(problems: &[Problem]) -> Vec<String> {
    let places = EXCEPTIONS
        .iter()
        .flat_map(|Exception { rule, places }| places.iter().map(|place| (*rule, *place)));
    let unused = places.filter(|(rule, place)| {
        !problems.iter().any(|it| it.rule == *rule && it.pointer() == Some(place))
    });
    unused.map(|(rule, place)| format!("{place}: `{rule}` has nothing to except")).collect()
}

#[derive(Deserialize)]
struct Report {
    totals: Totals,
    problems: Vec<Problem>,
}

#[derive(Deserialize)]
struct Totals {
    errors: usize,
    warnings: usize,
    ignored: usize,
}

#[derive(Deserialize)]
struct Problem {
    #[serde(rename = "ruleId")]
    rule: String,
    severity: String,
    message: String,
    location: Vec<Location>,
}

#[derive(Deserialize)]
struct Location {
    pointer: Option<String>,
}

impl Problem {
    fn pointer(&self) -> Option<&str> {
        self.location.first()?.pointer.as_deref()
    }

    fn is_excepted(&self) -> bool {
        EXCEPTIONS.iter().any(|Exception { rule, places }| {
            self.rule == *rule && self.pointer().is_some_and(|place| places.contains(&place))
        })
    }

    fn about(&self, document: Described) -> String {
        let Self { rule, severity, message, .. } = self;
        let place = self.pointer().unwrap_or_default();
        format!("{} {place}\n  {rule} ({severity}): {message}", document.0.file)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn problem(rule: &str, pointer: &str) -> Problem {
        serde_json::from_value(json!({
            "ruleId": rule, "severity": "error", "message": "m",
            "location": [{"pointer": pointer, "source": {"ref": "x.yaml"}}],
        }))
        .unwrap()
    }

    #[test]
    fn an_exception_is_for_a_rule_at_its_places() {
        let path = EXCEPTIONS[1].places[0];
        for (rule, pointer, expected) in [
            ("info-license", "#/info", true),
            ("info-license", "#/components", false),
            ("no-path-trailing-slash", path, true),
            ("no-path-trailing-slash", "#/paths/~1v1~1", false),
            ("nullable-type-sibling", path, false),
        ] {
            assert_eq!(problem(rule, pointer).is_excepted(), expected, "{rule} {pointer}");
        }
    }

    #[test]
    fn an_exception_without_a_problem_is_a_finding() {
        let all = EXCEPTIONS.iter().flat_map(|it| it.places.iter().map(|at| problem(it.rule, at)));
        let mut all: Vec<_> = all.collect();
        assert!(unused(&all).is_empty());
        all.pop();
        assert_eq!(unused(&all).len(), 1);
    }
}
